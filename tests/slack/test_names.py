"""Who is who."""

from bot.slack.names import Names
from tests.slack.build import NAMES, POLICY


def test_a_person_is_found_by_their_id_in_the_configuration_first() -> None:
    names = Names(POLICY, {"amina": "U0OTHER", "luis": "U0LUIS"})
    assert names.slack("amina") == "U0AMINA"
    assert names.slack("luis") == "U0LUIS"
    assert names.ref("U0AMINA") == "amina"
    assert names.ref("U0LUIS") == "luis"


def test_a_stranger_is_their_own_slack_id() -> None:
    assert NAMES.ref("U0STRANGER") == "U0STRANGER"
    assert NAMES.slack("U0STRANGER") == "U0STRANGER"
    assert NAMES.mention("U0STRANGER") == "<@U0STRANGER>"


def test_somebody_whom_slack_does_not_know_is_named_and_escaped() -> None:
    assert NAMES.slack("vendor") is None
    assert NAMES.mention("vendor") == "Vendor &lt;on call&gt; &amp; co"
    assert NAMES.name("vendor") == "Vendor <on call> & co"


def test_somebody_who_has_left_the_configuration_is_still_somebody() -> None:
    assert NAMES.slack("brian") is None
    assert NAMES.mention("<!here>") == "&lt;!here&gt;"


def test_a_looked_up_person_who_has_left_the_configuration_keeps_their_id() -> None:
    assert Names(POLICY, {"brian": "U0BRIAN"}).ref("U0BRIAN") == "U0BRIAN"
