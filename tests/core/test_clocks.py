"""The clocks against a slow count, minute by minute, over random histories."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.clocks import clocks
from bot.core.history import Entry, Mark, waits
from bot.core.incident import OPEN, SlaClock, Status
from bot.policy.model import Clock, Terms
from tests.core.given import NOON

MINUTE = timedelta(minutes=1)
TERMS = Terms.model_validate(
    {
        "severities": ["sev1", "sev2", "sev3", "sev4"],
        "calendars": {"always": {}, "office": {"hours": ["Mon-Fri 08:00-17:00"]}},
        "slas": {
            "gold": {
                "pause_while": {"waiting": ["customer"], "clocks": ["acknowledge", "mitigate", "resolve"]},
                "targets": {
                    "sev1": {"acknowledge": "10m", "mitigate": "40m", "resolve": "2h", "accept": "15m"},
                    "sev2": {"acknowledge": "20m", "accept": "40m", "resolve": {"within": "3h", "calendar": "office"}},
                    "sev3": {"acknowledge": "50m", "mitigate": "100m", "resolve": "5h"},
                    "sev4": {},
                },
            }
        },
    }
)
GOLD = TERMS.slas["gold"]
AFTERNOON = NOON + timedelta(hours=3)  # two hours before the office closes

marks = st.one_of(
    st.just((Entry.ACKNOWLEDGED, None)),
    st.sampled_from([(Entry.SEVERITY, name) for name in TERMS.severities]),
    st.sampled_from([(Entry.STATUS, name) for name in ("investigating", "monitoring", "resolved", "declined")]),
    st.tuples(st.just(Entry.WAITING), st.sampled_from(["customer 30", "customer 90", "partner 60"])),
    st.just((Entry.WAITING_ENDED, None)),
    st.sampled_from([(Entry.HANDED_OVER, None), (Entry.TAKEN_OVER, None)]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Mark]:
    """What could happen in order: nothing after `declined`, no move to the status that it has, and only what is open
    is handed over."""
    at = AFTERNOON
    found = [Mark(at, Entry.DECLARED, new=draw(st.sampled_from(TERMS.severities)))]
    status, severity = "triage", found[0].new or ""
    for gap, (what, new) in draw(st.lists(st.tuples(st.integers(1, 45), marks), max_size=12)):
        if status == "declined" or new in (status, severity):
            continue
        if what is Entry.HANDED_OVER and Status(status) not in OPEN:
            continue
        at += gap * MINUTE
        if what is Entry.WAITING:
            on, length = (new or "").split()
            new = waits(on, at + int(length) * MINUTE)
        found.append(Mark(at, what, new=new))
        status = new or "" if what is Entry.STATUS else status
        severity = new or "" if what is Entry.SEVERITY else severity
    return found


@dataclass
class Counted:
    due: datetime | None = None
    cancelled: datetime | None = None


def slowly(history: list[Mark], clock: Clock, now: datetime) -> Counted | None:
    """Walks every minute with the state as it was then; None if nothing was ever promised."""
    by_minute = {mark.at: mark for mark in history}
    status, severity, until, taken, accepted = Status.TRIAGE, "", None, False, False
    ran: list[datetime] = []  # the minutes in which the clock ran, whatever the calendar
    base, found = history[0].at, None
    at = history[0].at
    while at <= now:
        mark = by_minute.get(at)
        if found and found.cancelled is None and found.due is None and severity:
            found.due = broken(ran, base, severity, clock, at)
        if mark is not None:
            if mark.what is Entry.STATUS:
                status = Status(mark.new or "")
            accepted = accepted or mark.what is Entry.TAKEN_OVER or status not in OPEN
            taken = taken or mark.what is Entry.ACKNOWLEDGED or status is Status.RESOLVED
            if mark.what in (Entry.WAITING, Entry.WAITING_ENDED):
                until = None
            if mark.what is Entry.WAITING and (mark.new or "").startswith("customer"):
                until = datetime.fromisoformat((mark.new or "").split(" until ")[1])
            if mark.what in (Entry.SEVERITY, Entry.DECLARED) and not over(clock, history, at):
                old, severity = severity, mark.new or ""
                target = GOLD.targets[severity].get(clock)
                if found is None or found.due is None:
                    base = at if old and TERMS.rank(severity) > TERMS.rank(old) else history[0].at
                    if target is not None:
                        found = Counted(broken(ran, base, severity, clock, at))
                    elif found is not None:
                        found.cancelled = found.cancelled or at
        waiting = until is not None and at < until
        runs = {
            Clock.ACKNOWLEDGE: not taken and status is not Status.DECLINED,
            Clock.MITIGATE: status in OPEN and status is not Status.MONITORING,
            Clock.RESOLVE: status in OPEN,
            Clock.ACCEPT: not accepted,
        }[clock]
        if runs and not (waiting and clock is not Clock.ACCEPT):
            ran.append(at)
        at += MINUTE
    return found


def over(clock: Clock, history: list[Mark], at: datetime) -> bool:
    """Whether the clock has ended for good by then."""
    states = [(mark.at, Status(mark.new or "")) for mark in history if mark.what is Entry.STATUS]
    if any(status is Status.DECLINED and then <= at for then, status in states):
        return True
    if clock is Clock.ACCEPT:
        taken = [mark.at for mark in history if mark.what is Entry.TAKEN_OVER]
        return any(then <= at for then in (*taken, *(then for then, status in states if status not in OPEN)))
    if clock is Clock.ACKNOWLEDGE:
        taken = [mark.at for mark in history if mark.what is Entry.ACKNOWLEDGED]
        taken += [then for then, status in states if status is Status.RESOLVED]
        return any(then <= at for then in taken)
    ends = {Status.RESOLVED, Status.DECLINED} | ({Status.MONITORING} if clock is Clock.MITIGATE else set())
    stopped = [(then, status in ends) for then, status in states]
    return bool(stopped) and stopped[-1][1] and first_of_last_stop(stopped) <= at


def first_of_last_stop(stopped: list[tuple[datetime, bool]]) -> datetime:
    started = max((then for then, stops in stopped if not stops), default=datetime(2000, 1, 1, tzinfo=UTC))
    return min(then for then, stops in stopped if stops and then > started)


def broken(ran: list[datetime], base: datetime, severity: str, clock: Clock, at: datetime) -> datetime | None:
    """When the time was up, if it was by `at`: the end of the last minute of it."""
    target = GOLD.targets[severity].get(clock)
    if target is None:
        return None
    office = target.calendar == "office"
    counted = [m for m in ran if m >= base and (not office or (m.weekday() < 5 and 8 <= m.hour < 17))]
    whole = int(target.within / MINUTE) if isinstance(target.within, timedelta) else 0
    return counted[whole - 1] + MINUTE if len(counted) >= whole and counted[whole - 1] + MINUTE <= at else None


def of_the_last_handover(history: list[Mark]) -> list[Mark]:
    """From the instant of it on, as if it had been declared then; empty if there was none."""
    began, severity, waits_for_it = -1, "", False
    severities = []
    for place, mark in enumerate(history):
        severity = mark.new or "" if mark.what in (Entry.DECLARED, Entry.SEVERITY) else severity
        severities.append(severity)
        if mark.what is Entry.HANDED_OVER and not waits_for_it:
            began, waits_for_it = place, True
        ended = mark.what is Entry.STATUS and Status(mark.new or "") not in OPEN
        waits_for_it = waits_for_it and not (ended or mark.what is Entry.TAKEN_OVER)
    if began < 0:
        return []
    return [Mark(history[began].at, Entry.DECLARED, new=severities[began]), *history[began + 1 :]]


@settings(max_examples=250, deadline=None)
@given(histories(), st.integers(0, 300))
def test_the_acceptance_is_counted_from_the_last_handover(history: list[Mark], later: int) -> None:
    now = history[-1].at + later * MINUTE
    found = [held for held in clocks(history, TERMS, now) if held.clock is Clock.ACCEPT]
    since = of_the_last_handover(history)
    slow = slowly(since, Clock.ACCEPT, now) if since else None
    last = found[-1] if found and since and found[-1].started >= since[0].at else None
    assert (last is None) == (slow is None)
    if last is not None and slow is not None:
        assert last.breached_at == slow.due


@settings(max_examples=250, deadline=None)
@given(histories(), st.integers(0, 300))
def test_every_clock_is_as_the_slow_count_says(history: list[Mark], later: int) -> None:
    now = history[-1].at + later * MINUTE
    found = {held.clock: held for held in clocks(history, TERMS, now)}
    for clock in (Clock.ACKNOWLEDGE, Clock.MITIGATE, Clock.RESOLVE):
        slow = slowly(history, clock, now)
        held = found.get(clock)
        assert (held is None) == (slow is None), clock
        if held is not None and slow is not None:
            assert held.breached_at == slow.due, clock


@settings(max_examples=100, deadline=None)
@given(histories(), st.integers(0, 300), st.integers(0, 300))
def test_a_breach_is_never_taken_back_by_time(history: list[Mark], earlier: int, later: int) -> None:
    then, now = (history[-1].at + span * MINUTE for span in sorted((earlier, later)))
    before = {held.key: held for held in clocks(history, TERMS, then)}
    after = {held.key: held for held in clocks(history, TERMS, now)}
    assert before.keys() == after.keys()
    for key, held in before.items():
        assert held.breached_at in (None, after[key].breached_at)
        assert held.due == after[key].due


def test_several_slas_are_counted_side_by_side() -> None:
    both = replace_slas({"gold": GOLD, "internal": GOLD})
    found: list[SlaClock] = list(clocks([Mark(NOON, Entry.DECLARED, new="sev1")], both, NOON))
    assert [(held.sla, held.clock) for held in found] == [
        (name, clock) for name in ("gold", "internal") for clock in (Clock.ACKNOWLEDGE, Clock.MITIGATE, Clock.RESOLVE)
    ]
    assert {replace(held, sla="") for held in found if held.sla == "gold"} == {
        replace(held, sla="") for held in found if held.sla == "internal"
    }


def replace_slas(slas: dict[str, object]) -> Terms:
    return TERMS.model_copy(update={"slas": slas})
