"""What `bot doctor` looks at, one finding after the other: configuration, environment, database, Slack, people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import groupby

from rich.text import Text

from bot.core.concerned import turn_takers
from bot.engine.clock import Clock
from bot.engine.present import Present
from bot.integrations.contacts import unusable
from bot.policy.load import ConfigFaults, load
from bot.policy.model import Person, Policy
from bot.settings import BadSettings, Settings
from bot.slack.doctor import Finding, Grade, InSlack, SlackDoctor, pageable
from bot.store.engines import BadAddress
from bot.store.migrations import NewerDatabase, OlderDatabase
from bot.store.store import Store

LATE = timedelta(minutes=5)  # a message that has waited so long is not being sent
MARKS = {Grade.WELL: ("✓", "green"), Grade.HINT: ("!", "yellow"), Grade.FAULT: ("✗", "red")}
PEOPLE = "people"
_NOTHING: Mapping[str, str] = {}


def examine(settings: Callable[[], Settings], environ: Mapping[str, str], clock: Clock) -> Iterator[Finding]:
    """Everything that can be looked at; what rests on something that is missing is left out, and said.

    `settings` reads them, and raises BadSettings; `environ` has the addresses of contacts.
    """
    try:
        read = settings()
    except BadSettings as bad:
        yield Finding(Grade.FAULT, "environment", "settings", f"{str(bad).rstrip('.')}. Nothing else was looked at.")
        return
    yield from _examine(read, environ, clock)


def _examine(settings: Settings, environ: Mapping[str, str], clock: Clock) -> Iterator[Finding]:
    policy, findings = _configuration(settings, clock.now())
    yield from findings
    missing = _missing_tokens(settings)
    yield missing or Finding(Grade.WELL, "environment", "tokens", "What is needed to reach Slack is set.")
    database = _Database(settings.database_url, clock)
    yield from database.findings()
    slack = _slack(settings, clock)
    if slack is not None:
        yield from slack.connection()
    if policy is None:
        return
    policy = database.as_it_stands(policy)
    if slack is not None and slack.is_accepted:
        yield from slack.channels(policy)
        yield from slack.groups(policy)
    else:
        said = "Channels, user groups and accounts were not looked at, because Slack could not be asked."
        yield Finding(Grade.HINT, "slack", "the rest", said)
        slack = None
    turns = [person for name in policy.schedules for person in turn_takers(name, clock.now(), policy)]
    turns += [override.person for override in policy.overrides]
    for key in pageable(policy, turns):
        person = policy.people[key]
        if slack is None and not person.contact:
            continue
        yield _person(key, person, slack.person(person, database.slack_ids.get(key)) if slack else None, environ)


def is_well(findings: Iterable[Finding]) -> bool:
    return all(finding.grade is not Grade.FAULT for finding in findings)


def report(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The shape of `bot doctor --json`."""
    return [{"room": each.room, "grade": str(each.grade), "about": each.about, "said": each.said} for each in findings]


def drawn(findings: Iterable[Finding]) -> Iterator[Text]:
    """A line each under the name of its room; people who are well in one line, for there may be hundreds."""
    for room, these in groupby(findings, key=lambda each: each.room):
        told = list(these)
        yield Text(room.capitalize(), style="bold")
        if room == PEOPLE:
            well = [each for each in told if each.grade is Grade.WELL]
            told = [each for each in told if each.grade is not Grade.WELL]
            if well:
                many = "1 person can" if len(well) == 1 else f"{len(well)} people can"
                told.insert(0, Finding(Grade.WELL, room, "reached", f"{many} be, by every way that is configured."))
        for each in told:
            mark, colour = MARKS[each.grade]
            yield Text.assemble(("  " + mark, colour), f" {each.about}: ", each.said)


def _configuration(settings: Settings, now: datetime) -> tuple[Policy | None, list[Finding]]:
    about = f"{settings.baton_config}/ and {settings.baton_runbooks}/"
    try:
        policy = load(settings.baton_config, settings.baton_runbooks, since=now)
    except ConfigFaults as faults:
        many = "1 fault" if len(faults.faults) == 1 else f"{len(faults.faults)} faults"
        said = f"{many}, the first: {faults.faults[0]}. `bot check` names all of them."
        return None, [Finding(Grade.FAULT, "configuration", about, said)]
    return policy, [Finding(Grade.WELL, "configuration", about, f"Sound; {len(policy.people)} people.")]


def _missing_tokens(settings: Settings) -> Finding | None:
    try:
        settings.must_reach_slack()
    except BadSettings as bad:
        return Finding(Grade.FAULT, "environment", "tokens", str(bad))
    return None


def _slack(settings: Settings, clock: Clock) -> SlackDoctor | None:
    token = settings.slack_bot_token
    if token is None:
        return None
    timeout, app_token = settings.slack_timeout, settings.slack_app_token
    return SlackDoctor(token.get_secret_value(), app_token, settings.slack_api_url, timeout, clock)


class _TakenBack(Exception):
    """Ends a transaction so that nothing of it is kept."""


class _Database:
    """What is there; `slack_ids` are the people whom the bot has found by e-mail."""

    def __init__(self, address: str, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self._is_current = False
        self.slack_ids: Mapping[str, str] = _NOTHING

    def findings(self) -> Iterator[Finding]:
        try:
            with closing(Store(self._address)) as store:
                if not store.exists:
                    said = "There is none yet; `bot run` makes it. If there should be one, look at DATABASE_URL."
                    yield Finding(Grade.HINT, "database", "database", said)
                    return
                store.must_be_current()
                self._is_current = True
                yield Finding(Grade.WELL, "database", "database", "It opens, and is at the newest schema.")
                yield _writable(store)
                yield self._backlog(store)
        except OlderDatabase as older:
            grade = Grade.HINT if self._address.startswith("sqlite") else Grade.FAULT
            yield Finding(grade, "database", "database", str(older))
        except (BadAddress, NewerDatabase) as fault:
            yield Finding(Grade.FAULT, "database", "database", str(fault))

    def as_it_stands(self, policy: Policy) -> Policy:
        """With the stand-ins and calendars that the database knows of."""
        if not self._is_current:
            return policy
        with closing(Store(self._address)) as store, store.reading() as read:
            return Present(policy).policy(read, self._clock.now())

    def _backlog(self, store: Store) -> Finding:
        with store.reading() as read:
            backlog, self.slack_ids = read.backlog(), read.slack_ids()
        waited = self._clock.now() - backlog.oldest if backlog.oldest else timedelta()
        if waited > LATE:
            minutes = int(waited.total_seconds() // 60)
            said = (
                f"{backlog.waiting} wait to be sent, the oldest for {minutes} min: see that `bot run` is running, and "
                "what its log says."
            )
            return Finding(Grade.FAULT, "database", "messages", said)
        given_up = f"; {backlog.given_up} were refused for good" if backlog.given_up else ""
        return Finding(Grade.WELL, "database", "messages", f"{backlog.waiting} wait to be sent{given_up}.")


def _writable(store: Store) -> Finding:
    try:
        with suppress(_TakenBack), store.transaction() as work:
            work.save_slack_id("", "")
            raise _TakenBack
    except Exception as fault:  # whatever the driver raises: a full disk, a file or a server that is read-only
        said = f"It cannot be written to ({type(fault).__name__}): look at its rights and at the space on the disk."
        return Finding(Grade.FAULT, "database", "writing", said)
    return Finding(Grade.WELL, "database", "writing", "It can be written to.")


def _person(key: str, person: Person, in_slack: InSlack | None, environ: Mapping[str, str]) -> Finding:
    """Whether somebody can be paged; any way that is configured and does not work is a fault."""
    about = f"{key} ({person.name})"
    broken = [why for contact in person.contact if (why := unusable(contact, environ)) is not None]
    ways = [contact.name for contact in person.contact if unusable(contact, environ) is None]
    hints = []
    if in_slack is not None and in_slack.slack_id is not None:
        ways.insert(0, "Slack")
        hints += [in_slack.hint] if in_slack.hint else []
    elif in_slack is not None:
        (broken if person.slack or person.email or not ways else hints).append(in_slack.trouble)
    by = f"Can be reached by {' and '.join(ways)}" if ways else "Cannot be reached by any way"
    remarks = "; ".join([*broken, *hints])
    grade = Grade.FAULT if broken else Grade.HINT if hints else Grade.WELL
    return Finding(grade, PEOPLE, about, f"{by}: {remarks}." if remarks else f"{by}.")
