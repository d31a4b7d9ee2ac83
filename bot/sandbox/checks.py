"""Small checks of JSON that speak as Slack does, `must be less than 25 characters [json-pointer:/view/title/text]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str, "Faults"], None]


class Faults(list[str]):
    """What is wrong, each with a pointer to the place."""

    def say(self, message: str, pointer: str) -> None:
        self.append(f"{message} [json-pointer:{pointer or '/'}]")


def anything(value: Any, pointer: str, faults: Faults) -> None:
    """No rule."""


def boolean(value: Any, pointer: str, faults: Faults) -> None:
    if not isinstance(value, bool):
        faults.say("must be a boolean", pointer)


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.say("must be a string", pointer)
        elif len(value) > most:
            faults.say(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            faults.say(f"must be more than {least - 1} characters", pointer)

    return check


def matching(pattern: re.Pattern[str], form: str) -> Check:
    """Text of a certain form, such as a date."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            faults.say(f"must be in the format {form}", pointer)

    return check


def number(least: int, most: int) -> Check:
    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            faults.say("must be an integer", pointer)
        elif not least <= value <= most:
            faults.say(f"must be between {least} and {most}", pointer)

    return check


def choice(*allowed: str) -> Check:
    def check(value: Any, pointer: str, faults: Faults) -> None:
        if value not in allowed:
            faults.say(f"must be one of {', '.join(allowed)}", pointer)

    return check


def many(item: Check, least: int, most: int) -> Check:
    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, list):
            faults.say("must be an array", pointer)
            return
        if len(value) < least:
            faults.say(f"must provide at least {least} items", pointer)
        if len(value) > most:
            faults.say(f"no more than {most} items allowed", pointer)
        for place, entry in enumerate(value):
            item(entry, f"{pointer}/{place}", faults)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check], *, closed: bool = True) -> Check:
    """An object with these fields; `closed` refuses others."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.say("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                faults.say(f"missing required field: {name}", pointer)
        for name, entry in value.items():
            rule = required.get(name) or optional.get(name)
            if rule is not None and entry is not None:
                rule(entry, f"{pointer}/{name}", faults)
            elif rule is None and closed:
                faults.say(f"invalid additional property: {name}", pointer)

    return check


def one_of_types(kinds: Mapping[str, Check], allowed: frozenset[str] | None = None) -> Check:
    """An object whose `type` decides which rule it obeys."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.say("must be an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            faults.say("missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in kinds or (allowed is not None and kind not in allowed):
            faults.say(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            kinds[kind](value, pointer, faults)

    return check


def plain(most: int) -> Check:
    """A plain_text object."""
    return _text(most, frozenset({"plain_text"}))


def text(most: int) -> Check:
    """A text object of either kind. Slack reports a failure of the whole beside that of the part."""
    check_text = _text(most, frozenset({"plain_text", "mrkdwn"}))

    def check(value: Any, pointer: str, faults: Faults) -> None:
        found = Faults()
        check_text(value, pointer, found)
        if found:
            faults.say("failed to match all allowed schemas", pointer)
            faults.extend(found)

    return check


def _text(most: int, kinds: frozenset[str]) -> Check:
    optional = {"plain_text": {"emoji": boolean}, "mrkdwn": {"verbatim": boolean}}
    rules = {kind: record({"type": anything, "text": string(most)}, fields) for kind, fields in optional.items()}
    return one_of_types(rules, kinds)
