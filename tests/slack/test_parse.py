"""What people type after a slash command."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.listeners import parse
from bot.slack.listeners.parse import Declaration, Doubt, Subject, Typed, Verb
from tests.slack.build import POLICY


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("declare sev1 churn", Verb.DECLARE, "sev1 churn"),
        ("  NEW   Scores are stale ", Verb.DECLARE, "Scores are stale"),
        ("open x", Verb.DECLARE, "x"),
        ("create", Verb.DECLARE, ""),
        ("acknowledge", Verb.ACK, ""),
        ("Ack: 42", Verb.ACK, "42"),
        ("update\nRolled back.\nAll fine.", Verb.UPDATE, "Rolled back.\nAll fine."),
        ("?", Verb.HELP, ""),
        ("", None, ""),
        ("declaer x", None, "x"),
    ],
)
def test_the_first_word_is_the_verb(text: str, verb: Verb | None, rest: str) -> None:
    typed = parse.typed(text)
    assert (typed.verb, typed.rest) == (verb, rest)


def test_a_word_that_is_no_verb_is_kept_for_the_answer() -> None:
    assert parse.typed("declaer now") == Typed(None, "declaer", "now")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("sev1 churn-scoring Scores are stale", Declaration("Scores are stale", "sev1", "churn-scoring")),
        ("churn-scoring sev1 Scores are stale", Declaration("Scores are stale", "sev1", "churn-scoring")),
        ("SEV1 Churn-Scoring: Scores", Declaration("Scores", "sev1", "churn-scoring")),
        ("sev-2, payments Fraud model is down", Declaration("Fraud model is down", "sev2", "payments")),
        ("sev 1 churn-scoring stale", Declaration("stale", "sev1", "churn-scoring")),
        ("churn-scoring sev 1 stale", Declaration("stale", "sev1", "churn-scoring")),
        ("sev1 Scores are stale", Declaration("Scores are stale", "sev1")),
        ("Scores are stale", Declaration("Scores are stale")),
        ("payments sev1 sev2 is a word of the title", Declaration("sev2 is a word of the title", "sev1", "payments")),
        ("sev1 churn-scoring", Declaration("", "sev1", "churn-scoring")),
        ('sev1 "Scores are stale"', Declaration("Scores are stale", "sev1")),
        ("sev1 “Scores are stale”", Declaration("Scores are stale", "sev1")),
        ("sev1 „Scores“ and „labels“", Declaration("„Scores“ and „labels“", "sev1")),
        ("payment fails at checkout", Declaration("payment fails at checkout")),
        ("s3 bucket is gone", Declaration("s3 bucket is gone")),
        ("up-to-date features are missing", Declaration("up-to-date features are missing")),
        ('sev1 "churn-scorng is down"', Declaration("churn-scorng is down", "sev1")),
        ("", Declaration("")),
    ],
)
def test_known_names_stand_at_the_front_and_the_rest_is_the_title(rest: str, expected: Declaration) -> None:
    assert parse.declaration(rest, POLICY) == expected


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("sev9 Scores", Doubt("severity", "sev9", None, "/incident declare Scores")),
        ("sve1 churn-scoring x", Doubt("severity", "sve1", "sev1", "/incident declare sev1 churn-scoring x")),
        ("payments severity7 x", Doubt("severity", "severity7", None, "/incident declare payments x")),
        (
            "sev1 churn-scorng x",
            Doubt("service", "churn-scorng", "churn-scoring", "/incident declare sev1 churn-scoring x"),
        ),
        ("churn_scoring x", Doubt("service", "churn_scoring", "churn-scoring", "/incident declare churn-scoring x")),
    ],
)
def test_a_mistyped_name_is_asked_about_and_nothing_is_declared_wrongly(rest: str, expected: Doubt) -> None:
    assert parse.declaration(rest, POLICY) == expected


@pytest.mark.parametrize(
    ("rest", "verb", "inside", "expected"),
    [
        ("42", Verb.ACK, False, (Subject(42), "")),
        ("INC-42", Verb.SHOW, False, (Subject(42), "")),
        ("inc-42: rolled back", Verb.UPDATE, True, (Subject(42), "rolled back")),
        ("#42 monitoring", Verb.STATUS, True, (Subject(42), "monitoring")),
        ("42 monitoring", Verb.STATUS, True, (Subject(42), "monitoring")),
        ("<#C042|inc-42-scores> done", Verb.RESOLVE, False, (Subject(channel="C042"), "done")),
        ("3 replicas are down", Verb.UPDATE, True, (Subject(), "3 replicas are down")),
        ("3 replicas are down", Verb.UPDATE, False, (Subject(3), "replicas are down")),
        ("42", Verb.RESOLVE, True, (Subject(42), "")),
        ("", Verb.ACK, True, (Subject(), "")),
        ("rolled back", Verb.NOTE, True, (Subject(), "rolled back")),
    ],
)
def test_the_number_may_be_left_out_inside_the_channel(
    rest: str, verb: Verb, inside: bool, expected: tuple[Subject, str]
) -> None:
    assert parse.subject(rest, verb, inside) == expected


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("<@U0LUIS|luis>", "U0LUIS"),
        ("<@U0NEW>", "U0NEW"),
        ("@amina", "amina"),
        ("Luis Rojas", "luis"),
        ("nobody", None),
        ("<@U0LUIS> please", None),
    ],
)
def test_a_person_is_a_mention_a_key_or_a_whole_name(words: str, person: str | None) -> None:
    assert parse.person_named(words, POLICY) == person


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("ask <@U0LUIS|luis>", "ask @[luis]"),
        ("see <#C1|general> and <#C2>", "see #general and #C2"),
        ("<!channel> <!here|here> <!subteam^S1|@mlops>", "@channel @here @mlops"),
        ("<https://x.io/a?b=1&amp;c=2|x.io> <mailto:a@b.c|a@b.c>", "https://x.io/a?b=1&c=2 mailto:a@b.c"),
        ("&amp;lt;", "&lt;"),
        ("nul \x00 byte", "nul  byte"),
    ],
)
def test_escaped_text_is_read_as_it_was_meant(escaped: str, meant: str) -> None:
    assert parse.plainly(escaped, lambda slack_id: f"@[{slack_id.removeprefix('U0').lower()}]") == meant


@settings(deadline=None)
@given(st.text())
def test_no_text_confuses_the_reader(text: str) -> None:
    typed = parse.typed(text)
    for verb in Verb:
        _, rest = parse.subject(typed.rest, verb, inside=True)
        parse.person_named(rest, POLICY)
    read = parse.declaration(parse.plainly(typed.rest, str), POLICY)
    assert isinstance(read, Doubt) or read.title == read.title.strip()


def test_what_no_database_takes_is_left_out() -> None:
    assert parse.plainly("fast\x00er \ud83d wins &amp; more", str) == "faster ? wins & more"
