"""What is said of incidents that were merged: which one goes on, and where."""

from bot.core.history import Entry, as_corrected, merged_in
from bot.core.incident import Incident
from bot.slack.names import Names
from bot.slack.words.text import line, listed
from bot.slack.words.times import when


def goes_on(incident: Incident, survivor: Incident | None) -> str:
    """“*INC-42 Scores are stale*; it goes on in #inc-42-scores-are-stale”."""
    if survivor is None:
        return f"*INC-{incident.merged_into}*" if incident.merged_into else "another"
    where = f"; it goes on in <#{survivor.channel}>" if survivor.channel else ""
    return f"*{survivor.name} {line(survivor.title)}*{where}"


def state(incident: Incident) -> str:
    """“merged into INC-42”, or just the status."""
    return f"merged into INC-{incident.merged_into}" if incident.merged_into else incident.status


def declared(incident: Incident, names: Names) -> str:
    """“9:05 AM by @amina”; “9:00 AM as INC-41” if that was earlier, and was merged into it."""
    marks = (mark for mark in as_corrected(incident.history) if mark.what is Entry.DECLARED)
    other = next((mark.old for mark in marks), None)
    who = f"as INC-{other}" if other else f"by {names.mention(incident.declared_by)}"
    return f"{when(incident.declared_at)} {who}"


def others(incident: Incident) -> str:
    """“INC-40 and INC-41”: those that were merged into it."""
    return listed([f"INC-{number}" for number in merged_in(incident.history)])
