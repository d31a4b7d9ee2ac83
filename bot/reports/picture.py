"""The coverage of a schedule as a picture: the next week by zone, the whole span by weeks, and who has how much.

Red is for gaps alone.
"""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from bot.oncall.coverage import coverage
from bot.oncall.schedule import shifts
from bot.oncall.wallclock import in_utc
from bot.policy.model import Override, Policy, Schedule
from bot.reports.canvas import INK, LINE, MARGIN, MUTED, PAPER, RED, RIGHT, WIDTH, Scene, city, heading
from bot.reports.coverage import day, gaps_told, holiday_time, hours, people_of, share, zone
from bot.reports.lettering import Colour, fitted, readable, width, write
from bot.reports.pictured_span import span_of_weeks
from bot.reports.pictured_week import week_by_zone

_GOOD: Colour = (0, 128, 94)
_FAIR: Colour = (181, 118, 0)
_CALM: Colour = (226, 243, 236)
_BETWEEN = 44  # the parts
_ROW = 34
_REASONS = 4
_PLACE, _HOURS, _SHARE, _NIGHT, _WEEKENDS = 340, 560, 1100, 1260, 1390  # where the columns of the legend begin or end
_BAR = 360  # of whoever has the most hours


def picture(
    name: str,
    schedule: Schedule,
    policy: Policy,
    start: datetime,
    end: datetime,
    overrides: tuple[Override, ...] = (),
) -> bytes:
    """A PNG, 1600 wide and as high as it must be; the same for the same arguments. ValueError if the span is empty."""
    start, end = in_utc(start), in_utc(end)
    found = coverage(schedule, policy, start, end, overrides)
    held = shifts(schedule, start, end, overrides)
    people = people_of(found, policy)
    sheet = Image.new("RGB", (WIDTH, 1400 + len(people) * 150), PAPER)  # higher than needed
    scene = Scene(ImageDraw.Draw(sheet), policy, start, end, held, found, people)
    bottom = _head(scene, schedule.name if readable(schedule.name) else name, MARGIN)
    bottom = week_by_zone(scene, bottom + _BETWEEN)
    bottom = span_of_weeks(scene, bottom + _BETWEEN)
    bottom = _legend(scene, bottom + _BETWEEN) if people else bottom
    written = BytesIO()
    sheet.crop((0, 0, WIDTH, bottom + MARGIN)).save(written, "PNG")
    return written.getvalue()


def _head(scene: Scene, title: str, top: int) -> int:
    """The name, the span, the score with its reasons, and whether there are gaps."""
    draw, found = scene.draw, scene.found
    room = RIGHT - MARGIN - 260
    write(draw, (MARGIN, top + 20), fitted(title, 44, room, bold=True), 44, INK, bold=True)
    last = scene.end - timedelta(microseconds=1)
    write(draw, (MARGIN, top + 66), f"Coverage from {day(scene.start)} to {day(last)}, in UTC", 20, MUTED)
    score = _GOOD if found.score >= 85 else _FAIR if found.score >= 50 else RED  # without gaps it is 50 at least
    write(draw, (RIGHT, top + 30), f"{found.score:g}", 84, score, align="right", bold=True)
    write(draw, (RIGHT, top + 84), "of 100", 20, MUTED, align="right")
    y = top + 102
    for reason in found.reasons[:_REASONS]:
        draw.ellipse((MARGIN + 2, y - 3, MARGIN + 8, y + 3), fill=MUTED)
        write(draw, (MARGIN + 20, y), fitted(reason, 17, room), 17, INK)
        y += 27
    fill, colour = (RED, PAPER) if found.gaps else (_CALM, _GOOD)
    draw.rounded_rectangle((MARGIN, y + 6, RIGHT, y + 50), 6, fill=fill)
    room = RIGHT - MARGIN - 36
    sentences = (gaps_told(found, name) for name in (3, 2, 1))
    sentence = next((each for each in sentences if width(each, 19, bold=True) <= room), gaps_told(found, 0))
    write(draw, (MARGIN + 18, y + 28), sentence, 19, colour, bold=True)
    return y + 50


def _legend(scene: Scene, top: int) -> int:
    """A row for each person: their colour, and how much they have."""
    draw, found = scene.draw, scene.found
    heading(draw, top + 12, "Who has how much", "nights, weekends and holidays by each person's own clock and country")
    y = top + 56
    for x, label, align in (
        (_PLACE, "lives in", "left"), (_HOURS, "hours on call", "left"), (_SHARE, "share", "right"),
        (_NIGHT, "in the night", "right"), (_WEEKENDS, "weekends", "right"), (RIGHT, "on holidays", "right"),
    ):  # fmt: skip
        write(draw, (x, y), label, 16, MUTED, align=align)
    y += 14
    most = max(found.hours.values(), default=timedelta())
    on_holidays = holiday_time(found)
    for person in scene.people:
        draw.line((MARGIN, y + 4, RIGHT, y + 4), fill=LINE)
        middle = y + 4 + _ROW / 2
        draw.rectangle((MARGIN, middle - 9, MARGIN + 18, middle + 9), fill=scene.colour(person))
        name = fitted(scene.name(person), 18, _PLACE - MARGIN - 50)
        write(draw, (MARGIN + 32, middle), name, 18, INK)
        write(draw, (_PLACE, middle), fitted(city(zone(scene.policy, person)), 17, 200), 17, MUTED)
        bar = _HOURS + found.hours[person] / most * _BAR
        draw.rectangle((_HOURS, middle - 9, bar, middle + 9), fill=scene.colour(person))
        write(draw, (bar + 10, middle), hours(found.hours[person]), 17, INK)
        for x, text in (
            (_SHARE, f"{share(found, person):.0%}"),
            (_NIGHT, hours(found.night[person])),
            (_WEEKENDS, str(found.weekends[person])),
            (RIGHT, hours(on_holidays[person])),
        ):
            write(draw, (x, middle), text, 17, INK, align="right")
        y += _ROW
    return y
