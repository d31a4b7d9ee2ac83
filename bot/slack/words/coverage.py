"""What is said of a coverage: the sentences beside its picture."""

from collections.abc import Sequence

from bot.oncall.coverage import Coverage
from bot.policy.model import Policy
from bot.reports.coverage import summary
from bot.slack.words import labels
from bot.slack.words.text import escape, listed


def said(schedule: str, found: Coverage, policy: Policy) -> str:
    """The score first, then what it comes from."""
    first, *others = (escape(sentence) for sentence in summary(schedule, found, policy))
    return "\n".join([f"📊 *{first}*", *(f"• {sentence}" for sentence in others)])


def title(schedule: str, policy: Policy) -> str:
    return f"Coverage of {policy.schedule_name(schedule)}, 52 weeks"


def comes(schedules: Sequence[str], policy: Policy) -> str:
    names = listed([f"*{labels.schedule(key, policy)}*" for key in schedules])
    return f"📊 The coverage of {names} for the coming 52 weeks comes as a picture in a moment."
