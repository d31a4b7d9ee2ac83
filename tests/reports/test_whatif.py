"""Past incidents counted again by other promises."""

from datetime import timedelta
from typing import Any

from rich.console import Console

from bot.core.clocks import clocks
from bot.core.history import Entry, Mark
from bot.core.incident import SlaClock
from bot.core.kept import Past
from bot.policy.model import Clock, Policy, Service, ServiceKind, Severity, Sla, terms_of
from bot.reports.whatif import WhatIf, report, summary, tables, what_if
from tests.oncall.build import utc

DECLARED, NOW = utc("2026-03-02 12:00"), utc("2026-03-31 12:00")
SINCE = DECLARED - timedelta(days=1)
MINUTE = timedelta(minutes=1)


def policy(sla: str | tuple[str, ...] = "gold", **targets: Any) -> Policy:
    """Every SLA that is named promises the same."""
    names = (sla,) if isinstance(sla, str) else sla
    return Policy(
        severities={"sev1": Severity(name="Critical")},
        services={"churn": Service(name="Churn", kind=ServiceKind("batch-inference"), sla=names)},
        slas={name: Sla.model_validate({"targets": {"sev1": targets}}) for name in names},
    )


THEN = policy(acknowledge="10m", resolve="1h")


def past(acknowledged: int, resolved: int | None, promised: Policy = THEN, **fields: Any) -> Past:
    """Acknowledged and resolved so many minutes after it was declared."""
    history = [
        Mark(DECLARED, Entry.DECLARED, new="sev1"),
        Mark(DECLARED + acknowledged * MINUTE, Entry.ACKNOWLEDGED, by="amina"),
    ]
    if resolved is not None:
        history.append(Mark(DECLARED + resolved * MINUTE, Entry.STATUS, new="resolved", by="amina"))
    held = clocks(history, terms_of("churn", promised), NOW)
    known: dict[str, Any] = {"number": 1, "title": "Stale [scores]", "severity": "sev1", "service": "churn"}
    return Past(**{**known, "clocks": held, "history": tuple(history), **fields})


def asked(changed: Policy, *found: Past) -> WhatIf:
    return what_if(found, changed, SINCE, NOW)


def changes(found: WhatIf) -> list[tuple[int, str, bool]]:
    return [(each.number, each.clock.value, each.breaks) for each in found.changes]


def test_the_same_promises_change_nothing() -> None:
    found = asked(THEN, past(5, 30), past(20, 90, number=2), past(20, None, number=3))
    assert found.changes == ()
    assert found.then == found.would == {Clock.ACKNOWLEDGE: 2, Clock.RESOLVE: 2}
    assert summary(found) == "3 incidents declared since 2026-03-01 12:00 UTC: nothing would have been otherwise."


def test_a_shorter_promise_would_have_been_broken_and_a_longer_one_not() -> None:
    found = asked(policy(acknowledge="2m", resolve="2h"), past(5, 90), past(1, 30, number=2))
    assert changes(found) == [(1, "acknowledge", True), (1, "resolve", False)]
    assert (dict(found.then), dict(found.would)) == ({Clock.RESOLVE: 1}, {Clock.ACKNOWLEDGE: 1})
    assert summary(found) == (
        "2 incidents declared since 2026-03-01 12:00 UTC: 1 more promise would have been broken, "
        "1 would not any more (1 were, 1 would have been)."
    )


def test_another_sla_takes_the_place_of_the_one_that_is_gone() -> None:
    assert changes(asked(policy("silver", acknowledge="10m", resolve="1h"), past(20, 90))) == []
    found = asked(policy("silver", acknowledge="30m", resolve="1h"), past(20, 90))
    assert changes(found) == [(1, "acknowledge", False)]
    then, would = found.changes[0].then, found.changes[0].would
    assert then and would and (then.sla, would.sla) == ("gold", "silver")


def test_one_more_sla_counts_for_itself() -> None:
    found = asked(policy(("gold", "internal"), acknowledge="10m", resolve="1h"), past(20, 30))
    assert changes(found) == [(1, "acknowledge", True)]
    assert (found.changes[0].then, found.changes[0].would and found.changes[0].would.sla) == (None, "internal")


def test_what_is_not_promised_any_more_is_not_broken() -> None:
    found = asked(policy(acknowledge="10m"), past(5, 90))
    assert changes(found) == [(1, "resolve", False)]
    assert found.changes[0].would is None


def test_what_had_fallen_due_while_baton_stood_still_was_broken() -> None:
    silent = past(5, None)
    unsaid = tuple(SlaClock(held.clock, held.started, held.due, held.within, "always", "gold", met_at=held.met_at)
                   for held in silent.clocks)  # fmt: skip
    assert changes(asked(THEN, past(5, None, clocks=unsaid))) == []


def test_an_incident_from_before_there_was_a_history_would_have_been_promised_nothing() -> None:
    assert changes(asked(THEN, past(20, 30, history=()))) == [(1, "acknowledge", False)]


def test_a_service_that_is_gone_has_the_default_promise() -> None:
    assert asked(THEN, past(5, 90, service="gone")).would == {}


def test_a_machine_is_told_each_change() -> None:
    assert report(asked(policy(acknowledge="2m", resolve="1h"), past(5, 30))) == {
        "since": "2026-03-01T12:00:00Z",
        "incidents": 1,
        "clocks": [{"clock": "acknowledge", "breached": 0, "would_breach": 1}],
        "changes": [
            {
                "incident": 1,
                "title": "Stale [scores]",
                "severity": "sev1",
                "service": "churn",
                "clock": "acknowledge",
                "turn": 0,
                "would_breach": True,
                "then": {"sla": "gold", "promised": "10m", "calendar": "always", "due": "2026-03-02T12:10:00Z"},
                "would": {"sla": "gold", "promised": "2m", "calendar": "always", "due": "2026-03-02T12:02:00Z"},
            }
        ],
    }


def shown(found: WhatIf) -> str:
    console = Console(width=200, highlight=False)
    with console.capture() as said:
        console.print(*tables(found), sep="\n")
    return said.get()


def test_a_terminal_shows_what_changes_and_of_many_the_first_fifty() -> None:
    stricter = policy(acknowledge="2m")
    said = shown(asked(stricter, past(5, 90)))
    assert "│ acknowledge │           0 │               1 │         +1 │" in said
    assert "INC-1" in said and "Stale [scores]" in said and "10m on always (gold)" in said
    assert "nothing" in said
    many = shown(asked(stricter, *(past(5, 30, number=number) for number in range(1, 61))))
    assert many.count("INC-") == 50
    assert "…and 10 more; --json has them all" in many
    assert "What changes" not in shown(asked(THEN, past(5, 90)))
