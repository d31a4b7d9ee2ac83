"""The escalation path of a service without an incident: whom each step means now, and what a simulation shows."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from slackblocks import Block

from bot.core import targets
from bot.core.incident import Incident
from bot.core.simulation import SLACK, Moment, Paged, Simulation, Way
from bot.oncall.conditions import held_until
from bot.policy.model import EscalationPath, Pick, Policy, Step, path_name
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, and_more, context, drawn, section
from bot.slack.words import labels
from bot.slack.words.escalation import Next, demands, hours_of, meaning, whom
from bot.slack.words.text import escape, line, listed
from bot.slack.words.times import lasted, there, when

MOST_STEPS = 12
MOST_PATHS = 4
MOST_PEOPLE = 8
IN_A_BLOCK = 2_800
ROOM = 10_500  # characters of lines; Slack takes no more than about 12,500 in one message
ROOM_OF_A_BLOCK = 150


def service_path(service: str, severity: str | None, policy: Policy, names: Names, now: datetime) -> Drawn:
    """Of one severity, or each path that the service has."""
    heading = f"Who is paged for {labels.service(service, policy)}"
    known = policy.services[service]
    by_path: dict[str | None, list[str]] = {}
    for each in [severity] if severity else policy.severities:
        by_path.setdefault(path_name(known, each, policy), []).append(each)
    blocks: list[Block | None] = [section(f"*{heading}, as of {when(now)}*")]
    for name, severities in list(by_path.items())[:MOST_PATHS]:
        blocks += _path(name, severities, service, policy, names, now)
    example = f"`/oncall simulate {escape(service)} {escape(severity or next(iter(policy.severities), 'sev1'))}`"
    blocks.append(context(f"{example} plays it through; nobody is paged."))
    return drawn(heading, blocks)


def _path(
    name: str | None, severities: list[str], service: str, policy: Policy, names: Names, now: datetime
) -> Iterator[Block]:
    which = escape(listed(severities))
    if name is None:
        yield section(f"⚠️ *{which}*: no escalation path is configured, so nobody is paged.")
        return
    path = policy.escalation_paths[name]
    lines = [f"*{which}*: path {escape(name)}", *_hold(path, severities, now)]
    lines += [
        f"{number}. {_meant(step, severities[0], service, policy, names, now)}; {demands(step)}"
        for number, step in enumerate(path.steps[:MOST_STEPS], start=1)
    ]
    more = and_more(len(path.steps) - MOST_STEPS, "steps")
    runs = f"Until somebody acknowledges, the path runs {path.repeat + 1} times." if path.repeat else ""
    yield section("\n".join(filter(None, (*lines, more, runs))))


def _hold(path: EscalationPath, severities: list[str], now: datetime) -> Iterator[str]:
    until = next(filter(None, (held_until(path.hold, each, now) for each in severities)), None)
    if path.hold:
        yield f"🕘 {hours_of(path.hold)}{f'; declared now, it is held until {when(until)}' if until else ''}."


def _meant(step: Step, severity: str, service: str, policy: Policy, names: Names, now: datetime) -> str:
    """Whom a step means now; of several in turn nobody knows yet who it will be."""
    new = Incident(
        number=0, title="", severity=severity, declared_by="", declared_at=now, started_at=now, service=service
    )
    called = targets.called(step.model_copy(update={"pick": Pick.ALL}), new, 0, policy, now)
    told = meaning(step, policy) if step.pick is Pick.ONE else whom(Next(0, 0, step, called, now), policy, names)
    out = [why for why in (called.why,) if why and not step.when.severity]
    return f"{told}{f' (now left out: {escape(listed(out))})' if out else ''}"


def simulated(found: Simulation, policy: Policy, names: Names) -> Drawn:
    """As a time line: who, by what, at what time of their own, asleep or on holiday; until the path has run out."""
    what = labels.service(found.service, policy)
    heading = f"{what}, {labels.severity(found.severity, policy)}, declared {when(found.at)}, if nobody answers"
    lines = list(_lines(found, names))
    parts = _that_fit(lines)
    left_out = "…and so on" if sum(map(len, parts)) < len(lines) or found.cut_short else ""
    ending = _ending(found, names)
    return drawn(
        heading,
        [
            section(f"*{heading}*\nPath {escape(found.path or 'none')}. No page was sent."),
            *(section("\n".join(part)) for part in parts),
            context(left_out),
            section(ending) if ending else None,
            context(_sum(found)),
        ],
    )


def _that_fit(lines: list[str]) -> list[list[str]]:
    """As many lines as one message holds, in parts that each fit a block."""
    room = ROOM
    parts: list[list[str]] = []
    for told in lines:
        room -= len(told) + 1
        if room < 0:
            break
        if not parts or sum(len(each) + 1 for each in parts[-1]) + len(told) > IN_A_BLOCK:
            room -= ROOM_OF_A_BLOCK
            parts.append([])
        parts[-1].append(told)
    return parts


def _lines(found: Simulation, names: Names) -> Iterator[str]:
    if found.held_until is not None:
        yield f"🕘 {_after(found.held_until, found.at)}: held until {when(found.held_until)}; nobody is paged before."
    rounds = {each.round for each in found.moments}
    for each in found.moments:
        place = f"step {each.step + 1}{f' of round {each.round + 1}' if len(rounds) > 1 else ''}"
        yield f"*{_after(each.at, found.at)}*, {when(each.at)}, {place}: {_whom(each, names)}"


def _whom(each: Moment, names: Names) -> str:
    if each.passed_over:
        return f"⚠️ passed over, {escape(each.why)}"
    told = [_person(paged, each.at, names) for paged in each.people[:MOST_PEOPLE]]
    if len(each.people) > MOST_PEOPLE:
        told.append(f"…and {len(each.people) - MOST_PEOPLE} more")
    told += [f"{line(channel)}, where anybody may acknowledge" for channel in each.channels]
    told += [f"whoever is in {line(group)}" for group in each.groups]
    remarks = ["everybody must acknowledge"] if each.needs_all else []
    remarks += ["one in turn; at another incident it may be another"] if each.picks_one else []
    remarks += [f"others are left out: {escape(each.why)}"] if each.why else []
    said = f" ({'; '.join(remarks)})" if remarks else ""
    return told[0] + said if len(told) == 1 else "\n• ".join([said.strip(), *told])


def _person(paged: Paged, at: datetime, names: Names) -> str:
    """“Sita Gurung, 02:45 Kathmandu 😴 asleep, by Slack and SMS after 2 min”."""
    marks = " 😴 asleep" if paged.asleep else ""
    marks += f" 🎉 {line(paged.holiday, 60)}" if paged.holiday else ""
    local = there(paged.local, str(paged.local.tzinfo))
    by = listed([_way(way, at) for way in paged.ways])
    return f"{line(names.name(paged.person), 60)}, {local}{marks}, by {by}"


def _way(way: Way, at: datetime) -> str:
    after = f" after {lasted(way.at - at)}" if way.at > at else ""
    name = SLACK if way.name == SLACK else line(way.name, 40)
    return f"{name}{after}{f' (⚠️ {line(way.problem, 100)})' if way.problem else ''}"


def _ending(found: Simulation, names: Names) -> str:
    told = listed([line(names.name(person), 60) for person in found.told])
    who = f"the channel and {told} are told" if told else "the channel is told"
    if found.path is None:
        return f"🚨 No escalation path is configured for it: nobody is paged; {who} at once."
    if found.exhausted_at is None:
        return ""
    return f"🚨 *{_after(found.exhausted_at, found.at)}*, {when(found.exhausted_at)}: the path has run out; {who}."


def _sum(found: Simulation) -> str:
    paged = [person for each in found.moments for person in each.people]
    if not paged:
        return ""
    asleep, feast = sum(person.asleep for person in paged), sum(person.holiday is not None for person in paged)
    beside = [f"{asleep} in their own night"] if asleep else []
    beside += [f"{feast} on a public holiday of theirs"] if feast else []
    people = len({person.person for person in paged})
    return f"{_many(len(paged), 'page')} to {_many(people, 'person', 'people')}{_list_after(beside)}."


def _list_after(beside: Iterable[str]) -> str:
    told = listed(list(beside))
    return f"; {told}" if told else ""


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _after(at: datetime, start: datetime) -> str:
    return f"+{lasted(at - start)}" if at > start else "At once"
