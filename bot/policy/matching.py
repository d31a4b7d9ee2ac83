"""Which runbooks fit a trouble: the best first, each with the reason."""

import re
from collections.abc import Mapping

from bot.policy.runbook import AppliesTo, Runbook


def matching(
    runbooks: Mapping[str, Runbook],
    service_id: str,
    service_kind: str,
    category: str | None = None,
    title: str = "",
    severity: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> list[tuple[Runbook, str]]:
    """The runbooks that apply, best first. Without a category, runbooks of every category are offered, and likewise
    without a label: one that is known and another than the runbook's rules it out.

    The labels and the category weigh most, then a word that the trouble's title and the runbook's share, then the
    service by name, then its kind and the severity; equals are in order of their ids.
    """
    fitting = []
    for runbook in runbooks.values():
        reasons = _reasons(runbook.applies_to, service_id, service_kind, category, severity, labels or {})
        if reasons is not None:
            reasons += [(3, f"the title says “{word}”") for word in _shared(title, runbook.title)[:1]]
            weight = sum(worth for worth, _ in reasons)
            words = " and ".join(text for _, text in reasons) or "it fits every service"
            fitting.append((-weight, runbook.id, runbook, f"because {words}"))
    return [(runbook, reason) for _, _, runbook, reason in sorted(fitting, key=lambda found: found[:2])]


def _shared(title: str, other: str) -> list[str]:
    """The words of some weight that stand in both."""
    words, others = (re.findall(r"\w{4,}", text.lower()) for text in (title, other))
    return [word for word in words if word in others]


def can_apply(applies_to: AppliesTo, service_id: str, service_kind: str) -> bool:
    """Whether the runbook may be shown for this service, whatever the trouble."""
    anywhere = not applies_to.services and not applies_to.kinds
    return anywhere or service_id in applies_to.services or service_kind in applies_to.kinds


def _reasons(
    applies_to: AppliesTo,
    service_id: str,
    service_kind: str,
    category: str | None,
    severity: str | None,
    labels: Mapping[str, str],
) -> list[tuple[int, str]] | None:
    """(weight, words) of each thing that fits, or None if the runbook does not apply."""
    if not can_apply(applies_to, service_id, service_kind):
        return None
    if applies_to.categories and category is not None and category not in applies_to.categories:
        return None
    if applies_to.severities and severity is not None and severity not in applies_to.severities:
        return None
    if any(labels.get(name, value) != value for name, value in applies_to.labels.items()):
        return None
    shared = [name for name in applies_to.labels if name in labels]
    others = applies_to.services or applies_to.kinds or applies_to.categories or applies_to.severities
    if applies_to.labels and not others and len(shared) < len(applies_to.labels):
        return None  # it waits for an alert with those labels
    reasons = [(5, f"{name} is {labels[name]}") for name in shared]
    if service_id in applies_to.services:
        reasons.append((2, f"service is {service_id}"))
    elif service_kind in applies_to.kinds:
        reasons.append((1, f"kind is {service_kind}"))
    if category is not None and category in applies_to.categories:
        reasons.insert(0, (4, f"category is {category}"))
    if severity is not None and severity in applies_to.severities:
        reasons.append((1, f"severity is {severity}"))
    return reasons
