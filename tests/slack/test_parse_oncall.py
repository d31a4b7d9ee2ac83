"""What people type after /oncall."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.model import Policy, Schedule
from bot.slack.listeners.oncall_requests import (
    ME,
    Changes,
    Cover,
    Coverage,
    Help,
    Kind,
    Look,
    Mine,
    NotUnderstood,
    Override,
    Swap,
    Typed,
    Undo,
    Week,
)
from bot.slack.listeners.parse_oncall import typed
from bot.slack.listeners.times import Span
from tests.slack import build

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
LAYERS = build.POLICY.schedules["l1"].layers
POLICY = build.POLICY.model_copy(
    update={
        "schedules": {
            "l1": Schedule(name="Support L1", layers=LAYERS),
            "sun": Schedule(name="Follow the sun", layers=LAYERS),
            "research": Schedule(name="R&D", layers=LAYERS),
            "week": Schedule(layers=LAYERS),
            "tomorrow": Schedule(layers=LAYERS),
            "nairobi": Schedule(layers=LAYERS),
        }
    }
)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


TOMORROW = Span(march(3, 0), march(4, 0))
NINE_TO_FIVE = Span(march(3, 9), march(3, 17))
FRIDAY = Span(march(6, 14), march(6, 18))


def understood(text: str, policy: Policy = POLICY) -> Typed:
    return typed(text, policy, MONDAY, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Look()),
        ("l1", Look("l1")),
        ("L1 ", Look("l1")),
        ("support l1", Look("l1")),
        ("r&amp;d", Look("research")),
        ("l1 at tomorrow 9am", Look("l1", march(3, 9))),
        ("l1 tomorrow 9am", Look("l1", march(3, 9))),
        ("at friday 18:00", Look(None, march(6, 18))),
        ("at friday 18:00 l1", Look("l1", march(6, 18))),
        ("follow the sun at noon", Look("sun", march(2, 12))),
        ("“Follow the sun” now", Look("sun", MONDAY)),
        ("tomorrow", Look(None, march(3, 0))),
        ("at 5", Look(None, march(3, 5))),
        ("week", Week()),
        ("WEEK l1", Week("l1")),
        ("l1 week", Week("l1")),
        ("follow the sun week", Week("sun")),
        ("week of follow the sun", Week("sun")),
        ("mine", Mine()),
        ("Me", Mine()),
        ("my shifts", Mine()),
        ("undo", Undo()),
        ("undo 3", Undo(3)),
        ("undo #3", Undo(3)),
        ("changes", Changes()),
        ("list", Changes()),
        ("history", Changes()),
        ("audit l1", Changes("l1")),
        ("coverage", Coverage()),
        ("coverage l1", Coverage("l1")),
        ("l1 coverage", Coverage("l1")),
        ("help", Help()),
        ("help override", Help()),
        ("?", Help()),
    ],
)
def test_a_question_is_taken_apart(text: str, expected: Typed) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("override", Override()),
        ("override l1", Override("l1")),
        ("l1 override @sita", Override("l1", "sita")),
        (
            "override l1 @sita tomorrow 9am to 5pm instead of @amina because dentist",
            Override("l1", "sita", NINE_TO_FIVE, "amina", "dentist"),
        ),
        (
            "override instead of <@U0AMINA|amina otieno> tomorrow 9am to 5pm l1 <@U0SITA|sita>, because: dentist",
            Override("l1", "U0SITA", NINE_TO_FIVE, "U0AMINA", "dentist"),
        ),
        ("override tomorrow @sita 9am to 5pm", Override(None, "sita", NINE_TO_FIVE)),
        ("override sita l1 from tomorrow 9am until 5pm", Override("l1", "sita", NINE_TO_FIVE)),
        ("override Sita Gurung on l1, tomorrow, 9am to 5pm", Override("l1", "sita", NINE_TO_FIVE)),
        ("override @Sita Gurung tomorrow", Override(None, "sita", TOMORROW)),
        ("override @sita for me friday 14:00-18:00", Override(None, "sita", FRIDAY, ME)),
        ("override @sita in place of me friday 14:00-18:00", Override(None, "sita", FRIDAY, ME)),
        ("override @sita for amina for 4h", Override(None, "sita", Span(MONDAY, march(2, 11, 30)), "amina")),
        ("override me tomorrow instead of luis rojas", Override(None, ME, TOMORROW, "luis")),
        ("override follow the sun with @sita tomorrow", Override("sun", "sita", TOMORROW)),
        (
            "override @sita tomorrow reason: dentist &amp; co",
            Override(None, "sita", TOMORROW, None, "dentist &amp; co"),
        ),
        ('override @sita tomorrow "she is in"', Override(None, "sita", TOMORROW, None, "she is in")),
        ("override @sita instead of 'Amina Otieno'", Override(None, "sita", None, "amina")),
        ("override @sita because “it is <@U0LUIS>'s”", Override(None, "sita", reason="it is <@U0LUIS>'s")),
        ("override @sita tomorrow 9am Nairobi to 5pm", Override(None, "sita", Span(march(3, 6), march(3, 14)))),
        ("override @sita nairobi tomorrow", Override("nairobi", "sita", TOMORROW)),
        ("override @sita 2026-03-03T09:00Z - 2026-03-03T17:00Z", Override(None, "sita", NINE_TO_FIVE)),
    ],
)
def test_an_override_is_taken_apart(text: str, expected: Typed) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cover", Cover()),
        ("cover me", Cover()),
        ("cover me friday 14:00-18:00", Cover(None, FRIDAY)),
        ("cover friday 14:00-18:00", Cover(None, FRIDAY)),
        ("cover my shift tomorrow", Cover(None, TOMORROW)),
        ("cover for me on l1 tomorrow", Cover("l1", TOMORROW)),
        ("l1 cover me tomorrow", Cover("l1", TOMORROW)),
        ("cover for 4h", Cover(None, Span(MONDAY, march(2, 11, 30)))),
        (
            "cover me l1 tomorrow for 4h because I'm ill\nsorry",
            Cover("l1", Span(march(3, 0), march(3, 4)), "I'm ill\nsorry"),
        ),
        ("cover me because", Cover()),
        ('cover me "follow the sun"', Cover("sun")),
        ("cover me 'the dentist'", Cover(None, None, "the dentist")),
    ],
)
def test_a_cover_is_taken_apart(text: str, expected: Typed) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("swap", Swap()),
        ("swap with @sita", Swap(None, "sita")),
        ("swap me with sita", Swap(None, "sita")),
        ("swap @sita tomorrow 9am", Swap(None, "sita", march(3, 9))),
        ("swap @sita their friday 9am", Swap(None, "sita", None, march(6, 9))),
        ("swap @sita for friday 9am because x", Swap(None, "sita", None, march(6, 9), "x")),
        ("swap @sita tomorrow 9am for friday 9am", Swap(None, "sita", march(3, 9), march(6, 9))),
        ("swap tomorrow 9am with sita for friday 9am", Swap(None, "sita", march(3, 9), march(6, 9))),
        (
            "swap l1 with <@U0SITA|sita> my tomorrow 9am for their friday 9am",
            Swap("l1", "U0SITA", march(3, 9), march(6, 9)),
        ),
        ("swap my tomorrow 9am shift for @sita's friday 9am", Swap(None, "sita", march(3, 9), march(6, 9))),
        ("swap <@U0SITA>'s friday 9am for tomorrow 9am", Swap(None, "U0SITA", march(3, 9), march(6, 9))),
        ("swap friday 9am for my tomorrow 9am", Swap(None, None, march(3, 9), march(6, 9))),
    ],
)
def test_a_swap_is_taken_apart(text: str, expected: Typed) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("week", Week()),
        ('"week"', Look("week")),
        ("“week” at noon", Look("week", march(2, 12))),
        ("week week", Week("week")),
        ("cover me week", Cover("week")),
        ("tomorrow", Look(None, march(3, 0))),
        ("'tomorrow' tomorrow", Look("tomorrow", march(3, 0))),
        ("cover me tomorrow", Cover(None, TOMORROW)),
        ('cover me "tomorrow"', Cover("tomorrow")),
    ],
)
def test_a_schedule_named_like_a_verb_or_a_time_is_written_in_quotes(text: str, expected: Typed) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "word", "nearest"),
    [
        ("wekk", Kind.WORD, "wekk", "week"),
        ("l9", Kind.WORD, "l9", None),
        ("banana split", Kind.WORD, "banana", None),
        ("overide @sita tomorrow 9am", Kind.WORD, "overide", "override"),
        ("folow the sun", Kind.WORD, "folow the", "Follow the sun"),
        ("week serch", Kind.WORD, "serch", "research"),
        ("week wekk", Kind.WORD, "wekk", "week"),
        ("l1 week l1", Kind.WORD, "l1", None),
        ("mine l1", Kind.WORD, "l1", None),
        ("l1 undo 3", Kind.WORD, "undo", None),
        ("at", Kind.INSTANT, "at", None),
        ("at banana", Kind.WORD, "banana", None),
        ("l1 at 25:00", Kind.INSTANT, "at 25:00", None),
        ("undo banana", Kind.NUMBER, "banana", None),
        ("undo 3 4", Kind.NUMBER, "3 4", None),
        ("override @sitta tomorrow", Kind.PERSON, "@sitta", "sita"),
        ("override sitta tomorrow", Kind.WORD, "sitta", "sita"),
        ("override instead of banana", Kind.PERSON, "banana", None),
        ("override instead of", Kind.PERSON, "instead of", None),
        ("override @sita instead of @amin", Kind.PERSON, "@amin", "amina"),
        ("override @sita @amina tomorrow", Kind.WORD, "@amina", None),
        ("override @sita for me for amina", Kind.WORD, "amina", None),
        ("override @sita tomorow 9am to 5pm", Kind.WORD, "tomorow", "tomorrow"),
        ("override @sita tomorrow 9am untl 5pm", Kind.WORD, "untl", "until"),
        ("override @sita 9am to 5pm EAT tomorrow", Kind.WORD, "EAT", None),
        ("override @sita tomorrow 9am", Kind.END, "tomorrow 9am", None),
        ("override @sita tomorrow 25:00 to 26:00", Kind.SPAN, "tomorrow 25:00 to 26:00", None),
        ("override @sita 25:00 Nairobi", Kind.SPAN, "25:00 Nairobi", None),
        ("cover <@U0AMINA|amina> friday", Kind.WORD, "<@U0AMINA|amina>", None),
        ("cover me please", Kind.WORD, "please", None),
        ("cover me tomorrow 9am", Kind.END, "tomorrow 9am", None),
        ("swap @nobody", Kind.PERSON, "@nobody", None),
        ("swap sitta tomorrow 9am for friday 9am", Kind.WORD, "sitta", "sita"),
        ("swap @sita tomorrow 9am for 25:00", Kind.INSTANT, "25:00", None),
        ("swap @sita 25:00 for friday 9am", Kind.INSTANT, "25:00", None),
        ("<!channel>", Kind.WORD, "<!channel>", None),
    ],
)
def test_what_is_not_understood_is_named_and_never_dropped(
    text: str, kind: Kind, word: str, nearest: str | None
) -> None:
    assert understood(text) == NotUnderstood(kind, word, nearest)


VOCABULARY = ["l1", "week", "override", "cover", "swap", "undo", "me", "my", "@sita", "<@U0LUIS|luis>", "instead", "of"]
TIMES = ["for", "with", "at", "tomorrow", "9am", "to", "18:00", "4h", "because", "reason:", '"', "'", "“x”", "?", "3"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from([*VOCABULARY, *TIMES]), max_size=9).map(" ".join) | st.text())
def test_no_text_confuses_the_reader(text: str) -> None:
    understood(text)
    understood(text, Policy())


@settings(deadline=None)
@given(
    st.permutations(["l1", "@sita", "tomorrow 9am to 5pm", "instead of @amina"]),
    st.sampled_from(["", " because dentist", " reason: dentist", ' "dentist"']),
)
def test_the_order_of_the_words_does_not_matter(parts: list[str], reason: str) -> None:
    expected = Override("l1", "sita", NINE_TO_FIVE, "amina", "dentist" if reason else "")
    assert understood(f"override {' '.join(parts)}{reason}") == expected
