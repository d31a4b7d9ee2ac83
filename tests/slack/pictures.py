"""The messages and views whose pictures are kept in golden/, by name."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core import events as happened
from bot.core import runbook_events as walked
from bot.core.effects import Notice, OfferRunbooks, PostNotice, PostReminder, PostUpdate, SendDirect, SendReminder
from bot.core.incident import Incident, Role, Status, StepState
from bot.policy.model import Clock
from bot.slack.views import announcement, home, lists, modals, notice, reminder, runbook, update
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn
from bot.slack.views.page import page
from bot.slack.views.path import path
from tests.slack.build import NAMES, NINE, POLICY, History, declared, under_way
from tests.slack.handoff_pictures import HANDOFF_PICTURES
from tests.slack.oncall_pictures import ONCALL_PICTURES
from tests.slack.paging_pictures import PAGING_PICTURES
from tests.slack.runbook_pictures import RUNBOOK_PICTURES
from tests.slack.sla_pictures import SLA_PICTURES

Picture = Drawn | dict[str, Any]


def _card(history: History) -> Drawn:
    return card(history.incident, POLICY, NAMES, history.now)


def _acknowledged() -> History:
    return under_way().passes(minutes=2).happens(happened.IncidentAcknowledged(number=42, by="amina", page="42-1"))


def _updated() -> History:
    text = "Rolled back to champion-1.\nWaiting for @[luis] to confirm <fast>."
    posted = happened.UpdatePosted(number=42, by="amina", text=text, status=Status.MONITORING)
    return _acknowledged().passes(minutes=8).happens(posted)


def _resolved() -> History:
    resolved = happened.IncidentResolved(number=42, by="amina", summary="The upstream table was late.")
    return _updated().passes(hours=1).happens(resolved)


def _exhausted() -> History:
    history = under_way()
    for _ in range(4):
        history.passes(minutes=10).step_falls_due()
    return history


def _page(history: History, index: int = 0) -> Drawn:
    return page(history.incident, history.incident.pages[index], POLICY, NAMES)


OF_CLOCKS = {
    "on": "customer",
    "until": (NINE + timedelta(hours=4)).isoformat(),
    "stands": "mitigate resolve",
    "moved": f"mitigate {(NINE + timedelta(hours=6)).isoformat()};resolve {(NINE + timedelta(hours=12)).isoformat()}",
    "moment": "acknowledged",
    "was": NINE.isoformat(),
    "now": (NINE - timedelta(minutes=3)).isoformat(),
}


def _notices() -> Drawn:
    """Every kind of news, one after the other."""
    facts = {
        "by": "amina",
        "person": "luis",
        "people": "luis sita",
        "to": "sita",
        "targets": "schedule:l1 team:support person:amina",
        "why": "channel_not_found",
        "old": "triage",
        "new": "monitoring",
        "role": "scribe",
        "note": "Two\nlines <!channel>",
    }
    incident = under_way().incident
    shown = []
    for kind in Notice:
        told = facts | {"old": "sev3", "new": "sev1"} if kind is Notice.SEVERITY else facts
        told = facts | {"old": "luis"} if kind is Notice.HANDED_OVER else told
        told = facts | OF_CLOCKS if kind in (Notice.WAITING, Notice.WAITING_ENDED, Notice.CORRECTED) else told
        shown += notice.notice(PostNotice(number=42, notice=kind, facts=told), incident, POLICY, NAMES).blocks
    return Drawn("every notice", shown)


def _merged() -> History:
    merged = happened.IncidentMerged(number=42, by="amina", into=43, reason="The same job failed.")
    return _acknowledged().passes(minutes=3).happens(merged)


def _survivor() -> Incident:
    return replace(under_way().incident, number=43, title="The upstream <table> is late", channel="C043")


def _took_in() -> History:
    """One that was declared ten minutes before, and had had an update."""
    before = NINE - timedelta(minutes=10)
    answers = f"acknowledged {before.isoformat()} luis;update {NINE.isoformat()} luis"
    taken = happened.IncidentTookIn(
        number=42,
        by="amina",
        other=41,
        title="Scores <are> late",
        channel="C041",
        declared=before,
        started=before,
        answers=answers,
        acknowledged_by="luis",
        people=("luis", "sita"),
        reason="The same job failed.",
    )
    return _acknowledged().passes(minutes=3).happens(taken)


def _told(history: History, survivor: Incident | None = None) -> Drawn:
    return notice.notice(history.last(PostNotice), history.incident, POLICY, NAMES, survivor=survivor)


def _reminder(clock: Clock, share: float) -> Drawn:
    history = _acknowledged() if clock is not Clock.ACKNOWLEDGE else under_way()
    effect = PostReminder(number=42, clock=clock, share=share, due=NINE + timedelta(minutes=15), to=("amina", "sita"))
    return reminder.reminder(effect, history.incident, POLICY, NAMES)


def _to_one(clock: Clock, share: float, person: str = "amina") -> Drawn:
    history = _acknowledged() if clock is not Clock.ACKNOWLEDGE else under_way()
    effect = SendReminder(number=42, clock=clock, share=share, due=NINE + timedelta(minutes=15), person=person)
    return reminder.direct(effect, history.incident, POLICY, NAMES)


def _run(*taken: tuple[str, StepState, str | None, str]) -> Drawn:
    history = _acknowledged().happens(walked.RunbookStarted(number=42, by="amina", runbook="stale-predictions"))
    for step, state, answer, reason in taken:
        event = walked.RunbookStepTaken(
            number=42, by="amina", run="42-r1", step=step, state=state, answer=answer, reason=reason
        )
        history.passes(minutes=1).happens(event)
    return runbook.run(history.incident.runs[0], history.incident, POLICY, NAMES, history.now)


def _some() -> list[Incident]:
    quiet = declared(number=7, severity="sev3", title="Labels are late", service=None).incident
    return [quiet, _updated().incident]


def _home() -> dict[str, Any]:
    return home.home("amina", [*_some(), declared(number=43).incident], POLICY, NAMES, NINE + timedelta(minutes=12))


def _timeline(history: History) -> Drawn:
    return lists.timeline(history.incident, history.records, POLICY, NAMES)


PICTURES: Mapping[str, Callable[[], Picture]] = {
    "card_declared": lambda: _card(declared()),
    "card_acknowledged": lambda: _card(_acknowledged()),
    "card_updated": lambda: _card(_updated()),
    "card_exhausted": lambda: _card(_exhausted()),
    "card_resolved": lambda: _card(_resolved()),
    "card_closed": lambda: _card(_resolved().happens(happened.IncidentClosed(number=42, by="amina"))),
    "card_declined": lambda: _card(
        under_way().happens(happened.IncidentDeclined(number=42, by="luis", reason="A false alarm"))
    ),
    "card_second_step_and_roles": lambda: _card(
        under_way()
        .passes(minutes=5)
        .step_falls_due()
        .happens(happened.RoleTaken(number=42, by="luis", role=Role.SCRIBE, person="vendor"))
    ),
    "announcement": lambda: announcement.announcement(_updated().incident, POLICY, NAMES),
    "page_before_the_channel": lambda: _page(declared()),
    "page_open": lambda: _page(under_way().passes(minutes=5).step_falls_due(), -1),
    "page_acknowledged": lambda: _page(_acknowledged()),
    "page_superseded": lambda: _page(
        under_way().passes(minutes=5).step_falls_due().happens(happened.IncidentAcknowledged(number=42, by="luis")),
        1,
    ),
    "page_replaced": lambda: _page(under_way().passes(minutes=5).step_falls_due()),
    "page_declined": lambda: _page(under_way().happens(happened.PageDeclined(number=42, by="amina", page="42-1"))),
    "page_exhausted": lambda: _page(_exhausted(), -1),
    "page_undelivered": lambda: _page(
        under_way().happens(happened.DeliveryGivenUp(number=42, effect="SendPage", why="user_not_found", page="42-1"))
    ),
    "page_of_an_ended_incident": lambda: _page(under_way().happens(happened.IncidentResolved(number=42, by="luis"))),
    "notices": _notices,
    "direct_no_channel": lambda: notice.direct(
        SendDirect(number=42, to="luis", notice=Notice.GIVEN_UP, facts={"why": "restricted_action"}),
        declared().incident,
        POLICY,
        NAMES,
    ),
    "direct_path_exhausted": lambda: notice.direct(
        SendDirect(number=42, to="sita", notice=Notice.PATH_EXHAUSTED), _exhausted().incident, POLICY, NAMES
    ),
    "card_merged": lambda: card(_merged().incident, POLICY, NAMES, _merged().now, _survivor()),
    "card_took_in": lambda: _card(_took_in()),
    "notice_merged": lambda: _told(_merged(), _survivor()),
    "notice_took_in": lambda: _told(_took_in()),
    "timeline_took_in": lambda: _timeline(_took_in()),
    "modal_merge": lambda: modals.merge(under_way().incident, [_survivor()]) or {},
    "update": lambda: update.update(_updated().last(PostUpdate), _updated().incident, POLICY, NAMES),
    "reminder_acknowledge": lambda: _reminder(Clock.ACKNOWLEDGE, 0.5),
    "reminder_first_update": lambda: _reminder(Clock.FIRST_UPDATE, 0.75),
    "reminder_mitigate_late": lambda: _reminder(Clock.MITIGATE, 1.0),
    "reminder_to_the_paged": lambda: _to_one(Clock.ACKNOWLEDGE, 0.5),
    "reminder_to_the_lead": lambda: _to_one(Clock.FIRST_UPDATE, 0.75),
    "reminder_to_the_lead_of_the_team": lambda: _to_one(Clock.MITIGATE, 1.0, "sita"),
    "runbook_offer": lambda: runbook.offer(
        under_way().last(OfferRunbooks).runbooks, under_way().incident, POLICY, NINE
    ),
    "runbook_begun": lambda: _run(),
    "runbook_question": lambda: _run(("last-run", StepState.SKIPPED, None, "The dashboard is down")),
    "runbook_last_step": lambda: _run(("last-run", StepState.DONE, None, ""), ("upstream", StepState.DONE, "yes", "")),
    "runbook_finished": lambda: _run(("last-run", StepState.FAILED, None, ""), ("upstream", StepState.DONE, "no", "")),
    "home": _home,
    "home_quiet": lambda: home.home("sita", [], POLICY, NAMES, NINE),
    "list": lambda: lists.incidents("Open incidents", _some(), POLICY, NAMES, NINE + timedelta(minutes=12)),
    "list_empty": lambda: lists.incidents("Open incidents", [], POLICY, NAMES, NINE),
    "show": lambda: lists.show(under_way().incident, POLICY, NAMES, NINE),
    "timeline": lambda: _timeline(_resolved()),
    "path": lambda: path(_exhausted().incident, POLICY, NAMES),
    "path_running": lambda: path(under_way().incident, POLICY, NAMES),
    **SLA_PICTURES,
    **ONCALL_PICTURES,
    **PAGING_PICTURES,
    **RUNBOOK_PICTURES,
    **HANDOFF_PICTURES,
    "menu": lambda: lists.menu(under_way().incident, 2),
    "help": lambda: lists.help_("🤔 There is no `/incident declaer`. Did you mean `/incident declare`?"),
    "modal_declare": lambda: modals.declare(POLICY, title="Scores", severity="sev2", service="payments"),
    "modal_update": lambda: modals.update(_updated().incident, NAMES),
    "modal_status": lambda: modals.status(_updated().incident),
    "modal_severity": lambda: modals.severity(_updated().incident, POLICY),
    "modal_page": lambda: modals.page(under_way().incident, POLICY) or {},
    "modal_resolve": lambda: modals.resolve(_updated().incident),
    "modal_note": lambda: modals.note("Luis Rojas: look", _some()),
}
