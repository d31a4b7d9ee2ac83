"""`bot sla`: what was promised, as somebody in a terminal or a script asks for it."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects import Record
from bot.core.events import IncidentDeclared
from bot.core.history import Entry
from bot.core.incident import Incident, SlaClock
from bot.engine.clock import SystemClock
from bot.engine.engine import Engine
from bot.policy.load import load
from bot.policy.model import Clock
from bot.reports.adherence import GROUPS
from bot.store.store import Store
from tests.test_cli import ROOT, Terminal

AT = "2026-03-02T19:00Z"  # a Monday, 22:00 in Nairobi
GOOD = str(ROOT / "tests" / "bad_config" / "good" / "config")

WORKED = """
severities: {sev1: {name: Critical}, sev2: {name: Major}, sev3: {name: Minor}}
people: {amina: {name: Amina Otieno, slack: U0AMINA}}
escalation_paths: {amina: {steps: [{page: ["person:amina"], wait: 5m}]}}
workspace: {default_escalation_path: amina}
services:
  churn: {name: Churn, kind: batch-inference, sla: %s}
calendars:
  nine: {hours: ["Mon-Fri 09:00-17:00"]}
  eight: {hours: ["Mon-Fri 08:00-17:00"]}
  nairobi: {time_zone: Africa/Nairobi, hours: ["Mon-Fri 09:00-17:00"]}
slas:
  gold:
    targets:
      sev1:
        acknowledge: {within: 4h, calendar: nine}
        first_update: {within: 4h, calendar: eight}
        mitigate: {within: 8h, calendar: nine}
        resolve: {within: 4h, calendar: nairobi}
      sev2:
        acknowledge: 1d
        first_update: {within: 1d, calendar: nine}
        update: {within: 1 business day, calendar: nine}
        mitigate: {within: end of next business day, calendar: nine}
        resolve: {within: "next business day 10:00", calendar: nine}
      sev3: {}
  internal:
    kind: internal
    targets:
      sev1: {resolve: 2h}
      sev2: {acknowledge: 2d}
      sev3: {}
"""


class Asking(Terminal):
    """Runs `bot sla due` with a small configuration of its own."""

    def writes(self, slas: str = "gold") -> None:
        config = self.folder / "config"
        config.mkdir(exist_ok=True)
        (config / "all.yaml").write_text(WORKED % slas)
        self._env |= {"BATON_CONFIG": str(config)}

    def opens(self, calendar: str, hours: str) -> None:
        """Writes other hours for a calendar."""
        file = self.folder / "config" / "all.yaml"
        file.write_text(re.sub(rf"  {calendar}: .*", f"  {calendar}: {hours}", file.read_text()))

    def answers(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.prints("sla", "due", *words, "--json"))
        return answer


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    monkeypatch.chdir(tmp_path)
    yield Asking(tmp_path)


@pytest.mark.parametrize(
    ("words", "start", "due"),
    [
        (("sev1", "acknowledge"), "2026-03-06T16:00Z", "2026-03-09T12:00:00Z"),  # Friday 16:00 + 4 h on 9-17
        (("sev1", "first_update"), "2026-03-06T16:00Z", "2026-03-09T11:00:00Z"),  # the same on 8-17
        (("sev1", "mitigate"), "2026-03-06T17:00Z", "2026-03-09T17:00:00Z"),  # Friday 17:00 + 8 h on 9-17
        (("sev1", "resolve"), "2026-03-06T16:00+03:00", "2026-03-09T09:00:00Z"),  # the first, in Nairobi
        (("sev2", "acknowledge"), "2026-03-06T16:00Z", "2026-03-07T16:00:00Z"),  # a day, always open
        (("sev2", "first_update"), "2026-03-06T16:00Z", "2026-03-11T16:00:00Z"),  # 24 open hours
        (("sev2", "update"), "2026-03-06T16:00Z", "2026-03-09T16:00:00Z"),  # a business day
        (("sev2", "mitigate"), "2026-03-06T16:00Z", "2026-03-09T17:00:00Z"),  # the end of the next one
        (("sev2", "resolve"), "2026-03-06T16:00Z", "2026-03-09T10:00:00Z"),  # an hour of it
    ],
)
def test_the_worked_examples_come_out_right(words: tuple[str, str], start: str, due: str, asking: Asking) -> None:
    asking.writes()
    assert asking.answers("churn", *words, "--from", start)["due"] == due


def test_a_machine_is_told_by_what_it_is_due(asking: Asking) -> None:
    asking.writes()
    assert asking.answers("churn", "sev1", "acknowledge", "--from", "2026-03-06T16:00") == {
        "due": "2026-03-09T12:00:00Z",
        "sla": "gold",
        "within": "4h",
        "calendar": "nine",
        "service": "churn",
        "severity": "sev1",
        "clock": "acknowledge",
        "from": "2026-03-06T16:00:00Z",
    }


def test_people_read_one_sentence_in_the_zone_of_the_calendar_and_in_utc(asking: Asking) -> None:
    asking.writes()
    said = asking.prints("sla", "due", "churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z")
    assert said == (
        "resolve of churn at sev1, from Fri 6 Mar 2026 13:00 UTC, is due Mon 9 Mar 2026 12:00 Africa/Nairobi, "
        "which is Mon 9 Mar 2026 09:00 UTC (4h on nairobi, SLA gold).\n"
    )


def test_seconds_are_said_if_there_are_any(asking: Asking) -> None:
    asking.writes()
    said = asking.prints("sla", "due", "churn", "sev2", "acknowledge", "--from", "2026-03-06T16:00:07Z")
    assert "is due Sat 7 Mar 2026 16:00:07 UTC (1d on always, SLA gold)" in said


def test_of_several_slas_the_most_urgent_is_the_answer(asking: Asking) -> None:
    asking.writes("[gold, internal]")
    found = asking.answers("churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z")
    assert (found["due"], found["sla"]) == ("2026-03-06T15:00:00Z", "internal")
    assert [(each["sla"], each["due"]) for each in found["all"]] == [
        ("internal", "2026-03-06T15:00:00Z"),
        ("gold", "2026-03-09T09:00:00Z"),
    ]
    first, other = asking.prints("sla", "due", "churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z").splitlines()
    assert "SLA internal" in first
    assert other.startswith("Also, it is due Mon 9 Mar 2026 12:00 Africa/Nairobi")


def test_an_sla_that_promises_nothing_of_it_comes_last_and_says_so(asking: Asking) -> None:
    asking.writes("[internal, gold]")
    found = asking.answers("churn", "sev1", "acknowledge", "--from", "2026-03-06T16:00Z")
    assert (found["due"], found["sla"]) == ("2026-03-09T12:00:00Z", "gold")
    assert found["all"][1]["due"] is None
    assert found["all"][1]["why"] == "The SLA internal promises no acknowledge at sev1."


def test_one_sla_may_be_named(asking: Asking) -> None:
    asking.writes("[gold, internal]")
    found = asking.answers("churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z", "--sla", "gold")
    assert (found["due"], found["sla"], "all" in found) == ("2026-03-09T09:00:00Z", "gold", False)


def test_where_nothing_is_promised_a_sentence_says_so(asking: Asking) -> None:
    asking.writes()
    words = ("sla", "due", "churn", "sev3", "acknowledge", "--from", AT)
    assert asking.refuses(*words, code=1) == "The SLA gold promises no acknowledge at sev3.\n"
    done = asking.runs(*words, "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert (answer["due"], answer["why"]) == (None, "The SLA gold promises no acknowledge at sev3.")


def test_no_service_in_particular_has_no_promise_without_a_default(asking: Asking) -> None:
    asking.writes()
    said = asking.refuses("sla", "due", "-", "sev1", "acknowledge", code=1)
    assert said == "Nothing is promised for what is of no service: give the workspace a default_sla.\n"


def test_the_exceptions_of_a_calendar_count(asking: Asking) -> None:
    asking.writes()
    asking.opens("nairobi", '{hours: ["Sat 01:00-02:00"], exceptions: {2026-03-07: [], 2026-03-15: ["08:00-10:00"]}}')
    found = asking.answers("churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z")
    assert found["due"] == "2026-03-21T02:00:00Z"  # an hour on the 14th, two on the 15th, the last on the 21st


def test_a_calendar_that_never_opens_is_said_so(asking: Asking) -> None:
    asking.writes("[gold, internal]")
    saturdays = (str(date(2026, 3, 7) + timedelta(weeks=number)) for number in range(300))
    asking.opens("nairobi", f'{{hours: ["Sat 01:00-02:00"], closed: [{", ".join(saturdays)}]}}')
    words = ("sla", "due", "churn", "sev1", "resolve", "--from", "2026-03-06T13:00Z")
    said = asking.refuses(*words, "--sla", "gold", code=1)
    assert said == (
        "The SLA gold promises 4h on nairobi, which never comes: The calendar has no open hours in five years: "
        "give it hours that its holidays leave open.\n"
    )
    due, never = asking.prints(*words).splitlines()
    assert "is due Fri 6 Mar 2026 15:00 UTC (2h on always, SLA internal)" in due
    assert never == said.rstrip()


def test_the_sample_answers_for_every_clock_or_says_why_not(asking: Asking) -> None:
    found = asking.answers("churn-scoring", "sev1", "acknowledge", "--from", AT)
    assert (found["due"], found["sla"]) == ("2026-03-02T19:05:00Z", "standard")
    for clock in Clock:
        done = asking.runs("sla", "due", "churn-scoring", "sev1", clock, "--from", AT, "--json")
        assert done.exit_code == (1 if json.loads(done.stdout)["due"] is None else 0)


def test_no_service_in_particular_has_the_default_sla(asking: Asking) -> None:
    found = asking.answers("-", "sev1", "acknowledge", "--from", AT)
    assert (found["service"], found["due"]) == (None, "2026-03-02T19:05:00Z")


def test_a_least_configuration_answers_too(asking: Asking) -> None:
    words = ("sla", "due", "churn-scoring", "sev1", "acknowledge", "--from", AT, "--json")
    assert json.loads(asking.prints(*words, BATON_CONFIG=GOOD))["due"] == "2026-03-02T19:05:00Z"


def test_a_clock_starts_now_if_no_time_is_given(asking: Asking) -> None:
    found = asking.answers("churn-scoring", "sev1", "acknowledge")
    assert found["from"] < found["due"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("churn-scorin", "sev1", "resolve"), "There is no service 'churn-scorin'. Did you mean churn-scoring?\n"),
        (("churn-scoring", "sv1", "resolve"), "There is no severity 'sv1'. Did you mean sev1?\n"),
        (("churn-scoring", "sev1", "first-update"), "There is no clock 'first-update'. Did you mean first_update?\n"),
        (("churn-scoring", "sev1", "xyzzy"), "There is no clock 'xyzzy'. Known are acknowledge, first_update, update, "
                                             "mitigate, resolve, rca, action, accept.\n"),
        (("churn-scoring", "sev1", "resolve", "--sla", "standrad"),
         "There is no SLA 'standrad' for churn-scoring. Did you mean standard?\n"),
        (("churn-scoring", "sev1", "resolve", "--sla", "gold"),
         "There is no SLA 'gold' for churn-scoring. Known are standard.\n"),
        (("churn-scoring", "sev1", "resolve", "--from", "noon"),
         "'noon' is not an instant; write it like 2026-03-01T09:00Z.\n"),
        (("churn-scoring", "sev1", "resolve", "--from", "1800-01-01"),
         "1800-01-01T00:00:00+00:00 is out of reach; ask about a time between 1900 and 9980.\n"),
        (("churn-scoring", "sev1", "resolve", "--from", "9999-12-31T23:00Z"),
         "9999-12-31T23:00:00+00:00 is out of reach; ask about a time between 1900 and 9980.\n"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(words: tuple[str, ...], said: str, asking: Asking) -> None:
    assert asking.refuses("sla", "due", *words) == said


def test_help_says_what_can_be_asked(asking: Asking) -> None:
    for words in (("sla", "--help"), ("sla", "-h")):
        assert "due" in asking.prints(*words)
    said = asking.prints("sla", "due", "--help")
    for told in ("service", "severity", "clock", "--from", "--sla", "--json", "first_update"):
        assert told in said
    assert "Usage: " in asking.runs("sla").output
    assert "sla" in asking.prints("--help")


def test_what_an_incident_was_promised_is_shown_with_its_ledger(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    address = f"sqlite:///{tmp_path / 'kept.db'}"
    with closing(Store(address)) as store:
        store.migrate()
        policy = load(ROOT / "config", ROOT / "runbooks")
        declared = IncidentDeclared(by="amina", title="Scores are stale", severity="sev1", service="churn-scoring")
        Engine(store, policy, SystemClock()).handle(declared)
    found = json.loads(terminal.prints("sla", "show", "1", "--json", DATABASE_URL=address))
    clocks = {each["clock"]: each for each in found["clocks"]}
    assert clocks["acknowledge"]["promised"] == "5m"
    assert [stretch["counted"] for stretch in clocks["resolve"]["stretches"]] == [True]
    assert "resolve (standard): running, 8h on always, due" in terminal.prints("sla", "show", "1", DATABASE_URL=address)
    assert "There is no incident INC-2" in terminal.refuses("sla", "show", "2", DATABASE_URL=address)


def test_without_a_database_there_is_nothing_to_show(tmp_path: Path) -> None:
    said = Terminal(tmp_path).refuses("sla", "show", "1", DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert "There is no database yet" in said


class Past(Terminal):
    """Runs `bot sla adherence` and `what-if` on a database with one incident, acknowledged late."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.since = datetime.now(UTC) - timedelta(days=3)
        declared = {"title": "Scores are stale", "severity": "sev1", "service": "churn-scoring", "declared_by": "amina"}
        due, met = self.since + timedelta(minutes=5), self.since + timedelta(minutes=8)
        held = SlaClock(Clock.ACKNOWLEDGE, self.since, due, timedelta(minutes=5), "always", "standard", promised="5m")
        late = replace(held, met_at=met, breached_at=due, used=timedelta(minutes=8), held_by="amina")
        with closing(Store(f"sqlite:///{folder / 'baton.db'}")) as store:
            store.migrate()
            with store.transaction() as work:
                number = work.next_number()
                times = {"declared_at": self.since, "started_at": self.since, "clocks": (late,)}
                work.save(None, Incident(number=number, **declared, **times))
                work.record(Record(number=number, at=self.since, by="amina", what=Entry.DECLARED, new="sev1"))
                work.record(Record(number=number, at=met, by="amina", what=Entry.ACKNOWLEDGED))
                work.record(Record(number=number, at=met, by="amina", what=Entry.STATUS, new="resolved"))

    def file(self, text: str) -> str:
        (self.folder / "policy.yaml").write_text(text)
        return str(self.folder / "policy.yaml")


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    monkeypatch.chdir(tmp_path)
    return Past(tmp_path)


def test_how_promises_were_kept_is_drawn_and_told_to_machines(looking: Past) -> None:
    found = json.loads(looking.prints("sla", "adherence", "--by", "region", "--json"))
    assert found["overall"]["breached"] == 1
    assert [(each["region"], each["clock"], each["worst_seconds_late"]) for each in found["groups"]] == [
        ("KE", "acknowledge", 180.0)
    ]
    assert "0 of 1 promises were met (0%); 1 were broken, by 3 min" in looking.prints("sla", "adherence")
    assert "no promise was met or broken" in looking.prints("sla", "adherence", "--since", "2d")
    assert json.loads(looking.prints("sla", "adherence", "--until", "2d", "--json"))["overall"]["counted"] == 1
    day = f"{looking.since:%Y-%m-%d}"
    lines = looking.prints("sla", "adherence", "--since", day, "--by", "team", "--csv").splitlines()
    assert lines[0].startswith("team,clock,counted,met,breached,")
    assert lines[1].startswith("support,acknowledge,1,0,1,")


STANDARD = "slas: {standard: {targets: {sev1: {acknowledge: %s}, sev2: {}, sev3: {}, sev4: {}}}}\n"


def test_what_other_promises_would_have_come_to(looking: Past) -> None:
    found = json.loads(looking.prints("sla", "what-if", looking.file(STANDARD % "10m"), "--json"))
    assert found["clocks"] == [{"clock": "acknowledge", "breached": 1, "would_breach": 0}]
    assert [(each["incident"], each["would_breach"]) for each in found["changes"]] == [(1, False)]
    file = looking.file(STANDARD % "10m" + "services: {churn-scoring: {sla: gold}}\n")  # 5m; the rest of it stays
    changed = json.loads(looking.prints("sla", "what-if", file, "--json"))["changes"]
    assert [(each["clock"], each["would_breach"]) for each in changed] == []
    hours = 'calendars: {never: {hours: ["Mon 00:00-00:01"]}}\n'
    file = looking.file(STANDARD % "{within: 8h, calendar: never}" + hours)
    assert "0 more promises would have been broken, 1 would not any more" in looking.prints("sla", "what-if", file)
    assert "nothing would have been otherwise" in looking.prints("sla", "what-if", file, "--since", "1d")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slas: {standard: {targets: {sev1: {acknowlege: 10m}, sev2: {}, sev3: {}, sev4: {}}}}",
         ':1: slas.standard.targets.sev1.acknowlege: "acknowlege" is not known here; did you mean "acknowledge"?'),
        (STANDARD % "{within: 10m, calendar: nairobi}",
         ':1: slas.standard.targets.sev1.acknowledge.calendar: there is no calendar "nairobi"; did you mean '
         '"nairobi-office"?'),
        ("calendars:\n  office: {}\n", ": it has no slas; write under slas: what is promised instead"),
        ("", ": it has no slas; write under slas: what is promised instead"),
        (STANDARD % "1m" + "people: {}\n",
         ":2: people: this decides on no promise; only slas, calendars, services, customers, workspace can be tried "
         "here"),
        (STANDARD % "1m" + "services:\n  churn-scoring: {sla: golden}\n",
         ':3: services.churn-scoring.sla: there is no SLA "golden"; did you mean "gold"?'),
        (STANDARD % "1m" + "workspace: {default_sla: golden}\n",
         ':2: workspace.default_sla: there is no SLA "golden"; did you mean "gold"?'),
        ("slas: [", ":1: this is not YAML: expected the node content, but found '<stream end>' while parsing a flow "
                    "node"),
        ("- slas", ":1: a file of the configuration is a map of sections like people:, not a list"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_is_told_with_its_line(text: str, said: str, looking: Past) -> None:
    file = looking.file(text)
    assert looking.refuses("sla", "what-if", file) == f"{file}{said}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("adherence", "--by", "tean"), "Nothing can be grouped by 'tean'. Did you mean team?\n"),
        (("adherence", "--by", "xyzzy"), "Nothing can be grouped by 'xyzzy'. Known are clock, service, severity, "
                                         "customer, team, region, shift, person.\n"),
        (("adherence", "--since", "30x"), "'30x' is neither a length of time like 30d nor a date like 2026-03-01.\n"),
        (("adherence", "--since", "1d", "--until", "2d"), "--until must come after --since.\n"),
        (("adherence", "--json", "--csv"), "Ask for --json or for --csv, not for both.\n"),
        (("adherence",), "There is no database yet; `bot run` makes it. If there should be one, look at "
                         "DATABASE_URL.\n"),
        (("what-if", "none.yaml"), "none.yaml cannot be read: no such file or directory.\n"),
        (("what-if", "."), ". cannot be read: is a directory.\n"),
        (("what-if", "none.yaml", "--since", "soon"),
         "'soon' is neither a length of time like 30d nor a date like 2026-03-01.\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_back_at_is_said_in_one_sentence(
    words: tuple[str, ...], said: str, asking: Asking
) -> None:
    assert asking.refuses("sla", *words) == said


def test_help_names_everything_that_can_be_grouped_by(asking: Asking) -> None:
    said = asking.prints("sla", "adherence", "--help")
    assert [name for name in GROUPS if name not in said] == []
    for name in GROUPS:
        assert "There is no database yet" in asking.refuses("sla", "adherence", "--by", name)
