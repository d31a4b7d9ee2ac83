"""What the incident channel is called, and its topic."""

import re
import unicodedata

from bot.core.incident import Incident
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.words import clocks, labels
from bot.slack.words.text import cut, escape, flat

LONGEST_NAME = 80
LONGEST_TOPIC = 250


def channel_name(template: str, number: int, title: str) -> str:
    """The name as Slack allows it: lower case, letters, digits, `-` and `_`, 80 at most."""
    room = LONGEST_NAME - len(template.format(number=number, slug=""))
    whole = template.format(number=number, slug=slug(title)[: max(room, 0)])
    name = re.sub(r"-{2,}", "-", re.sub(r"[^\w-]", "-", whole.lower())).strip("-_")
    return name[:LONGEST_NAME].strip("-_") or f"inc-{number}"


def slug(title: str) -> str:
    """The words of a title joined by hyphens; accents are folded, letters of other scripts kept."""
    folded = "".join(_folded(character) for character in title).lower()
    return re.sub(r"[\W_]+", "-", "".join(filter(_is_no_mark, folded))).strip("-")


def topic(incident: Incident, policy: Policy, names: Names) -> str:
    """Severity, status and lead, the worst clock if it is bad, then what it is about; at most 250 characters."""
    lead = escape(names.name(incident.lead)) if incident.lead else "nobody yet"
    state = f"{labels.severity(incident.severity, policy)} · {labels.status(incident.status)} · Lead: {lead}"
    worst = clocks.worst(incident) if incident.is_open else ""
    facts = (state, worst, escape(flat(incident.title)))
    return cut(f"{labels.mark(incident, policy)} {' · '.join(filter(None, facts))}", LONGEST_TOPIC)


def _folded(character: str) -> str:
    """`é` becomes `e`; a letter that has no plain Latin twin stays."""
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else character


def _is_no_mark(character: str) -> bool:
    return not unicodedata.category(character).startswith("M")
