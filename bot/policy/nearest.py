"""The known name that a mistyped one most likely means; for kind answers."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_PARTS = re.compile(r"[-._/ ]")


def known(name: str, names: Iterable[str]) -> str | None:
    """The name meant by `name`: itself in any case, the only one that begins so, or the nearest; else None."""
    by_text = {candidate.lower(): candidate for candidate in names}
    wanted = name.strip().lower()
    if wanted in by_text:
        return by_text[wanted]
    if len(wanted) > 1:
        longer = [text for text in by_text if text.startswith(wanted)]
        if len(longer) == 1:
            return by_text[longer[0]]
    by_text = {**_telling_parts(by_text), **by_text}
    close = get_close_matches(wanted, by_text, n=1)
    return by_text[close[0]] if close else None


def _telling_parts(by_text: Mapping[str, str]) -> dict[str, str]:
    """The parts that only one name has: "fraud" tells fraud-detection from all others."""
    owners: dict[str, list[str]] = {}
    for text, name in by_text.items():
        for part in set(_PARTS.split(text)):
            owners.setdefault(part, []).append(name)
    return {part: found[0] for part, found in owners.items() if len(found) == 1 and len(part) > 2}


def meant(name: str, names: Iterable[str]) -> str:
    """A sentence to go after one about an unknown name: the nearest one, or all of them."""
    candidates = list(names)
    nearest = known(name, candidates)
    return f"Did you mean {nearest}?" if nearest else f"Known are {', '.join(candidates) or 'none'}."


def hint(name: str, names: Iterable[str], show: int = 8) -> str:
    """The end of a sentence about an unknown name: the nearest one, or all of them if they are few."""
    candidates = list(names)
    nearest = known(name, candidates)
    if nearest is not None:
        return f'; did you mean "{nearest}"?'
    if 0 < len(candidates) <= show:
        return f"; known are {', '.join(candidates)}"
    return ""
