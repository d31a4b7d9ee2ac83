"""What is said of one page: by which ways it went out, and how it ended."""

from bot.core.incident import Incident, Page, PageState
from bot.core.paging import is_channel
from bot.slack.names import Names
from bot.slack.words.merging import state
from bot.slack.words.notices import named
from bot.slack.words.text import line, listed
from bot.slack.words.times import when


def also_by(page: Page) -> str:
    """“Also by SMS and e-mail.”; those that failed are no news to whoever reads it here."""
    ways = [line(each.contact, 60) for each in page.tried if not each.problem]
    return f"Also by {listed(ways)}." if ways else ""


def ways(page: Page) -> str:
    """“by Slack and SMS; e-mail failed: refused”, for those who wonder whether it arrived."""
    worked = ["Slack"] if page.delivered_at else []
    worked += [line(each.contact, 60) for each in page.tried if not each.problem]
    failed = [("Slack", page.problem)] if page.problem else []
    failed += [(each.contact, each.problem) for each in page.tried if each.problem]
    parts = [f"by {listed(worked)}"] if worked else []
    parts += [f"{line(way, 60)} failed: {line(problem, 100)}" for way, problem in failed]
    return "; ".join(parts)


def outcome(page: Page, incident: Incident, names: Names) -> str:
    """How it ended, after “@Luis paged at …:”."""
    at = f", {when(page.ended_at)}" if page.ended_at else ""
    match page.state:
        case PageState.OPEN:
            return "no answer yet"
        case PageState.ACKNOWLEDGED:
            by = f" by {names.mention(page.ended_by)}" if page.ended_by and page.ended_by != page.person else ""
            return f"{'joined' if page.by_hand else 'acknowledged'}{by}{at}"
        case PageState.DECLINED:
            return f"can't {'join' if page.by_hand else 'take it'}{at}"
        case PageState.UNDELIVERED:
            return f"did not arrive{at}"
        case PageState.EXHAUSTED | PageState.UNANSWERED:
            return f"no answer in time{at}"
        case PageState.SUPERSEDED:
            return f"{_superseded(page, incident, names)}{at}"


def _superseded(page: Page, incident: Incident, names: Names) -> str:
    if page.ended_by and not _ended_with_it(page, incident):
        return f"{names.mention(page.ended_by)} took it"
    if _ended_with_it(page, incident):
        return "the incident ended"
    return "paged again" if paged_again(page, incident) else "another path began"


def ending(incident: Incident, page: Page, names: Names) -> str:
    """How it ended, for whoever was paged."""
    title = named(incident)
    at = f", {when(page.ended_at)}" if page.ended_at else ""
    match page.state:
        case PageState.ACKNOWLEDGED if is_channel(page.person) and page.ended_by:
            return f"✅ {names.mention(page.ended_by)} took {title}{at}."
        case PageState.ACKNOWLEDGED:
            return f"✅ You {'joined' if page.by_hand else 'took'} {title}{at}."
        case PageState.DECLINED if page.by_hand:
            return f"🙅 You can't join {title}{at}. {who_has_it(incident, names)}"
        case PageState.DECLINED:
            return f"🙅 You can't take {title}{at}. {who_has_it(incident, names)}"
        case PageState.EXHAUSTED:
            return f"⌛ Nobody acknowledged {title} in time{at}. {who_has_it(incident, names)}"
        case PageState.UNANSWERED:
            where = f" Whoever can help joins in <#{incident.channel}>." if incident.channel else ""
            return f"⌛ You were asked to join {title} and did not answer{at}.{where if incident.is_open else ''}"
        case PageState.UNDELIVERED:
            return f"⚠️ This page for {title} did not arrive{at}. {who_has_it(incident, names)}"
        case PageState.SUPERSEDED if not _ended_with_it(page, incident):
            return _gave_way(incident, page, title, at, names)
        case _:
            by = f" by {names.mention(page.ended_by)}" if page.ended_by else ""
            return f"✅ {title} is {state(incident)}{by}{at}. Nothing is left to do here."


def _gave_way(incident: Incident, page: Page, title: str, at: str, names: Names) -> str:
    if page.ended_by:
        return f"✅ {names.mention(page.ended_by)} took {title}{at}."
    if paged_again(page, incident):
        who = "This was" if is_channel(page.person) else "You were"
        return f"↪️ {who} paged again for {title}{at}; the newer message counts."
    return f"↪️ {title} has another severity{at}, and others are paged for it now. {who_has_it(incident, names)}"


def who_has_it(incident: Incident, names: Names) -> str:
    if not incident.is_open:
        return f"It is {state(incident)} now."
    if incident.acknowledged_by is not None:
        return f"{names.mention(incident.acknowledged_by)} has it."
    return f"Nobody has it yet; `/incident ack {incident.number}` takes it."


def paged_again(page: Page, incident: Incident) -> bool:
    """Whether a newer page to the same person took its place."""
    return any(
        other.person == page.person and other.paged_at == page.ended_at and not other.by_hand
        for other in incident.pages
        if other.id != page.id
    )


def _ended_with_it(page: Page, incident: Incident) -> bool:
    return page.ended_at is not None and page.ended_at in (incident.resolved_at, incident.closed_at)
