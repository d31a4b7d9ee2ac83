"""Who was asked in by hand, and what they answered."""

from collections.abc import Sequence

from bot.core.incident import Incident, Page, PageState
from bot.slack.names import Names
from bot.slack.words.text import listed
from bot.slack.words.times import when

MOST_NAMED = 15

_ANSWERS = {
    PageState.ACKNOWLEDGED: "🙋 Joined",
    PageState.OPEN: "📟 Asked",
    PageState.DECLINED: "🙅 Can't join",
    PageState.UNANSWERED: "⌛ No answer",
    PageState.UNDELIVERED: "⚠️ Not reached",
}
_SINCE_WHEN = (PageState.OPEN, PageState.UNANSWERED)


def responders(incident: Incident, names: Names) -> str:
    """A line each for those who joined, are asked, declined and did not answer; empty if nobody was asked."""
    last = {page.person: page for page in incident.pages if page.by_hand}  # whoever was asked twice: the newer answer
    lines = []
    for state, answer in _ANSWERS.items():
        found = [page for page in last.values() if page.state is state]
        if found:
            lines.append(f"{answer}: {_people(found, names, since=state in _SINCE_WHEN)}")
    return "\n".join(["*Responders*", *lines]) if lines else ""


def _people(found: Sequence[Page], names: Names, *, since: bool) -> str:
    told = [
        f"{names.mention(page.person)}{f' ({when(page.paged_at)})' if since else ''}" for page in found[:MOST_NAMED]
    ]
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return listed([*told, *more])
