"""The library of runbooks: the reminder of those that nobody has reviewed for long."""

from collections.abc import Sequence
from datetime import timedelta

from bot.policy.durations import written
from bot.policy.model import Policy
from bot.policy.runbook import Runbook
from bot.slack.views.drawn import Drawn, and_more, context, drawn, section
from bot.slack.words.text import line

MOST_BOOKS = 20


def review(stale: Sequence[Runbook], policy: Policy) -> Drawn:
    """For their owner, once a month; in the order in which they are given."""
    one = len(stale) == 1
    what = "One runbook of yours has" if one else f"{len(stale)} runbooks of yours have"
    text = f"📚 {what} not been reviewed within {_days(policy.workspace.runbooks_reviewed_within)}."
    rows = [_row(book) for book in stale[:MOST_BOOKS]]
    more = [and_more(len(stale) - MOST_BOOKS)] if len(stale) > MOST_BOOKS else []
    read = "Read it" if one else "Read each"
    todo = f"{read}, put right what has changed, and write today’s date at `reviewed:` in its file."
    return drawn(text, [section(f"*{text}*"), section("\n".join([*rows, *more])), context(todo)])


def _days(within: timedelta) -> str:
    return f"{within.days} days" if within % timedelta(days=1) == timedelta() and within.days > 1 else written(within)


def _row(book: Runbook) -> str:
    when = f"last reviewed {book.reviewed}" if book.reviewed else "never reviewed"
    return f"• {line(book.title, 100)} (`{line(book.id, 80)}`): {when}"
