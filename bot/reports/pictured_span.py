"""The whole span in a picture: a column for each week, its hours downwards in UTC, coloured by person."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.oncall.schedule import Shift
from bot.reports.canvas import INK, LEFT, LINE, MARGIN, MUTED, PAPER, RED, RIGHT, SOFT, Scene, heading, paler
from bot.reports.lettering import Colour, width, write

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_HEADING, _MONTHS, _FLAGS = 44, 26, 14
_DAY_HIGH = 48
_WIDEST = 110  # of a column
_THINNEST = 4  # of a gap, however short


def span_of_weeks(scene: Scene, top: int) -> int:
    """Draws it from `top` on; where it ends."""
    heading(scene.draw, top + 12, "The whole span", "a column for each week, Monday to Sunday downwards, in UTC")
    months = top + _HEADING
    grid = months + _MONTHS + _FLAGS
    _months(scene, months + 12)
    for weekday, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        middle = grid + (weekday + 0.5) * _DAY_HIGH
        write(scene.draw, (LEFT - 12, middle), name, 16, MUTED, align="right")
    _fill(scene, grid, (scene.start, scene.end), SOFT)
    for shift in scene.shifts:
        for number, person in enumerate(shift.people):
            _fill(scene, grid, shift[:2], paler(scene.colour(person)), (number, len(shift.people)))
    for weekday in range(1, 7):
        y = grid + weekday * _DAY_HIGH
        scene.draw.line((LEFT, y, _x(scene, _weeks(scene)) - 1, y), fill=PAPER)
    for gap in scene.found.gaps:
        _fill(scene, grid, gap[:2], RED, thinnest=_THINNEST)
        _flags(scene, gap, grid)
    return grid + 7 * _DAY_HIGH


def _monday(scene: Scene) -> datetime:
    """When the first column begins."""
    midnight = datetime.combine(scene.start.date(), time(), scene.start.tzinfo)
    return midnight - scene.start.weekday() * _DAY


def _weeks(scene: Scene) -> int:
    return -((_monday(scene) - scene.end) // _WEEK)


def _x(scene: Scene, week: float) -> float:
    return LEFT + week * min(_WIDEST, (RIGHT - LEFT) / _weeks(scene))


def _columns(scene: Scene, start: datetime, end: datetime) -> Iterator[tuple[int, timedelta, timedelta]]:
    """(week, from, to) of what a span covers, from the Monday of each week."""
    while start < end:
        week, into = divmod(start - _monday(scene), _WEEK)
        until = min(end - start + into, _WEEK)
        yield week, into, until
        start += until - into


def _fill(
    scene: Scene,
    top: int,
    span: tuple[datetime, datetime],
    colour: Colour,
    part: tuple[int, int] = (0, 1),
    thinnest: int = 1,
) -> None:
    """Colours a span, or one part of so many side by side."""
    number, parts = part
    for week, begins, ends in _columns(scene, *span):
        left, right = _x(scene, week), _x(scene, week + 1)
        between = 2 if right - left >= 8 else 0
        each = (right - left - between) / parts
        y = top + begins / _DAY * _DAY_HIGH
        until = max(top + ends / _DAY * _DAY_HIGH, y + thinnest)
        x = left + number * each
        scene.draw.rectangle((round(x), round(y), max(round(x), round(x + each) - 1), round(until) - 1), fill=colour)


def _flags(scene: Scene, gap: Shift, top: int) -> None:
    """Points to the weeks of a gap from above."""
    for week, _, _ in _columns(scene, gap.start, gap.end):
        middle = (_x(scene, week) + _x(scene, week + 1)) / 2 - 1
        scene.draw.polygon([(middle - 6, top - 13), (middle + 6, top - 13), (middle, top - 3)], fill=RED)


def _months(scene: Scene, y: float) -> None:
    """The months, or quarters or years, where there is no room for each."""
    month_wide = (_x(scene, 1) - LEFT) * 30 / 7
    each = next((months for months in (1, 3) if months * month_wide > 90), 12)
    labels = []
    for week in range(_weeks(scene)):
        sunday = _monday(scene) + week * _WEEK + 6 * _DAY
        if not week or (sunday.day <= 7 and not (sunday.month - 1) % each):
            labels.append((_x(scene, week), f"{sunday:%b %Y}" if each < 12 else f"{sunday:%Y}"))
    if len(labels) > 1 and labels[1][0] - LEFT < width(labels[0][1], 16) + 20:
        del labels[0]  # the first month has begun long since
    for x, label in labels:
        if x + width(label, 16) < RIGHT + MARGIN:
            scene.draw.line((x, y - 8, x, y + 20), fill=LINE, width=2)
            write(scene.draw, (x + 7, y), label, 16, INK)
