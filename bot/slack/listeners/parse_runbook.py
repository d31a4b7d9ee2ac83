"""Which runbook is meant: by its name or a part of it, or by words that stand in it. Pure."""

import re
from collections.abc import Iterator

from bot.policy.model import Policy
from bot.policy.runbook import Runbook

MOST_FOUND = 10
_IN_NAME, _IN_CATEGORY, _IN_STEPS = 8, 4, 1


def named(words: str, policy: Policy) -> list[Runbook]:
    """The one with this id or title; else all whose id or title has every word, or part of a word, that is given."""
    wanted, exact = _bare(words).split(), called(words, policy)
    if exact is not None or not wanted:
        return [exact] if exact else []
    return [book for book in policy.runbooks.values() if all(word in _name(book) for word in wanted)]


def called(words: str, policy: Policy) -> Runbook | None:
    """The one with exactly this id or title."""
    wanted = _bare(words)
    return next((book for book in policy.runbooks.values() if wanted in (_bare(book.id), _bare(book.title))), None)


def search(words: str, policy: Policy) -> list[Runbook]:
    """The best ten that have all of the words, or else any of them; names weigh more than categories and steps."""
    wanted = _bare(words).split()
    weighed = [(book, [_weight(word, book, policy) for word in wanted]) for book in policy.runbooks.values()]
    whole = [(book, weights) for book, weights in weighed if wanted and all(weights)]
    some = whole or [(book, weights) for book, weights in weighed if any(weights)]
    best = sorted(some, key=lambda found: (-sum(found[1]), found[0].id))
    return [book for book, _ in best[:MOST_FOUND]]


def _weight(word: str, book: Runbook, policy: Policy) -> int:
    if word in _name(book):
        return _IN_NAME
    if word in _bare(" ".join(_when(book, policy))):
        return _IN_CATEGORY
    return _IN_STEPS if word in _bare(" ".join(_texts(book))) else 0


def _name(book: Runbook) -> str:
    return f"{_bare(book.id)} {_bare(book.title)}"


def _when(book: Runbook, policy: Policy) -> Iterator[str]:
    """For what kinds of trouble it is: also the words of alerts, which people paste."""
    applies = book.applies_to
    yield from (*applies.services, *applies.kinds, *applies.categories, *applies.labels.values())
    yield from (policy.categories[key].name for key in applies.categories if key in policy.categories)


def _texts(book: Runbook) -> Iterator[str]:
    for step in book.steps:
        yield from filter(None, (step.id, step.text, step.expect, *step.answers))


def _bare(text: str) -> str:
    """Small letters and single spaces: `stale-predictions` and “Stale Predictions” are the same."""
    return " ".join(re.sub(r"[-_]", " ", text.lower()).split())
