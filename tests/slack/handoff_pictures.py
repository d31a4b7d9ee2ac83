"""The pictures of handoffs: as they are posted and taken, in the thread, what people are told, and the forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.events import IncidentAcknowledged, LeadOffered
from bot.core.handoff import (
    Awake,
    ClockGlimpse,
    Handoff,
    HandoffItem,
    ItemState,
    Note,
    Plan,
    ShiftWatch,
    Summary,
    Trend,
    Words,
)
from bot.core.oncall_effects import AskAboutItem, AskForHandoff, TellOfHandoff
from bot.policy.model import Clock
from bot.reports.handoffs import history
from bot.slack.views import handoff_details, handoff_forms, handoff_history, handoff_news, home, lists
from bot.slack.views.drawn import Drawn
from bot.slack.views.handoff import handoff, preview
from tests.slack.build import NAMES, NINE, POLICY, under_way

AT = NINE + timedelta(hours=4)
ILL = HandoffItem(
    42,
    "Scores are stale",
    "sev1",
    "investigating",
    "amina",
    channel="C042",
    service="churn-scoring",
    model="churn-xgb",
    trend=Trend.WORSE,
    clocks=(
        ClockGlimpse(Clock.UPDATE, AT + timedelta(minutes=20), 0.34),
        ClockGlimpse(Clock.RESOLVE, AT + timedelta(hours=5), 0.5, "standard", AT + timedelta(hours=1)),
    ),
    waiting="customer: they send <the file>, says @[luis]",
    tried=("Predictions are stale, last-run: ✓", "Rolled back to champion-1", "The <table> is @[amina]'s", "Retrained"),
    path="follow-the-sun",
    awake=(Awake("amina", "16:00", False), Awake("sita", "18:45", False), Awake("luis", "08:00", False)),
    owners=("amina",),
)
PLANNED = replace(
    ILL,
    next_action="Rerun the scoring job",
    owner="luis",
    action_due=AT + timedelta(hours=1),
    if_then="If it is stale again by 18:00, roll back & tell @[sita]",
)
LABELS = HandoffItem(
    41,
    "Labels are late",
    "sev3",
    "monitoring",
    None,
    trend=Trend.BETTER,
    clocks=(ClockGlimpse(Clock.MITIGATE, AT - timedelta(minutes=5), 1.1),),
    awake=(),
)
SUMMARY = Summary(
    since=NINE - timedelta(hours=4),
    declared=2,
    resolved=((40, "Drift <in> churn"), (39, "Queue is full")),
    breaches=((39, "update"),),
    pages=5,
    at_night=2,
    gaps=((AT + timedelta(days=1), AT + timedelta(days=1, hours=2)),),
    holidays=(("amina", AT + timedelta(days=3), "Women's Day"),),
)
SAID = Words(
    start_here="INC-42: the rerun ends at 17:00",
    watch=("Queue of labels", "GPU pool <b>"),
    ahead="Retraining begins at 20:00",
    silences="PredictionsStale until 18:00",
    plans=(Plan(42, "Rerun the scoring job", "luis", AT + timedelta(hours=1), "If it is stale again, roll back"),),
    by="amina",
    at=AT - timedelta(minutes=12),
)
NOTES = (Note("amina", AT - timedelta(hours=2), "The backfill runs until 6"),)
HANDOFF = Handoff(
    id="l1-20260302T130000",
    schedule="l1",
    at=AT,
    outgoing=("amina",),
    incoming=("luis",),
    items=(PLANNED, LABELS),
    posted_at=AT,
    words=SAID,
    notes=NOTES,
    summary=SUMMARY,
)
BARE = replace(HANDOFF, items=(ILL, LABELS), words=Words(), notes=(), summary=Summary(since=NINE))
QUIET = replace(BARE, items=())
TAKEN_AT = AT + timedelta(minutes=3)
TAKEN = replace(
    HANDOFF,
    items=tuple(
        replace(item, state=ItemState.ACCEPTED, answered_by="luis", answered_at=TAKEN_AT) for item in HANDOFF.items
    ),
    taken_by="luis",
    taken_at=TAKEN_AT,
)
ANSWERED = replace(
    HANDOFF,
    items=(
        replace(PLANNED, state=ItemState.QUESTIONED, answered_by="luis", answered_at=TAKEN_AT, question="Which job?"),
        replace(LABELS, state=ItemState.DECLINED, answered_by="luis", answered_at=TAKEN_AT, question="I am <off>"),
    ),
)
ONE = HandoffItem(1, "Scores are stale", "sev2", "investigating", "amina", channel="C001", service="payments")


def many(count: int) -> Handoff:
    """So many open incidents, the first of them in full."""
    items = tuple(replace(PLANNED if number < 7 else ONE, number=number) for number in range(1, count + 1))
    return replace(HANDOFF, items=items)


def shown(handed: Handoff, newest: Handoff | None = None) -> Drawn:
    return handoff(handed, ShiftWatch("l1", ("luis",), "bogota", None, newest or handed), POLICY, NAMES)


def _replaced() -> Drawn:
    carried = tuple(replace(item, state=ItemState.CARRIED) for item in HANDOFF.items)
    later = replace(HANDOFF, id="l1-later", items=(PLANNED,))
    return shown(replace(HANDOFF, items=carried), later)


def _preview(handed: Handoff) -> Drawn:
    watch = ShiftWatch("l1", ("amina",), "nairobi", AT)
    return preview(replace(handed, id="", incoming=()), watch, ("luis",), POLICY, NAMES)


def _tells(person: str, why: str, handed: Handoff = HANDOFF, number: int | None = None) -> Drawn:
    effect = TellOfHandoff(schedule="l1", handoff=handed.id, person=person, why=why, number=number, by="luis")
    link = "https://team.slack.com/archives/C1/p1"
    return handoff_news.tells(effect, handed, link, AT + timedelta(minutes=5), POLICY, NAMES)


def _asks(handed: Handoff) -> Drawn:
    effect = AskForHandoff(schedule="l1", person="amina", at=AT)
    return handoff_news.asks(effect, ("luis",), handed, POLICY, NAMES)


def _not_asked() -> Drawn:
    effect = AskForHandoff(schedule="l1", person="amina", at=AT)
    return handoff_news.not_asked(effect, "their Slack account is deactivated", POLICY, NAMES)


def _question() -> Drawn:
    effect = AskAboutItem(
        schedule="l1", handoff=HANDOFF.id, number=42, by="luis", text="Which job?\nThe <nightly> one?"
    )
    return handoff_news.question(effect, PLANNED, HANDOFF, NAMES)


def _offer() -> Drawn:
    offered = under_way().happens(IncidentAcknowledged(number=42, by="amina"))
    return handoff_news.lead_offer("amina", offered.incident, POLICY, NAMES)


def _home() -> dict[str, Any]:
    offered = under_way().happens(IncidentAcknowledged(number=42, by="amina"))
    offered.happens(LeadOffered(number=42, by="amina", to="luis"))
    return home.home("luis", [offered.incident], POLICY, NAMES, AT, handoffs=[HANDOFF])


def _history() -> Drawn:
    handoffs = [HANDOFF, replace(TAKEN, id="l1-before", at=AT - timedelta(hours=8), posted_at=AT - timedelta(hours=8))]
    since = AT - timedelta(days=30)
    return handoff_history.history(history(handoffs, {}, POLICY, since, AT), "l1", POLICY, NAMES)


HANDOFF_PICTURES: Mapping[str, Callable[[], Drawn | dict[str, Any]]] = {
    "handoff": lambda: shown(HANDOFF),
    "handoff_as_it_stands": lambda: shown(BARE),
    "handoff_answered": lambda: shown(ANSWERED),
    "handoff_taken": lambda: shown(TAKEN),
    "handoff_read_back": lambda: shown(replace(TAKEN, sentence="INC-42 is worst; I rerun <the job>")),
    "handoff_replaced": _replaced,
    "handoff_early": lambda: shown(replace(HANDOFF, posted_at=AT - timedelta(minutes=50))),
    "handoff_quiet": lambda: shown(QUIET),
    "handoff_nothing_open": lambda: shown(replace(HANDOFF, items=())),
    "handoff_to_nobody": lambda: shown(replace(HANDOFF, incoming=())),
    "handoff_of_many": lambda: shown(many(30)),
    "handoff_details": lambda: handoff_details.details(many(20), 10, POLICY, NAMES)[0],
    "handoff_details_of_the_shift": lambda: handoff_details.details(many(20), 20, POLICY, NAMES)[0],
    "handoff_preview": lambda: _preview(HANDOFF),
    "handoff_preview_quiet": lambda: _preview(QUIET),
    "handoff_asks": lambda: _asks(HANDOFF),
    "handoff_asks_quiet": lambda: _asks(QUIET),
    "handoff_not_asked": _not_asked,
    "handoff_waits": lambda: _tells("luis", "incoming"),
    "handoff_waits_quiet": lambda: _tells("luis", "incoming", QUIET),
    "handoff_to_the_backup": lambda: _tells("sita", "backup"),
    "handoff_to_the_lead": lambda: _tells("sita", "lead"),
    "handoff_gap": lambda: _tells("amina", "gap", replace(HANDOFF, incoming=())),
    "handoff_gap_to_the_lead": lambda: _tells("sita", "gap", replace(HANDOFF, incoming=())),
    "handoff_declined": lambda: _tells("amina", "declined", ANSWERED, 41),
    "handoff_declined_to_the_lead": lambda: _tells("sita", "declined", ANSWERED, 42),
    "handoff_unreachable": lambda: handoff_news.unreachable("luis", "no Slack id", HANDOFF, POLICY, NAMES),
    "handoff_moved": lambda: handoff_news.with_link(
        handoff_news.moved(HANDOFF, "#mlops-handoffs", "Slack says is_archived", POLICY), "https://x"
    ),
    "handoff_question": _question,
    "handoff_history": _history,
    "handoff_help": lambda: lists.handoff_help("🤔 There is no `/handoff strat`. Did you mean `/handoff start`?"),
    "lead_offer": _offer,
    "lead_not_asked": lambda: handoff_news.lead_not_asked("luis", "their account is deactivated", NAMES),
    "home_with_handoffs": _home,
    "modal_complete_handoff": lambda: handoff_forms.complete("l1", HANDOFF.items, SAID, POLICY, NAMES),
    "modal_take_handoff": lambda: handoff_forms.take(HANDOFF),
    "modal_read_back": lambda: handoff_forms.read_back(TAKEN),
    "modal_question_item": lambda: handoff_forms.question(HANDOFF, PLANNED, POLICY),
    "modal_decline_item": lambda: handoff_forms.decline(HANDOFF, PLANNED, POLICY),
}
