"""Whatever people type is shown as they typed it: it calls nobody, is cut with care, and is kept whole."""

from tests.flows.people import Someone
from tests.flows.world import World

CALLS = "Scores <!channel> <!here> <@U0LUIS> & <https://evil.example|the dashboard> &lt;!channel&gt;"
FAMILY = "👨‍👩‍👧‍👦"
ARABIC = "النتائج قديمة منذ الصباح 🙈"


def everywhere(world: World) -> str:
    """All that stands in the channels and in direct messages, as it is sent to Slack."""
    channels = world.stage.sandbox.workspace.channels.values()
    return " ".join(str(message.body) for channel in channels for message in channel.messages.values())


def test_a_title_calls_nobody(world: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident declare churn-scoring")
    amina.form("Declare an incident").fills({"What is wrong?": CALLS, "How bad is it?": "Major"}).sends()
    assert world.incident().title == CALLS
    world.channel("inc-1").card.shows(CALLS)
    luis.sees("You are paged for INC-1").shows(CALLS)
    assert "Scores <!channel>" in world.channel("inc-1").topic
    assert not any(call in everywhere(world) for call in ("<!channel", "<!here", "<https://evil"))


def test_a_crowd_that_is_called_is_only_named(declared: World, amina: Someone) -> None:
    for act in ("note 1", "update 1", "escalate 1", "status 1 identified", "severity 1 sev1", "resolve 1"):
        amina.types(f"/incident {act} tell @channel and @here, and <!everyone>")
    told = declared.channel("inc-1").text
    assert told.count("tell @channel and @here, and <!everyone>") >= 5
    assert "[CALLS" not in told + amina.everything()
    assert not any(call in everywhere(declared) for call in ("<!channel", "<!here", "<!everyone"))


def test_a_very_long_update_is_cut_where_it_is_shown_and_kept_whole(acknowledged: World, luis: Someone) -> None:
    text = ("All partitions & <tables> of the upstream were late. " * 100)[:5000].strip()
    luis.types(f"/incident update 1 {text}").shows("is posted")
    shown = acknowledged.channel("inc-1").sees("Update by @Luis Herrera").text
    assert "of the upstream were late." in shown and "…" in shown
    assert not any(torn in shown for torn in ("&am", "&l", "&g"))
    acknowledged.channel("inc-1").card.shows("All partitions & <tables>")
    assert [entry.text for entry in acknowledged.timeline() if entry.what == "update"] == [text]
    assert acknowledged.incident().last_update == text
    luis.types("/incident timeline 1").shows("@Luis Herrera updated: All partitions & <tables>")


def test_a_very_long_title_does_not_keep_the_page_from_arriving(world: World, amina: Someone, luis: Someone) -> None:
    title = ("The scores of <b>all</b> customers & their children are stale " * 90)[:5000].strip()
    amina.types(f"/incident declare sev2 churn-scoring {title}").shows("INC-1 is declared")
    luis.sees("You are paged for INC-1").shows("The scores of <b>all</b> customers").clicks("Acknowledge")
    world.channel("inc-1").card.shows("The scores of <b>all</b>", "Investigating")
    assert world.incident().title == title
    assert world.timeline()[0].text == title


def test_right_to_left_and_emoji_stay_whole(world: World, amina: Someone, luis: Someone) -> None:
    amina.types(f"/incident declare sev2 churn-scoring {ARABIC}")
    (name,) = world.incident_channels()
    assert name.startswith("inc-1-النتائج")
    world.channel("inc-1").card.shows(ARABIC)
    luis.sees("You are paged").shows(ARABIC)
    families = FAMILY * 600
    amina.types(f"/incident note 1 {families}")
    shown = world.channel("inc-1").sees("@Amina Otieno noted").text
    assert shown.rstrip("…").replace(FAMILY, "").strip() == "📝 @Amina Otieno noted:"
    assert world.timeline()[-1].text == families


def test_lines_and_quotes_are_kept(acknowledged: World, luis: Someone) -> None:
    luis.card().clicks("Update")
    text = 'First line\n\n> not a quote\n"Last" line `code`'
    luis.form("Update INC-1").fills({"Update": text}).sends()
    assert acknowledged.incident().last_update == text
    acknowledged.channel("inc-1").sees("First line").shows('"Last" line `code`')
