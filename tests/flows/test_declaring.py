"""An incident is declared by a command, a form or a shortcut."""

from bot.slack.ids import Shortcut
from tests.flows.people import Someone
from tests.flows.world import World

TITLE = "Scores are stale"


ORDERS = [
    "declare sev1 churn-scoring Scores are stale",
    "declare churn-scoring sev1 Scores are stale",
    "new SEV-1 Churn-Scoring Scores are stale",
    "open sev 1 churn-scoring: Scores are stale",
    'create churn-scoring sev1 "Scores are stale"',
]


def test_severity_and_service_stand_at_the_front_in_either_order(world: World, amina: Someone) -> None:
    for number, arguments in enumerate(ORDERS, 1):
        amina.types(f"/incident {arguments}").shows(f"INC-{number} is declared, Critical (sev1)")
        declared = world.incident(number)
        assert (declared.title, declared.severity, declared.service) == (TITLE, "sev1", "churn-scoring"), arguments
        assert (declared.declared_by, declared.declared_at) == ("amina", world.now)


def test_a_service_may_be_left_out(world: World, amina: Someone) -> None:
    amina.types("/incident declare sev2 Nobody can log in to the notebooks")
    assert world.incident().service is None
    world.channel("inc-1").card.shows("Nobody can log in to the notebooks", "no service named")
    world.channel("inc-1").does_not_see("Runbooks that may help")


def test_names_behind_the_title_belong_to_the_title(world: World, priya: Someone) -> None:
    priya.types("/incident declare sev3 feature-store Lag like in the sev1 of churn-scoring")
    assert world.incident().title == "Lag like in the sev1 of churn-scoring"
    assert (world.incident().severity, world.incident().service) == ("sev3", "feature-store")
    assert "priya" in world.channel("inc-1").members, "a guest who declares is asked in, too"


def test_a_command_without_arguments_opens_a_form(world: World, amina: Someone) -> None:
    amina.types("/incident declare").is_silent()
    form = amina.form("Declare an incident")
    assert world.incidents() == []
    form.fills(
        {
            "What is wrong?": TITLE,
            "How bad is it?": "Major",
            "Which service?": "Churn scoring",
            "What do you see?": "Yesterday's numbers on the dashboard.",
        }
    ).sends()
    declared = world.incident()
    assert (declared.title, declared.severity, declared.service) == (TITLE, "sev2", "churn-scoring")
    assert declared.summary == "Yesterday's numbers on the dashboard."
    world.channel("inc-1-scores-are-stale").card.shows(TITLE)


def test_the_form_holds_what_was_typed_already(world: World, amina: Someone) -> None:
    amina.types("/incident declare churn-scoring Scores are stale")
    form = amina.form("Declare an incident").holds("What is wrong?", TITLE).holds("Which service?", "Churn scoring")
    form.fills({"How bad is it?": "Minor"}).sends()
    assert (world.incident().title, world.incident().severity) == (TITLE, "sev3")


def test_a_form_without_a_title_says_so_beside_the_field(world: World, amina: Someone) -> None:
    amina.types("/incident declare sev1 churn-scoring")
    form = amina.form("Declare an incident").holds("How bad is it?", "🔴 Critical")
    form.fills({"What is wrong?": "   "}).is_refused("An incident needs a title", beside="What is wrong?")
    assert world.incidents() == []


def test_the_global_shortcut_opens_the_form(world: World, noor: Someone) -> None:
    noor.uses(Shortcut.DECLARE)
    noor.form("Declare an incident").fills({"What is wrong?": TITLE, "How bad is it?": "Low"}).sends()
    assert world.incident().declared_by == "noor"


def test_a_message_becomes_an_incident(world: World, noor: Someone) -> None:
    told = noor.says("Scores are stale again, says @amina\nSince this morning, all of <them> & more.")
    noor.uses(Shortcut.DECLARE_FROM_MESSAGE, on=told)
    form = noor.form("Declare an incident").holds("What is wrong?", "Scores are stale again, says @Amina Otieno")
    whole = "Scores are stale again, says @Amina Otieno\nSince this morning, all of <them> & more."
    form.holds("What do you see?", whole).fills({"How bad is it?": "Major"}).sends()
    assert world.incident().summary == whole


def test_the_menu_and_the_home_tab_open_the_form(amina: Someone) -> None:
    amina.types("/incident").shows("No incident is open").clicks("Declare an incident")
    amina.form("Declare an incident")
    amina.home().clicks("Declare an incident").is_silent()
    amina.form("Declare an incident")
