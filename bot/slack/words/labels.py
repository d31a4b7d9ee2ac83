"""What things are called: severities, statuses, clocks, services, the people a step pages."""

from collections.abc import Iterable

from bot.core.incident import Incident, Role, Status, StepState
from bot.policy.model import Clock, PageTarget, Policy, TargetKind
from bot.slack.words.text import escape, line, listed

_DOTS = ("🔴", "🟠", "🟡", "🔵")
_NO_DOT = "⚪"

_CLOCKS = {
    Clock.ACKNOWLEDGE: "Acknowledgement",
    Clock.FIRST_UPDATE: "First update",
    Clock.UPDATE: "Update",
    Clock.MITIGATE: "Mitigation",
    Clock.RESOLVE: "Resolution",
    Clock.RCA: "Root cause",
    Clock.ACTION: "Action",
    Clock.ACCEPT: "Acceptance",
}
_STEPS = {StepState.DONE: "✅", StepState.SKIPPED: "⏭️", StepState.FAILED: "❌"}


def dot(severity: str, policy: Policy) -> str:
    """The worse, the redder."""
    return (*_DOTS, _NO_DOT)[min(policy.rank(severity), len(_DOTS))] if severity in policy.severities else _NO_DOT


def mark(incident: Incident, policy: Policy) -> str:
    """At a glance: how bad it is, or that it is over."""
    if incident.is_open:
        return dot(incident.severity, policy)
    return {Status.DECLINED: "➖", Status.MERGED: "🔀"}.get(incident.status, "✅")


def worst_first(incidents: Iterable[Incident], policy: Policy) -> list[Incident]:
    return sorted(incidents, key=lambda incident: (policy.rank(incident.severity), incident.number))


def severity(key: str, policy: Policy) -> str:
    """“Critical (sev1)”."""
    known = policy.severities.get(key)
    return f"{escape(known.name)} ({escape(key)})" if known else escape(key)


def severity_in_plain(key: str, policy: Policy) -> str:
    """The same for where Slack reads no markup."""
    known = policy.severities.get(key)
    return f"{known.name} ({key})" if known else key


def how_bad(key: str, policy: Policy) -> str:
    """“*Critical (sev1)*: Customers are harmed now”."""
    harmed = harm(key, policy)
    return f"*{severity(key, policy)}*{f': {harmed}' if harmed else ''}"


def harm(key: str, policy: Policy) -> str:
    """What the severity means for customers; empty if nobody said so."""
    known = policy.severities.get(key)
    return line(known.means, 300) if known else ""


def status(key: str) -> str:
    return key.capitalize() if key in list(Status) else escape(key)


def clock(key: Clock) -> str:
    return _CLOCKS[key]


def role(key: str) -> str:
    return {Role.LEAD: "lead", Role.COMMUNICATIONS: "communications", Role.SCRIBE: "scribe"}.get(Role(key), key)


def step_mark(state: StepState) -> str:
    return _STEPS[state]


def service(key: str | None, policy: Policy) -> str:
    """“Churn scoring (Acme Telecom)”."""
    if key is None:
        return "no service named"
    known = policy.services.get(key)
    if known is None:
        return escape(key)
    return line(f"{known.name} ({policy.customer_name(known.customer)})" if known.customer else known.name)


def of_an_alert(given: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} = {line(value, 100)}" for name, value in given)


def changed_of_an_alert(new: str | None, gone: str | None) -> str:
    """`new` is NAME=VALUE …, `gone` the names of those taken away."""
    told = [f"set {line(new, 500)}"] if new else []
    told += [f"took {line(gone, 500)} away"] if gone else []
    return f"{' and '.join(told)} (labels)"


def category(key: str | None, policy: Policy) -> str:
    known = policy.categories.get(key or "")
    return line(known.name if known else key or "of no category")


def team(key: str, policy: Policy) -> str:
    known = policy.teams.get(key)
    return line(known.name if known else key)


def target(named: PageTarget, policy: Policy) -> str:
    """Whom a step pages, in words."""
    match named.kind:
        case TargetKind.PERSON:
            return line(policy.person_name(named.name))
        case TargetKind.TEAM:
            return f"team {team(named.name, policy)}"
        case TargetKind.SCHEDULE:
            return f"whoever is on call for {schedule(named.name, policy)}"
        case TargetKind.GROUP:
            return f"everybody in {line(named.name)}"
        case TargetKind.CHANNEL:
            return f"anybody in {line(named.name)}"


def targets(named: Iterable[PageTarget], policy: Policy) -> str:
    return listed([target(each, policy) for each in named])


def schedule(key: str, policy: Policy) -> str:
    return line(policy.schedule_name(key))
