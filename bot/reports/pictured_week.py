"""The next week in a picture: a lane for each zone in which people live, with its own days and nights.

All lanes share one axis of time, so that whoever hands over stands above whoever takes it, and a gap runs through all.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.oncall.wallclock import first_instant, wall_clock
from bot.reports.canvas import INK, LEFT, LINE, MARGIN, MUTED, NIGHT, PAPER, RED, RIGHT, SOFT, Scene, city, heading, on
from bot.reports.coverage import zone
from bot.reports.lettering import fitted, width, write

WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)
_HEADING, _ABOVE, _DAYS, _LANE, _BELOW = 44, 30, 24, 56, 12
_THINNEST = 5  # of a gap, however short
_UNDER_NIGHT = (45, 50, 90)


def week_by_zone(scene: Scene, top: int) -> int:
    """Draws it from `top` on; where it ends."""
    note = "each lane by its own clock, nights (22:00-06:00) shaded; a dark foot: on call in one's own night"
    heading(scene.draw, top + 12, "The next week by zone", note)
    ceiling = top + _HEADING + (_ABOVE if any(gap.start < _until(scene) for gap in scene.found.gaps) else 0)
    lanes = ceiling
    for place in _zones(scene):
        _clock(scene, place, lanes)
        for person in scene.people:
            if zone(scene.policy, person).key == place.key:
                _blocks(scene, person, lanes + _DAYS)
        lanes += _DAYS + _LANE + _BELOW
    _gaps(scene, ceiling, lanes - _BELOW)
    for number, place in enumerate(_zones(scene)):
        _days(scene, place, ceiling + number * (_DAYS + _LANE + _BELOW) + 13)
    return lanes


def _zones(scene: Scene) -> list[ZoneInfo]:
    """From east to west, as the sun goes."""
    found = {zone(scene.policy, person).key: zone(scene.policy, person) for person in scene.people}
    return sorted(found.values(), key=lambda place: (-_ahead(place, scene.start), place.key)) or [ZoneInfo("UTC")]


def _ahead(place: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta()


def _until(scene: Scene) -> datetime:
    return min(scene.start + WEEK, scene.end)


def _x(scene: Scene, at: datetime) -> float:
    """Where an instant stands; those outside of the week at its edge."""
    into = (min(max(at, scene.start), _until(scene)) - scene.start) / (_until(scene) - scene.start)
    return LEFT + into * (RIGHT - LEFT)


def _clock(scene: Scene, place: ZoneInfo, top: int) -> None:
    """The name of a zone, and its days and nights."""
    draw, box = scene.draw, top + _DAYS
    write(draw, (MARGIN, box + 18), fitted(city(place), 20, LEFT - MARGIN - 16), 20, INK, bold=True)
    write(draw, (MARGIN, box + 42), f"UTC{_offset(_ahead(place, scene.start))}", 15, MUTED)
    draw.rectangle((LEFT, box, RIGHT, box + _LANE), fill=SOFT)
    for night in _spans(scene, place, time(22), time(6)):
        draw.rectangle((_x(scene, night[0]), box, _x(scene, night[1]), box + _LANE), fill=NIGHT)
    for begins, _ in _spans(scene, place, time(0), time(0)):
        if begins >= scene.start:
            draw.line((_x(scene, begins), top + 4, _x(scene, begins), box + _LANE), fill=LINE, width=2)


def _days(scene: Scene, place: ZoneInfo, y: int) -> None:
    """The names of the days, which can be read on a gap too."""
    for begins, ends in _spans(scene, place, time(0), time(0)):
        left, room = _x(scene, begins) + 8, _x(scene, ends) - _x(scene, begins) - 16
        there = wall_clock(max(begins, scene.start), place)
        labels = (f"{there:%a} {there.day} {there:%b}", f"{there:%a}")
        label = next((label for label in labels if width(label, 15) < room), None)
        if label:
            scene.draw.rectangle((left - 3, y - 9, left + width(label, 15) + 3, y + 8), fill=PAPER)
            write(scene.draw, (left, y), label, 15, MUTED)


def _spans(scene: Scene, place: ZoneInfo, start: time, end: time) -> Iterator[tuple[datetime, datetime]]:
    """What lies between two times of each day of the week, the second on the day after."""
    day = wall_clock(scene.start, place).date() - _DAY
    while (begins := first_instant(datetime.combine(day, start), place)) < _until(scene):
        day += _DAY
        ends = first_instant(datetime.combine(day, end), place)
        if ends > scene.start:
            yield begins, ends


def _offset(ahead: timedelta) -> str:
    sign, minutes = ("-" if ahead < timedelta() else "+"), abs(ahead) // timedelta(minutes=1)
    return f"{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _blocks(scene: Scene, person: str, top: int) -> None:
    nights = [night for night in scene.found.nights if night.person == person and night.start < _until(scene)]
    for shift in scene.shifts:
        if shift.start >= _until(scene):
            return
        if person not in shift.people:
            continue
        here = [one for one in shift.people if zone(scene.policy, one).key == zone(scene.policy, person).key]
        each = (_LANE - 10) / len(here)
        y = top + 5 + here.index(person) * each
        _block(scene, person, (_x(scene, shift.start), y, _x(scene, shift.end), y + each))
        for night in nights:
            if shift.start <= night.start < shift.end:
                left, right = _x(scene, night.start), _x(scene, night.end) - 2
                scene.draw.rectangle((left, y + each - 6, max(left, right), y + each - 1), fill=_UNDER_NIGHT)


def _block(scene: Scene, person: str, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    colour = scene.colour(person)
    scene.draw.rectangle((left, top, max(left, right - 2), bottom - 1), fill=colour)
    if bottom - top >= 14:
        name = scene.first_name(person)
        size = 16 if width(name, 16) <= right - left - 6 else 14
        name = fitted(name, size, right - left - 6)
        write(scene.draw, ((left + right) / 2, (top + bottom) / 2 - 1), name, size, on(colour), "middle")


def _gaps(scene: Scene, top: int, bottom: int) -> None:
    """Red bands through all lanes, named above them."""
    taken = 0.0
    for gap in scene.found.gaps:
        if gap.start >= _until(scene):
            return
        left, right = _x(scene, gap.start), max(_x(scene, gap.end) - 1, _x(scene, gap.start) + _THINNEST)
        middle = (left + right) / 2
        scene.draw.rectangle((left, top, right, bottom), fill=RED)
        if right - left > width("nobody", 15, bold=True) + 4:
            for lane in range(top, bottom, _DAYS + _LANE + _BELOW):
                write(scene.draw, (middle, lane + _DAYS + _LANE / 2), "nobody", 15, PAPER, "middle", bold=True)
        half = width("nobody", 15, bold=True) / 2 + 6
        label = min(max(middle, LEFT + half), RIGHT - half)
        if label - half > taken:
            scene.draw.line((middle, top - 10, middle, top), fill=RED, width=3)
            scene.draw.rounded_rectangle((label - half, top - 28, label + half, top - 6), 4, fill=RED)
            write(scene.draw, (label, top - 17), "nobody", 15, PAPER, "middle", bold=True)
            taken = label + half + 4
