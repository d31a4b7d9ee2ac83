"""The pictures of paging: pages by hand, in a channel and several in one, and paths that are held, wait or end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core import events as happened
from bot.core.effects import Notice, PostNotice
from bot.core.incident import Tried
from bot.core.simulation import simulate
from bot.policy.model import EscalationPath, PageTarget, Policy
from bot.slack.views import notice
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn
from bot.slack.views.page import Found, page, pages
from bot.slack.views.path import path
from bot.slack.views.service_path import service_path, simulated
from tests.slack.build import DECLARED, NAMES, NINE, POLICY, History, declared, under_way


def with_path(**path: Any) -> Policy:
    """The policy of the pictures with another path for everything."""
    whole = EscalationPath.model_validate({"steps": [{"page": ["schedule:l1"], "wait": "5m"}], **path})
    return POLICY.model_copy(update={"escalation_paths": {"follow-the-sun": whole}})


HELD = with_path(hold={"until": ["Mon-Fri 14:00-17:00"], "time_zone": "Africa/Nairobi", "holidays": "KE"})
BOTH = with_path(
    steps=[
        {"page": ["person:amina", "person:luis"], "wait": "5m", "acknowledge": "all"},
        {
            "page": ["schedule:l1", "group:@ml-oncall"],
            "wait": "10m",
            "when": {"hours": ["Mon-Fri 08:00-18:00"], "time_zone": "own", "holiday": False},
        },
        {"page": ["team:support"], "wait": "10m", "pick": "one"},
    ]
)
NO_PATH = POLICY.model_copy(update={"escalation_paths": {}})
CHANNEL = with_path(steps=[{"page": ["channel:#mlops-support"], "wait": "1h"}])


def with_responders() -> History:
    """Four people were asked in by hand; each answered in another way."""
    history = under_way().happens(happened.IncidentAcknowledged(number=42, by="amina"))
    people = [PageTarget.model_validate(f"person:{person}") for person in ("luis", "sita", "vendor", "amina")]
    asked = happened.RespondersPaged(number=42, by="amina", targets=tuple(people), note="Look at <features>, @[luis]")
    history.passes(minutes=1).happens(asked)
    history.happens(happened.IncidentAcknowledged(number=42, by="luis"))
    history.happens(happened.PageDeclined(number=42, by="sita", page="42-3"))
    return history.passes(minutes=15).happens(happened.AnswerFellDue(number=42, page="42-4"))


def both() -> History:
    """Amina has acknowledged; Luis must, too."""
    return (
        History(BOTH)
        .happens(DECLARED)
        .passes(minutes=1)
        .happens(happened.IncidentAcknowledged(number=42, by="amina", page="42-1"))
    )


def several() -> Sequence[Found]:
    """Three pages that wait for Amina, and one that has ended."""
    found = []
    for number, severity in ((41, "sev3"), (42, "sev1"), (43, "sev2"), (44, "sev2")):
        history = under_way(number=number, severity=severity, title=f"Trouble <{number}>")
        if number == 44:
            history.happens(happened.IncidentAcknowledged(number=44, by="luis"))
        found.append((history.incident, history.incident.pages[0]))
    return found


def _card(history: History) -> Drawn:
    return card(history.incident, history.policy, NAMES, history.now)


def _page(history: History, index: int) -> Drawn:
    return page(history.incident, history.incident.pages[index], history.policy, NAMES)


def _also_by() -> Drawn:
    incident = declared().incident
    tried = (Tried("SMS", NINE), Tried("e-mail", NINE, problem="refused"), Tried("push", NINE))
    return page(incident, replace(incident.pages[0], tried=tried), POLICY, NAMES)


def _path_of_all_ways() -> Drawn:
    incident = both().incident
    first, *rest = incident.pages
    tried = (Tried("SMS", NINE), Tried("e-mail", NINE, problem="refused <now>"))
    first = replace(first, delivered_at=NINE, tried=tried)
    return path(replace(incident, pages=(first, *rest)), BOTH, NAMES)


def _run_out() -> History:
    history = both()
    for _ in range(3):
        history.passes(minutes=10).step_falls_due()
    return history


def _news(history: History) -> Drawn:
    return notice.notice(history.last(PostNotice), history.incident, history.policy, NAMES)


def _held_news() -> Drawn:
    history = History(HELD).happens(DECLARED)
    held = [each for each in history.effects if isinstance(each, PostNotice) and each.notice is Notice.HELD]
    return notice.notice(held[0], history.incident, HELD, NAMES)


PAGING_PICTURES: Mapping[str, Callable[[], Drawn]] = {
    "card_held": lambda: _card(History(HELD).happens(DECLARED)),
    "card_responders": lambda: _card(with_responders()),
    "card_waits_for_another": lambda: _card(both()),
    "card_exhausted_though_somebody_has_it": lambda: _card(_run_out()),
    "page_also_by": _also_by,
    "page_by_hand": lambda: _page(with_responders(), 4),
    "page_by_hand_joined": lambda: _page(with_responders(), 1),
    "page_by_hand_declined": lambda: _page(with_responders(), 2),
    "page_by_hand_unanswered": lambda: _page(with_responders(), 3),
    "page_in_a_channel": lambda: _page(History(CHANNEL).happens(DECLARED), 0),
    "page_in_a_channel_taken": lambda: _page(
        History(CHANNEL).happens(DECLARED).happens(happened.IncidentAcknowledged(number=42, by="luis", page="42-1")), 0
    ),
    "pages_together": lambda: pages(several(), POLICY, NAMES),
    "pages_with_one_left": lambda: pages(several()[2:], POLICY, NAMES),
    "pages_with_none_left": lambda: pages([several()[3]] * 2, POLICY, NAMES),
    "path_held": lambda: path(History(HELD).happens(DECLARED).incident, HELD, NAMES),
    "path_waits_for_another": _path_of_all_ways,
    "path_with_responders": lambda: path(with_responders().incident, POLICY, NAMES),
    "path_ended": lambda: path(
        with_responders().passes(minutes=1).happens(happened.IncidentResolved(number=42, by="amina")).incident,
        POLICY,
        NAMES,
    ),
    "service_path": lambda: service_path("churn-scoring", None, POLICY, NAMES, NINE),
    "service_path_of_a_severity": lambda: service_path("churn-scoring", "sev1", BOTH, NAMES, NINE),
    "service_path_held": lambda: service_path("payments", "sev2", HELD, NAMES, NINE),
    "service_path_none": lambda: service_path("payments", None, NO_PATH, NAMES, NINE),
    "simulated": lambda: simulated(simulate("churn-scoring", "sev1", NINE, POLICY), POLICY, NAMES),
    "simulated_held": lambda: simulated(simulate("churn-scoring", "sev1", NINE, HELD), HELD, NAMES),
    "simulated_both": lambda: simulated(simulate("churn-scoring", "sev3", NINE, BOTH), BOTH, NAMES),
    "simulated_in_a_channel": lambda: simulated(simulate("payments", "sev3", NINE, CHANNEL), CHANNEL, NAMES),
    "simulated_without_a_path": lambda: simulated(simulate("payments", "sev3", NINE, NO_PATH), NO_PATH, NAMES),
    "notice_held": _held_news,
    "notice_acknowledged_by_one_of_two": lambda: _news(both()),
    "notice_exhausted_though_somebody_has_it": lambda: _news(_run_out()),
}
