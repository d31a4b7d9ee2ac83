"""How words are escaped, cut and told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import Entry, Notice, PostReminder, Record
from bot.policy.model import Clock
from bot.slack.views.home import home
from bot.slack.views.reminder import reminder
from bot.slack.words import clocks, labels, timeline
from bot.slack.words.channel import channel_name, slug, topic
from bot.slack.words.notices import Told, directly, in_channel
from bot.slack.words.text import as_is, clip, cut, escape, listed, said
from bot.slack.words.times import lasted, there, when
from tests.slack.build import DECLARED, NAMES, NINE, POLICY, History, declared, under_way
from tests.slack.sla_pictures import TWO, under_two

NASTY = st.text(st.sampled_from("<>&!@[]|*`~_ \nab🙂👩‍🔬é\u0301\u202eא؀/:.h#^"), max_size=60)


def test_only_the_three_characters_of_slack_are_escaped() -> None:
    assert escape("""<!channel> & "it's" > *bold*""") == """&lt;!channel&gt; &amp; "it's" &gt; *bold*"""


@pytest.mark.parametrize(
    ("written", "limit", "cut_to"),
    [
        ("short", 5, "short"),
        ("a longer text", 8, "a longe…"),
        ("Tom &amp; Jerry", 7, "Tom…"),
        ("ask <@U0LUIS> now", 9, "ask…"),
        ("by <@U0LUIS> now", 14, "by <@U0LUIS>…"),
        ("ab👩‍🔬cd", 5, "ab…"),
        ("cafe\u0301 bar", 5, "caf…"),
        ("👍🏽👍🏽👍🏽", 4, "👍🏽…"),
    ],
)
def test_a_cut_never_tears_an_escape_a_mention_or_a_letter(written: str, limit: int, cut_to: str) -> None:
    assert cut(written, limit) == cut_to


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "```\none\ntwo\n```"),
        ("a ``` <!channel> & b", "```\na `\u200b`\u200b` &lt;!channel&gt; &amp; b\n```"),
        (" \n", ""),
        ("x" * 20 + "y" * 20, "```\n" + "x" * 20 + "\n…\n" + "y" * 10 + "\n```"),
    ],
)
def test_what_a_machine_wrote_stays_in_its_block(text: str, shown: str) -> None:
    assert as_is(text, 30) == shown


def test_a_block_of_code_that_is_cut_is_closed() -> None:
    assert cut(f"said:\n{as_is('long ' * 20)}", 40) == "said:\n```\nlong long long long long…\n```"
    assert cut("```x``` and more", 12) == "```x``` and…"


@settings(deadline=None)
@given(NASTY, st.integers(min_value=1, max_value=40))
def test_whatever_is_cut_is_still_whole(text: str, limit: int) -> None:
    short = cut(said(text, NAMES.mention), limit)
    assert len(short) <= limit
    assert short.count("<") == short.count(">")
    assert not any(part.startswith("!") for part in short.split("<")[1:])
    assert not any(end in short[-5:-1] and ";" not in short[-5:] for end in ("&am", "&lt", "&gt"))


@settings(deadline=None)
@given(NASTY, st.integers(min_value=1, max_value=40))
def test_plain_text_is_clipped_where_it_is_too_long(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://x.io/a?b=1&c=2.", "see <https://x.io/a?b=1&amp;c=2>."),
        ("(https://x.io)", "(<https://x.io>)"),
        ("<https://x.io|click>", "&lt;<https://x.io>|click&gt;"),
        ("ask @[luis] and @[vendor]", "ask <@U0LUIS> and Vendor &lt;on call&gt; &amp; co"),
        ("@[!channel]", "!channel"),
        ("https://x.io/@[luis>x]", "<https://x.io/@>[luis&gt;x]"),
    ],
)
def test_links_can_be_clicked_and_people_are_mentioned(text: str, shown: str) -> None:
    assert said(text, NAMES.mention) == shown


def test_an_instant_is_told_in_the_readers_zone_with_a_fallback() -> None:
    assert when(NINE) == "<!date^1772442000^{date_short_pretty} at {time}|2026-03-02 09:00 UTC>"


def test_the_clock_of_a_place_may_stand_on_a_quarter_of_an_hour() -> None:
    assert there(NINE, "Asia/Kathmandu") == "14:45 Kathmandu"


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5), "1 h 5 min"),
        (timedelta(days=2, hours=3, minutes=40), "2 d 3 h"),
        (-timedelta(minutes=3), "3 min"),
    ],
)
def test_a_span_is_told_to_what_matters(span: timedelta, told: str) -> None:
    assert lasted(span) == told


@pytest.mark.parametrize(
    ("parts", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_like_a_sentence(parts: list[str], told: str) -> None:
    assert listed(parts) == told


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Scores are stale!", "inc-42-scores-are-stale"),
        ("Équipe à Bogotá: ¿Qué pasó?", "inc-42-equipe-a-bogota-que-paso"),
        ("оценки устарели", "inc-42-оценки-устарели"),
        ("점수가 오래됨", "inc-42-점수가-오래됨"),
        ("ガが", "inc-42-ガが"),
        ("<!channel> 🙂", "inc-42-channel"),
        ("🙂🙂", "inc-42"),
        ("a--b__c..d", "inc-42-a-b-c-d"),
        ("𝐁𝐎𝐋𝐃", "inc-42-bold"),
    ],
)
def test_the_channel_is_named_as_slack_allows(title: str, name: str) -> None:
    assert channel_name("inc-{number}-{slug}", 42, title) == name


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["inc-{number}-{slug}", "{slug}-{number}", "{number}", "{slug}"]))
def test_no_title_makes_a_name_that_slack_refuses(title: str, template: str) -> None:
    name = channel_name(template, 42, title)
    assert 0 < len(name) <= 80
    assert name == name.lower()
    assert all(character.isalnum() or character in "-_" for character in name)
    assert any(character.isalnum() for character in name)


def test_a_long_slug_keeps_the_number() -> None:
    assert channel_name("inc-{number}-{slug}", 42, "x" * 5000) == "inc-42-" + "x" * 73
    assert channel_name("{slug}-{number}", 42, "x" * 5000).endswith("-42")
    assert slug("") == ""


def test_the_topic_says_severity_status_and_lead_within_250_characters() -> None:
    short = topic(under_way().incident, POLICY, NAMES)
    assert short == "🔴 Critical (sev1) · Triage · Lead: nobody yet · Scores are stale"
    long = topic(under_way(title="<!channel> & " * 400).incident, POLICY, NAMES)
    assert len(long) <= 250
    assert "<" not in long


def test_every_kind_of_news_has_a_sentence_even_without_its_facts() -> None:
    told = Told({}, under_way().incident, POLICY, NAMES)
    for kind in Notice:
        assert in_channel(kind, told).strip()
        assert "INC-42" in directly(kind, told)


@pytest.mark.parametrize("what", Entry)
def test_every_entry_of_the_timeline_has_a_sentence(what: Entry) -> None:
    told = timeline.entry(Record(number=42, at=NINE, by=None, what=what), POLICY, NAMES)
    full = Record(number=42, at=NINE, by="amina", what=what, old="triage", new="update", text="<!here> x")
    assert told.startswith(when(NINE) + " · ")
    assert "<!here>" not in timeline.entry(full, POLICY, NAMES)


def test_what_the_configuration_no_longer_knows_is_still_told() -> None:
    assert labels.severity("sev<9>", POLICY) == "sev&lt;9&gt;"
    assert labels.dot("sev9", POLICY) == "⚪"
    assert labels.service("gone", POLICY) == "gone"
    assert labels.schedule("gone", POLICY) == "gone"


def test_the_worst_come_first_and_the_older_of_equals() -> None:
    three = [declared(number=n, severity=s).incident for n, s in [(1, "sev3"), (3, "sev1"), (2, "sev1")]]
    assert [incident.number for incident in labels.worst_first(three, POLICY)] == [2, 3, 1]


def test_the_share_of_a_clock_runs_from_nothing_to_all_of_it() -> None:
    incident = under_way().incident
    clock = incident.clocks[0]  # five minutes to acknowledge
    assert clocks.share(clock, incident, NINE) == 0
    assert clocks.share(clock, incident, NINE + timedelta(minutes=2, seconds=30)) == 0.5
    assert clocks.share(clock, incident, NINE + timedelta(days=1)) == 1


def test_the_topic_tells_of_what_is_late_or_else_of_what_was_warned_of_last() -> None:
    incident = under_way().incident
    held = {each.clock: each for each in incident.clocks}
    warned, most = replace(held[Clock.FIRST_UPDATE], warned=0.5), replace(held[Clock.MITIGATE], warned=0.75)
    assert clocks.worst(incident) == ""
    assert clocks.worst(replace(incident, clocks=(warned, most))) == "75% of mitigate used"
    still = replace(most, paused_until=NINE)
    assert clocks.worst(replace(incident, clocks=(warned, still))) == "50% of first update used"
    late = replace(warned, warned=1.0, breached_at=NINE)
    assert clocks.worst(replace(incident, clocks=(late, most))) == "late: first update"
    assert clocks.worst(replace(incident, clocks=(replace(late, met_at=NINE),))) == ""
    shown = topic(replace(incident, title="x" * 300, clocks=(late,)), POLICY, NAMES)
    assert " · late: first update · xxx" in shown
    assert len(shown) == 250


def test_what_has_moved_is_told_and_what_is_not_understood_is_not() -> None:
    at = NINE + timedelta(hours=1)
    one, two = under_way().incident, under_two().incident
    assert clocks.due_anew(f"mitigate {at.isoformat()};gone {at.isoformat()};resolve soon", one) == (
        f"\nDue anew: Mitigation {when(at)}."
    )
    both = f"mitigate {at.isoformat()} standard;resolve {at.isoformat()} desk"
    assert clocks.due_anew(both, two) == (
        f"\nDue anew: Mitigation (Acme &lt;gold&gt;) {when(at)}, Resolution (desk, internal) {when(at)}."
    )
    assert clocks.due_anew("", one) == clocks.due_anew("mitigate", one) == ""
    assert clocks.standing_still("") == "No clock stands still for that: all of them run on."
    assert clocks.standing_still("resolve") == "Resolution stands still meanwhile."


def test_whose_clock_it_is_is_said_where_several_count() -> None:
    two = History(TWO).happens(replace(DECLARED, severity="sev2")).incident
    names = [clocks.name(held, two) for held in two.clocks if held.clock is Clock.RESOLVE]
    assert sorted(names) == ["Resolution (Acme &lt;gold&gt;)", "Resolution (desk, internal)"]
    due = PostReminder(number=42, clock=Clock.RESOLVE, share=0.5, due=NINE, to=(), sla="desk")
    assert "The *resolution* of INC-42 (desk, internal) is due" in reminder(due, two, TWO, NAMES).text
    alone = under_way().incident
    assert clocks.name(alone.clocks[0], alone) == "Acknowledgement"


def test_whose_clock_it_was_stands_in_the_timeline_only_where_several_count() -> None:
    met = Record(number=42, at=NINE, by=None, what=Entry.CLOCK_MET, old="gold", new="resolve", text="in time")
    assert timeline.entry(met, POLICY, NAMES).endswith("Resolution (gold) met: in time")
    assert timeline.entry(met, POLICY, NAMES, several=False).endswith("Resolution met: in time")


def test_what_is_due_to_oneself_comes_before_what_others_have() -> None:
    others = [declared(number=number, by="luis").incident for number in range(1, 8)]
    mine = declared(number=9, severity="sev1", by="sita").incident
    mine = replace(mine, pages=(), clocks=tuple(replace(held, due=NINE + timedelta(days=9)) for held in mine.clocks))
    shown = json.dumps(home("sita", [*others, mine], POLICY, NAMES, NINE))
    assert shown.index("*INC-9* ") < shown.index("*INC-1* ")
