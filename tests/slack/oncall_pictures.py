"""The pictures of what changes around schedules: who is on call, offers, news, forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.oncall_effects import RemindOfShift, TellOfMovedShifts, TellUnreachable
from bot.core.permitted import Span
from bot.core.standin import Offer, StandIn, StandInKind, StandInState
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.views import home, lists, oncall, oncall_forms, shifts, standin
from bot.slack.views.drawn import Drawn
from tests.slack.build import NAMES, NINE, POLICY

HOUR = timedelta(hours=1)
ONE = NINE + 4 * HOUR  # 13:00 UTC: Luis takes over from Amina
TOMORROW = NINE + timedelta(days=1)

# The day shift alone: from 13:00 UTC nobody is on call.
GAPPY = POLICY.model_copy(
    update={
        "schedules": {
            "l1": POLICY.schedules["l1"].model_copy(update={"layers": POLICY.schedules["l1"].layers[:1]}),
            "l2": POLICY.schedules["l1"].model_copy(update={"name": "", "layers": ()}),
        }
    }
)

OVERRIDE = StandIn(
    id=3,
    kind=StandInKind.OVERRIDE,
    schedule="l1",
    asked_by="sita",
    asked_at=NINE,
    spans=(Span(NINE + HOUR, NINE + 6 * HOUR, "sita"),),
    state=StandInState.STANDING,
    reason="The dentist <!channel>",
    stood_at=NINE,
)
COVER = StandIn(
    id=4,
    kind=StandInKind.COVER,
    schedule="l1",
    asked_by="amina",
    asked_at=NINE,
    spans=(Span(TOMORROW - 4 * HOUR, TOMORROW, None, "amina"),),
    state=StandInState.OFFERED,
    reason="A flight",
    offers=(Offer("luis"), Offer("sita")),
)
SWAP = StandIn(
    id=5,
    kind=StandInKind.SWAP,
    schedule="l1",
    asked_by="amina",
    asked_at=NINE,
    spans=(
        Span(TOMORROW - 4 * HOUR, TOMORROW + 4 * HOUR, "luis", "amina"),
        Span(TOMORROW + 4 * HOUR, TOMORROW + 20 * HOUR, "amina", "luis"),
    ),
    state=StandInState.OFFERED,
    offers=(Offer("luis"),),
)


def with_overrides(*standins: StandIn, policy: Policy = POLICY) -> Policy:
    return policy.model_copy(update={"overrides": tuple(each for one in standins for each in one.overrides())})


def accepted(standin: StandIn, by: str = "luis") -> StandIn:
    spans = tuple(replace(span, person=span.person or by) for span in standin.spans)
    return replace(standin, spans=spans, state=StandInState.STANDING, accepted_by=by, stood_at=NINE + HOUR)


def ended(standin: StandIn, state: StandInState, by: str | None, at: datetime = NINE + 2 * HOUR) -> StandIn:
    return replace(standin, state=state, ended_by=by, ended_at=at)


def declined(standin: StandIn, by: str) -> StandIn:
    return replace(standin, offers=tuple(replace(o, declined=o.declined or o.person == by) for o in standin.offers))


def _offer(asked: StandIn, person: str) -> Drawn:
    return standin.offer(asked, person, with_overrides(asked), NAMES, NINE)


def _news(changed: StandIn, person: str) -> Drawn:
    return standin.news(changed, person, with_overrides(changed), NAMES, NINE)


def _changed(changed: StandIn) -> Drawn:
    return standin.changed(changed, changed.asked_by, with_overrides(changed), NAMES, NINE)


def _changes(schedule: str | None = None) -> Drawn:
    undone = ended(replace(OVERRIDE, id=1, reason=""), StandInState.UNDONE, "luis")
    withdrawn = ended(replace(COVER, id=2), StandInState.UNDONE, "amina")
    over = replace(accepted(replace(SWAP, id=6)), spans=(Span(NINE - 8 * HOUR, NINE, "luis", "amina"),))
    found = [undone, withdrawn, OVERRIDE, COVER, accepted(SWAP), over]
    return standin.changes(found, POLICY, NAMES, NINE, schedule)


def _week() -> Drawn:
    standing = accepted(COVER)
    return oncall.week(with_overrides(OVERRIDE, standing, policy=GAPPY), NAMES, NINE, "l1")


def _home() -> dict[str, Any]:
    asked = [COVER, SWAP, declined(replace(COVER, id=9), "luis")]
    return home.home("luis", [], POLICY, NAMES, NINE + 5 * HOUR, asked)


TROUBLES = (
    oncall.FeedTrouble("vendor", NINE - 3 * HOUR, "the server answers 404 Not Found."),
    oncall.FeedTrouble("partner", None, "this is no calendar", ("Bob <b@x>",)),
)
MOVED = TellOfMovedShifts(
    schedule="l1",
    person="amina",
    gone=tuple((NINE + timedelta(days=day), NINE + timedelta(days=day) + 8 * HOUR) for day in range(10)),
    new=((ONE, ONE + 8 * HOUR),),
)


ONCALL_PICTURES: Mapping[str, Callable[[], Drawn | dict[str, Any]]] = {
    "oncall": lambda: oncall.oncall(POLICY, NAMES, NINE),
    "oncall_at_night": lambda: oncall.oncall(POLICY, NAMES, NINE, "l1", NINE + 19 * HOUR, TROUBLES),
    "oncall_nobody": lambda: oncall.oncall(GAPPY, NAMES, ONE),
    "oncall_stand_in": lambda: oncall.oncall(with_overrides(OVERRIDE), NAMES, NINE + 2 * HOUR),
    "oncall_no_schedules": lambda: oncall.oncall(Policy(), Names(Policy(), {}), NINE),
    "oncall_unknown": lambda: oncall.oncall(POLICY, NAMES, NINE, "l11"),
    "oncall_help": lambda: lists.oncall_help("🤔 I do not understand “L11”."),
    "week": _week,
    "week_without_an_end": lambda: oncall.week(GAPPY, NAMES, NINE, "l2"),
    "offer_cover": lambda: _offer(COVER, "luis"),
    "offer_cover_declined": lambda: _offer(declined(COVER, "luis"), "luis"),
    "offer_cover_yours": lambda: _offer(accepted(COVER), "luis"),
    "offer_cover_of_another": lambda: _offer(accepted(COVER), "sita"),
    "offer_cover_withdrawn": lambda: _offer(ended(COVER, StandInState.UNDONE, "amina"), "luis"),
    "offer_swap": lambda: _offer(SWAP, "luis"),
    "offer_swap_declined": lambda: _offer(ended(declined(SWAP, "luis"), StandInState.REFUSED, "luis"), "luis"),
    "offer_swap_expired": lambda: _offer(ended(SWAP, StandInState.EXPIRED, None), "luis"),
    "news_override": lambda: _news(OVERRIDE, "amina"),
    "news_override_undone": lambda: _news(ended(OVERRIDE, StandInState.UNDONE, "luis"), "amina"),
    "news_cover": lambda: _news(accepted(COVER), "amina"),
    "news_cover_refused": lambda: _news(ended(COVER, StandInState.REFUSED, "sita"), "amina"),
    "news_cover_expired": lambda: _news(ended(COVER, StandInState.EXPIRED, None), "amina"),
    "news_swap": lambda: _news(accepted(SWAP), "amina"),
    "news_swap_to_nobody": lambda: _news(ended(SWAP, StandInState.REFUSED, None), "amina"),
    "changed_override": lambda: _changed(OVERRIDE),
    "changed_cover_asked": lambda: _changed(COVER),
    "changed_swap_asked": lambda: _changed(SWAP),
    "changes": _changes,
    "changes_none": lambda: standin.changes([OVERRIDE], POLICY, NAMES, NINE, "l2"),
    "mine": lambda: shifts.mine("amina", with_overrides(OVERRIDE), NAMES, NINE),
    "mine_none": lambda: shifts.mine("vendor", POLICY, NAMES, NINE),
    "shift_reminder": lambda: shifts.reminder(
        RemindOfShift(schedule="l1", person="luis", start=ONE, end=ONE + 16 * HOUR), POLICY, NAMES, 2
    ),
    "shift_unreachable": lambda: shifts.unreachable(
        TellUnreachable(schedule="l1", to="sita", person="luis", start=ONE, why="channel_not_found"), POLICY, NAMES
    ),
    "shifts_moved": lambda: shifts.moved(MOVED, POLICY, NAMES),
    "home_with_offers": _home,
    "modal_override": lambda: oncall_forms.override("sita", POLICY, NAMES, NINE),
    "modal_override_given": lambda: oncall_forms.override(
        "sita", POLICY, NAMES, NINE, "l1", person="luis", start=TOMORROW, end=TOMORROW + HOUR, instead_of="amina"
    ),
    "modal_cover": lambda: oncall_forms.cover("amina", POLICY, NAMES, NINE),
    "modal_swap": lambda: oncall_forms.swap(
        "amina", _a_few_days(), NAMES, NINE, mine=TOMORROW, other="luis", theirs=TOMORROW + 6 * HOUR
    ),
    "modal_swap_without_shifts": lambda: oncall_forms.swap("sita", POLICY, NAMES, NINE, "l1"),
}


def _a_few_days() -> Policy:
    """Amina has the pager alone from the third day on, so that few shifts are left to choose from."""
    alone = Span(NINE + timedelta(days=3), NINE + timedelta(days=300), "amina")
    return with_overrides(replace(OVERRIDE, spans=(alone,)))
