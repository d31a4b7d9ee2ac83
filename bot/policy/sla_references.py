"""What must fit between services, SLAs, customers and calendars, checked on the plain data."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from bot.policy import forms, windows
from bot.policy.tree import Loc

Objection = tuple[Loc, str]


def objections(data: Mapping[str, Any]) -> Iterator[Objection]:
    yield from _without_sla(data)
    yield from _uncovered(data)
    yield from _exceptions(data)


def _without_sla(data: Mapping[str, Any]) -> Iterator[Objection]:
    for name, service in _maps(data, "services"):
        if not _slas(data, service):
            instead = 'no SLA whose "applies_to" fits it, and the workspace has no "default_sla"; give one of them'
            yield ("services", name), f'this service has no "sla", {instead}'


def _uncovered(data: Mapping[str, Any]) -> Iterator[Objection]:
    """Severities of which a service promises its customer nothing, without saying so; told once for its SLAs."""
    severities = list(_map(data, "severities"))
    told: dict[tuple[str, ...], list[str]] = {}
    for name, service in _maps(data, "services"):
        told.setdefault(_outward(data, _slas(data, service)), []).append(name)
    for names, services in told.items():
        targets = [_map(_map(data, "slas")[name], "targets") for name in names]
        lacking = [severity for severity in severities if not any(severity in each for each in targets)]
        if names and lacking:
            more = f" (and {len(services) - 1} more)" if len(services) > 1 else ""
            on_purpose = f'"{lacking[0]}: {{}}" to say that nothing is promised'
            sentence = f'service "{services[0]}"{more} has no promise for {", ".join(lacking)}'
            yield ("slas", names[0], "targets"), f"{sentence}; add targets, or write {on_purpose}"


def _slas(data: Mapping[str, Any], service: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of its SLAs, as `slas_of` finds them; those that do not exist, too."""
    named = service.get("sla")
    if named:
        return tuple(name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str)) or ("",)
    fits = tuple(name for name, sla in _maps(data, "slas") if _applies(sla.get("applies_to"), service, data))
    default = _map(data, "workspace").get("default_sla")
    return fits or ((str(default),) if default else ())


def _applies(to: Any, service: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    if not isinstance(to, Mapping):
        return False
    customer = _map(_map(data, "customers"), str(service.get("customer")))
    return (
        _one_of(to.get("kinds"), service.get("kind"))
        and _one_of(to.get("tiers"), service.get("tier", 3))
        and _one_of(to.get("customer_tiers"), customer.get("tier"))
    )


def _one_of(wanted: Any, given: object) -> bool:
    return not wanted or (isinstance(wanted, list) and given in wanted)


def _outward(data: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that exist and promise something to customers; if none does, all that exist."""
    known = {name: sla for name, sla in _maps(data, "slas") if name in names}
    outward = tuple(name for name, sla in known.items() if sla.get("kind", "customer") == "customer")
    return outward or tuple(known)


def _exceptions(data: Mapping[str, Any]) -> Iterator[Objection]:
    for name, calendar in _maps(data, "calendars"):
        closed = calendar.get("closed")
        days = {_day(day) for day in closed if isinstance(day, str)} if isinstance(closed, list) else set()
        for on, hours in _map(calendar, "exceptions").items():
            loc: Loc = ("calendars", name, "exceptions", on)
            if (day := _day(on)) is not None and day in days:
                yield loc, f'{on} stands under "closed", too; leave one of them out'
            for place, text in enumerate(hours if isinstance(hours, list) else ()):
                yield from (((*loc, place), sentence) for sentence in _not_of_one_date(text))


def _not_of_one_date(text: object) -> Iterator[str]:
    try:
        _, start, end = windows.window(str(text))
    except ValueError:
        return  # its form is wrong, and that is said elsewhere
    if str(text).strip()[0].isalpha():
        yield f'"{text}" names weekdays, but these are the hours of one date; write it like "08:00-12:00"'
    elif end <= start and end != time():
        yield f'"{text}" goes past midnight; write "{start:%H:%M}-24:00", and the rest under the next date'


def _day(text: str) -> object:
    try:
        return forms.day(text)
    except ValueError:
        return None


def _maps(data: Mapping[str, Any], section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a section that have the form of one."""
    return ((name, entry) for name, entry in _map(data, section).items() if isinstance(entry, Mapping))


def _map(holder: Any, key: str) -> Mapping[str, Any]:
    found = holder.get(key) if isinstance(holder, Mapping) else None
    return found if isinstance(found, Mapping) else {}
