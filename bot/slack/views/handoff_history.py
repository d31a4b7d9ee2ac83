"""How the handoffs of late went: in all, by schedule and region, and the latest of them."""

from datetime import timedelta

from bot.policy.model import Policy
from bot.reports.handoffs import Group, History, Measured, Part
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, and_more, context, divider, drawn, section, sentence
from bot.slack.words import labels
from bot.slack.words.handoffs import people
from bot.slack.words.text import line
from bot.slack.words.times import lasted, when

MOST_GROUPS = 10
MOST_HANDOFFS = 10
LINES_IN_A_BLOCK = 5


def history(found: History, schedule: str | None, policy: Policy, names: Names) -> Drawn:
    """Of one schedule, if one is named."""
    days = (found.until - found.since).days
    of = f" of {labels.schedule(schedule, policy)}" if schedule else ""
    if not found.handoffs:
        return sentence(f"No handoff{of} in the last {days} days.")
    text = f"Handoffs{of} in the last {days} days: {found.overall.handoffs}"
    groups = [f"*{_whose(group, policy)}* ({group.handoffs}): {_went(group)}" for group in found.groups[:MOST_GROUPS]]
    latest = [_handoff(each, policy, names) for each in found.handoffs[:MOST_HANDOFFS]]
    return drawn(
        text,
        [
            section(f"*{text}*\n{_went(found.overall)}"),
            *(section(group) for group in groups if len(found.groups) > 1),
            context(and_more(len(found.groups) - MOST_GROUPS, "groups: `bot handoffs` shows them")),
            divider(),
            *(
                section("\n".join(latest[start : start + LINES_IN_A_BLOCK]))
                for start in range(0, len(latest), LINES_IN_A_BLOCK)
            ),
            context(and_more(len(found.handoffs) - MOST_HANDOFFS, "earlier: `bot handoffs` shows them")),
        ],
    )


def _whose(group: Group, policy: Policy) -> str:
    return f"{labels.schedule(group.schedule, policy)} to {line(group.region, 40)}"


def _went(group: Group) -> str:
    """The shares of what could be measured, and the counts that are not nothing."""
    told = [
        _of(group.on_time, "posted on time"),
        _of(group.soon, "accepted within 5 min"),
        _of(group.at_last, "within 15 min"),
        f"{lasted(group.to_accept)} to accept in the middle" if group.to_accept is not None else "",
        _of(group.filled, "filled in"),
        f"{group.questions} questions" if group.questions else "",
        f"{group.declined} declined" if group.declined else "",
        f"{group.carried} carried over" if group.carried else "",
        f"{group.updates_missed} updates missed within the hour after" if group.updates_missed else "",
        f"🔴 {lasted(group.unowned)} without an owner" if group.unowned > timedelta() else "never without an owner",
    ]
    return " · ".join(filter(None, told))


def _of(part: Part, what: str) -> str:
    return f"{round(part.share * 100)}% {what}" if part.share is not None else ""


def _handoff(each: Measured, policy: Policy, names: Names) -> str:
    count = f"{each.items} incident{'' if each.items == 1 else 's'}" if each.items else "quiet"
    who = f"{people(each.outgoing, names)} → {people(each.incoming, names)}"
    if each.accepted_by is not None:
        state = f"✅ after {lasted(each.waited)}"
    else:
        state = "⏳ waits" if each.waits else "↪️ nobody took it"
    late = f"posted {lasted(each.late)} late" if each.late is not None and each.on_time is False else ""
    facts = [labels.schedule(each.schedule, policy), when(each.at), who, count, state, late]
    return " · ".join(filter(None, facts))
