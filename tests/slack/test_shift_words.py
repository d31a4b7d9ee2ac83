"""How shifts and stand-ins are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.permitted import Span
from bot.core.standin import StandInKind, StandInState
from bot.oncall.coverage import coverage
from bot.slack.words import coverage as pictures
from bot.slack.words import shifts, standin
from bot.slack.words.times import span, when
from tests.slack.build import NAMES, NINE, POLICY
from tests.slack.oncall_pictures import COVER, GAPPY, HOUR, ONE, OVERRIDE, SWAP, ended


def test_a_span_is_told_by_both_of_its_ends_since_only_slack_knows_the_days_of_the_reader() -> None:
    assert span(NINE, ONE) == f"{when(NINE)} – {when(ONE)}"
    assert span(NINE, None) == f"from {when(NINE)}, without an end"
    assert shifts.stretch(NINE, ONE).endswith(" (4 h)")


@pytest.mark.parametrize(
    ("zone", "hours", "told"),
    [
        ("Asia/Kathmandu", 0, "14:45 Kathmandu"),
        ("Asia/Kathmandu", 8, "22:45 Kathmandu, night"),
        ("America/Bogota", 0, "04:00 Bogota, night"),
        ("America/Bogota", 2, "06:00 Bogota"),
    ],
)
def test_a_clock_elsewhere_says_whether_it_is_night_there(zone: str, hours: int, told: str) -> None:
    assert shifts.local(NINE + hours * HOUR, zone) == told


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (4, "Mon 2 Mar 12:00–16:00 (Nairobi)"),
        (12, "Mon 2 Mar 12:00–Tue 3 Mar 00:00 (Nairobi)"),
        (20, "Mon 2 Mar 12:00–Tue 3 Mar 08:00 (Nairobi)"),
    ],
)
def test_in_plain_text_a_span_is_told_by_the_clock_of_the_asker(hours: int, told: str) -> None:
    assert shifts.plain_span(NINE, NINE + hours * HOUR, "Africa/Nairobi") == told


def test_a_calendar_that_cannot_be_read_says_how_old_its_copy_is_and_why() -> None:
    told = shifts.feed_unread("vendor <1>", NINE - 3 * HOUR, "404 Not Found.", NINE)
    assert "vendor &lt;1&gt; could not be read: 404 Not Found. Its copy" in told
    assert "(3 h old) counts" in told
    assert "nobody is on call by it" in shifts.feed_unread("vendor", None, "", NINE)


def test_of_many_unknown_entries_of_a_calendar_a_few_are_named() -> None:
    told = shifts.feed_unknown("vendor", [f"<b{n}>" for n in range(8)])
    assert "“&lt;b4&gt;” and 3 more" in told
    assert "b5" not in told


def test_a_time_that_is_not_understood_is_told_how_to_write_it() -> None:
    for told in (shifts.time_not_understood("<!here> 25:00"), shifts.span_not_understood("<!here> 25:00")):
        assert "“&lt;!here&gt; 25:00”" in told
        assert "tomorrow 9am" in told


def test_a_word_that_is_not_understood_gets_the_nearest() -> None:
    assert "no schedule “L11”. Did you mean `/oncall l1`?" in shifts.word_not_understood("L11", "l1", POLICY)
    assert shifts.word_not_understood("tomorow", "tomorrow", POLICY).endswith("Did you mean `tomorrow`?")
    assert shifts.word_not_understood("<x>", None, POLICY).endswith("“&lt;x&gt;”. The schedules are l1.")


def test_a_change_that_does_not_exist_is_told_where_they_are_listed() -> None:
    assert "`/oncall changes`" in standin.unknown_change(7)
    assert "“&lt;b&gt;” is no number" in standin.not_a_number("<b>")


def test_what_is_said_with_a_picture_has_the_score_and_the_gaps() -> None:
    found = coverage(GAPPY.schedules["l1"], GAPPY, NINE, NINE + timedelta(days=7))
    told = pictures.said("l1", found, GAPPY)
    assert f"*Support L1 scores {found.score:g} of 100" in told
    assert "Nobody is on call 7 times" in told
    assert pictures.title("l2", GAPPY) == "Coverage of l2, 52 weeks"
    assert "*Support L1* and *l2*" in pictures.comes(["l1", "l2"], GAPPY)


def test_long_lists_of_spans_say_that_there_is_more() -> None:
    told = shifts.spans("Gone", [(NINE, ONE)] * 10)
    assert told.count("•") == 8
    assert told.endswith("…and 2 more")
    assert shifts.spans("Gone", []) == ""


def test_the_help_names_every_way_to_change_a_shift() -> None:
    text = "\n".join(shifts.oncall_commands())
    for usage in ("week", "mine", "override", "cover me", "swap", "undo N", "changes", "coverage", "help"):
        assert f"`/oncall {usage}" in text


@pytest.mark.parametrize("kind", StandInKind)
@pytest.mark.parametrize("state", StandInState)
@pytest.mark.parametrize("by", [None, "luis"])
def test_each_kind_of_stand_in_has_a_sentence_for_each_state(
    kind: StandInKind, state: StandInState, by: str | None
) -> None:
    of_kind = {StandInKind.OVERRIDE: OVERRIDE, StandInKind.COVER: COVER, StandInKind.SWAP: SWAP}[kind]
    told = standin.standing(ended(of_kind, state, by), "amina", POLICY, NAMES)
    assert f"(change {of_kind.id})" in told
    assert told.count("•") == len(of_kind.spans)
    assert "None" not in told
    assert "None" not in standin.audit(ended(of_kind, state, by), POLICY, NAMES, NINE)


def test_the_reader_is_spoken_to() -> None:
    swapped = SWAP.spans[0]
    assert standin.deed(swapped, "luis", NAMES).startswith("You for <@U0AMINA>: ")
    assert standin.deed(swapped, "amina", NAMES).startswith("<@U0LUIS> for you: ")
    assert standin.deed(swapped, None, NAMES).startswith("<@U0LUIS> for <@U0AMINA>: ")


@pytest.mark.parametrize(
    ("days", "person", "told"),
    [
        (1, "sita", ""),
        (1, "luis", "🌙 For you it begins in the night: 00:00 Bogota."),
        (5, "luis", "🌙 For you it begins in the night and on a weekend: 00:00 Bogota."),
        (5, "sita", "🌙 For you it begins on a weekend: 10:45 Kathmandu."),
    ],
)
def test_an_offer_warns_of_ones_own_night_and_weekend(days: int, person: str, told: str) -> None:
    start = NINE + timedelta(days=days) - 4 * HOUR
    asked = replace(COVER, spans=(Span(start, start + HOUR, None, "amina"),))
    assert standin.hardship(asked, person, POLICY) == told


def test_what_one_would_give_is_no_hardship() -> None:
    assert "00:00 Bogota" in standin.hardship(SWAP, "luis", POLICY)
    assert standin.hardship(SWAP, "amina", POLICY) == ""
