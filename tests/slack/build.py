"""A small team, and incidents made as they are made in life: by what happened to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.core import effects as do
from bot.core.decide import decide
from bot.core.events import CardPosted, ChannelCreated, IncidentDeclared, IncidentEvent, StepFellDue
from bot.core.incident import Incident, Message
from bot.policy.model import Policy
from bot.slack.names import Names

Kind = TypeVar("Kind")

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

POLICY = Policy.model_validate(
    {
        "workspace": {
            "announcements": "#incidents",
            "default_escalation_path": "follow-the-sun",
            "default_sla": "standard",
        },
        "people": {
            "amina": {"name": "Amina Otieno", "slack": "U0AMINA", "time_zone": "Africa/Nairobi"},
            "luis": {"name": "Luis Rojas", "email": "luis@example.com", "time_zone": "America/Bogota"},
            "sita": {"name": "Sita Gurung", "slack": "U0SITA", "time_zone": "Asia/Kathmandu"},
            "vendor": {"name": "Vendor <on call> & co"},
        },
        "teams": {
            "support": {"name": "MLOps Support", "kind": "support", "lead": "sita", "members": ["amina", "luis"]}
        },
        "severities": {
            "sev1": {"name": "Critical", "means": "Customers are harmed now", "re_page_after": "30m"},
            "sev2": {"name": "Major", "means": "Customers will be harmed soon"},
            "sev3": {"name": "Minor"},
        },
        "services": {
            "churn-scoring": {
                "name": "Churn scoring",
                "kind": "batch-inference",
                "customer": "Acme Telecom",
                "support": "support",
                "links": {"dashboard": "https://grafana.example.com/d/churn?a=1&b=2"},
            },
            "payments": {"name": "Payment fraud", "kind": "online-inference"},
        },
        "schedules": {
            "l1": {
                "name": "Support L1",
                "layers": [
                    {
                        "name": "nairobi",
                        "time_zone": "Africa/Nairobi",
                        "on_call": ["Mon-Sun 08:00-16:00"],
                        "rotation": {"every": "1w", "starts": "2026-01-05T08:00", "people": ["amina"]},
                    },
                    {
                        "name": "bogota",
                        "time_zone": "America/Bogota",
                        "rotation": {"every": "1w", "starts": "2026-01-05T08:00", "people": ["luis"]},
                    },
                ],
                "handoff": {"channel": "#mlops-handoffs"},
            }
        },
        "escalation_paths": {
            "follow-the-sun": {
                "repeat": 1,
                "steps": [
                    {"page": ["schedule:l1"], "wait": "5m"},
                    {"page": ["team:support"], "wait": "10m", "when": {"severity": ["sev1", "sev2"]}},
                ],
            }
        },
        "slas": {
            "standard": {
                "warn_at": ["50%", "75%"],
                "targets": {"sev1": {"acknowledge": "5m", "first_update": "15m", "update": "30m", "mitigate": "2h"}},
            }
        },
        "runbooks": {
            "stale-predictions": {
                "id": "stale-predictions",
                "title": "Predictions are stale",
                "owner": "support",
                "reviewed": "2026-02-01",
                "applies_to": {"kinds": ["batch-inference"]},
                "steps": [
                    {
                        "id": "last-run",
                        "do": "Open {{ service.links.dashboard }} and find the last good run.",
                        "expect": "A success within the last {{ service.freshness | default('24 hours') }}.",
                        "safe": True,
                    },
                    {"id": "upstream", "ask": "Did the table arrive?", "answers": {"yes": "rerun", "no": "end"}},
                    {"id": "rerun", "run": {"http": {"method": "POST", "url": "https://jobs/1"}}, "approve": "lead"},
                ],
            }
        },
    }
)

NAMES = Names(POLICY, {"luis": "U0LUIS"})

DECLARED = IncidentDeclared(number=42, by="luis", title="Scores are stale", severity="sev1", service="churn-scoring")


class History:
    """An incident, everything that was done about it, and a clock that only moves when told."""

    def __init__(self, policy: Policy = POLICY, now: datetime = NINE) -> None:
        self.policy = policy
        self.now = now
        self.state: Incident | None = None
        self.effects: list[do.Effect] = []

    @property
    def incident(self) -> Incident:
        assert self.state is not None
        return self.state

    def passes(self, **span: int) -> "History":
        self.now += timedelta(**span)
        return self

    def happens(self, event: IncidentEvent) -> "History":
        decision = decide(self.state, event, self.now, self.policy)
        assert decision.refusal is None, decision.refusal
        self.state = decision.state
        self.effects.extend(decision.effects)
        return self

    def step_falls_due(self) -> "History":
        escalation = self.incident.escalation
        assert escalation is not None
        fell = StepFellDue(number=self.incident.number, round=escalation.round, step=escalation.step)
        return self.happens(fell)

    def last(self, kind: type[Kind]) -> Kind:
        return [effect for effect in self.effects if isinstance(effect, kind)][-1]

    @property
    def records(self) -> list[do.Record]:
        return [effect for effect in self.effects if isinstance(effect, do.Record)]


def declared(**changes: Any) -> History:
    """Just declared: paged, but not even the channel stands."""
    return History().happens(replace(DECLARED, **changes))


def under_way(**changes: Any) -> History:
    """Declared, with its channel and its card."""
    history = declared(**changes)
    number = history.incident.number
    history.happens(ChannelCreated(number=number, channel="C042", name="inc-42-scores-are-stale"))
    return history.happens(CardPosted(number=number, message=Message("C042", "1.1")))
