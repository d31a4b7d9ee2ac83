"""The pictures of clocks: as they stand, as they were counted, and the form that pauses them."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core.events import (
    ClockFellDue,
    IncidentAcknowledged,
    IncidentResolved,
    IncidentWaits,
    InstantCorrected,
    SeverityChanged,
    UpdatePosted,
)
from bot.core.history import Moment
from bot.policy.model import Policy, Waiting
from bot.slack.views import sla
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn
from tests.slack.build import DECLARED, NAMES, NINE, POLICY, History

# A customer was promised one thing, and the teams another among themselves.
_PROMISED = Policy.model_validate(
    {
        "severities": {"sev1": {"name": "Critical"}, "sev2": {"name": "Major"}},
        "calendars": {"office": {"time_zone": "Africa/Nairobi", "hours": ["Mon-Fri 08:00-17:00"]}},
        "slas": {
            "standard": {
                "name": "Acme <gold>",
                "applies_to": {"kinds": ["batch-inference"]},
                "warn_at": ["50%"],
                "pause_while": {"waiting": ["customer"], "clocks": ["mitigate", "resolve"]},
                "targets": {
                    "sev1": {"acknowledge": "5m", "update": "30m", "mitigate": "2h", "resolve": "8h"},
                    "sev2": {"acknowledge": "15m", "mitigate": "4h", "resolve": "1d"},
                },
            },
            "desk": {
                "kind": "internal",
                "applies_to": {"kinds": ["batch-inference"]},
                "targets": {"sev2": {"resolve": {"within": "1 business day", "calendar": "office"}}},
            },
        },
    }
)
TWO = POLICY.model_copy(update={"slas": _PROMISED.slas, "calendars": _PROMISED.calendars})


def under_two() -> History:
    return History(TWO).happens(DECLARED)


def paused() -> History:
    history = under_two().passes(minutes=7).happens(IncidentAcknowledged(number=42, by="amina"))
    history.passes(minutes=13).happens(UpdatePosted(number=42, by="amina", text="Looking"))
    until = history.now.replace(hour=14)
    waits = IncidentWaits(number=42, by="amina", on=Waiting.CUSTOMER, until=until, reason="they send <the file>")
    return history.passes(minutes=10).happens(waits).passes(minutes=15)


def told() -> History:
    history = paused().passes(minutes=30).happens(SeverityChanged(number=42, by="luis", to="sev2", reason="Fallback"))
    correction = InstantCorrected(number=42, by="amina", moment=Moment.ACKNOWLEDGED, to=NINE.replace(minute=4))
    history.passes(minutes=5).happens(correction).happens(ClockFellDue(number=42))
    return history.passes(hours=6).happens(IncidentResolved(number=42, by="amina"))


def _sla(history: History) -> Drawn:
    return sla.sla(history.incident, NAMES, history.now)


def _explained(history: History) -> Drawn:
    return sla.explained(history.incident, NAMES, history.now)


SLA_PICTURES: Mapping[str, Callable[[], Drawn | dict[str, Any]]] = {
    "sla": lambda: _sla(under_two().passes(minutes=20)),
    "sla_paused": lambda: _sla(paused()),
    "sla_ended": lambda: _sla(told()),
    "sla_explained": lambda: _explained(told()),
    "sla_explained_paused": lambda: _explained(paused()),
    "card_paused": lambda: card(paused().incident, TWO, NAMES, paused().now),
    "modal_pause": lambda: sla.pause(under_two().incident, NINE, "customer", "they send the file"),
}
