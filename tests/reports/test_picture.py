"""The coverage of a schedule as a picture, by what its pixels say."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.policy.model import Layer, Override, Person, Policy, Schedule
from bot.reports.canvas import COLOURS, LEFT, RED, RIGHT
from bot.reports.picture import picture
from tests.oncall.build import DAY, HOUR, layer, override, utc

START = utc("2026-03-02 00:00")  # a Monday
YEAR = 52 * 7 * DAY
NAMES = ("Ximena Ríos", "Łukasz Żółć", "अनु", "李", "A", "Bartholomew Featherstonehaugh-Cholmondeley", "Zoë", "")
ZONES = ("Asia/Kathmandu", "Africa/Nairobi", "America/Bogota", "Pacific/Chatham", "UTC")
PEOPLE = {f"p{n}": Person(name=NAMES[n % len(NAMES)], time_zone=ZONES[n % len(ZONES)]) for n in range(30)}
POLICY = Policy(people=PEOPLE)


def drawn(
    *layers: Layer, start: datetime = START, span: timedelta = YEAR, overrides: tuple[Override, ...] = ()
) -> Image.Image:
    line = Schedule(name="First line", layers=layers)
    return Image.open(BytesIO(picture("l1", line, POLICY, start, start + span, overrides)))


def red_pixels(image: Image.Image) -> list[tuple[int, int]]:
    data = image.convert("RGB").tobytes()
    red = bytes(RED)
    spots = []
    at = data.find(red)
    while at >= 0:
        if at % 3 == 0:
            spots.append((at // 3 % image.width, at // 3 // image.width))
        at = data.find(red, at + 1)
    return spots


def how_red(image: Image.Image) -> int:
    """The number of red pixels."""
    return next((count for count, colour in image.getcolors(2**20) or [] if colour == RED), 0)


def x_in_the_week(after: timedelta) -> float:
    return LEFT + after / (7 * DAY) * (RIGHT - LEFT)


def red_in_the_lane(image: Image.Image) -> list[int]:
    """Where the lane of the week is red, at the head of the blocks; somebody must be on call at its beginning."""
    head = next(y for y in range(image.height) if image.getpixel((LEFT + 2, y)) == COLOURS[0])
    return [x for x in range(LEFT, RIGHT) if image.getpixel((x, head + 1)) == RED]


def test_a_covered_schedule_has_no_red() -> None:
    assert how_red(drawn(layer(["p0", "p1"]))) == 0


def test_a_gap_is_a_red_band_where_it_is_in_the_week() -> None:
    """From 08:00 to 20:00 UTC on Wednesday nobody is on call."""
    both = layer(["p0"], on_call=["Mon-Tue,Thu-Sun 00:00-24:00", "Wed 00:00-08:00", "Wed 20:00-24:00"])
    band = red_in_the_lane(drawn(both))
    assert min(band) == pytest.approx(x_in_the_week(2 * DAY + 8 * HOUR), abs=2)
    assert max(band) == pytest.approx(x_in_the_week(2 * DAY + 20 * HOUR), abs=2)


def test_a_gap_of_a_minute_can_be_seen_in_the_week() -> None:
    minute = layer(["p0"], on_call=["Mon-Tue,Thu-Sun 00:00-24:00", "Wed 00:00-11:59", "Wed 12:00-24:00"])
    band = red_in_the_lane(drawn(minute))
    assert len(band) >= 4
    assert min(band) == pytest.approx(x_in_the_week(2 * DAY + 12 * HOUR), abs=2)


def test_a_gap_of_a_minute_in_a_year_can_be_seen_in_its_week() -> None:
    """In the eleventh week, on the Wednesday, so in the eleventh of 52 columns and below its middle."""
    gap = START + 10 * 7 * DAY + 2 * DAY + 12 * HOUR
    until = layer(["p0"], until=f"{gap:%Y-%m-%dT%H:%M}", then=[{"every": "1w", "starts": later(gap), "people": ["p0"]}])
    image = drawn(until)
    column = (RIGHT - LEFT) / 52
    in_span = [(x, y) for x, y in red_pixels(image) if y > 450]
    assert len(in_span) > 60  # a stripe, and the flag above it
    assert all(LEFT + 10 * column - 1 <= x <= LEFT + 11 * column for x, _ in in_span)


def later(gap: datetime) -> str:
    return f"{gap + timedelta(minutes=1):%Y-%m-%dT%H:%M}"


def test_whoever_stands_in_closes_the_gap() -> None:
    day = layer(["p0"], on_call=["Mon 00:00-12:00"])
    over = (override(1, "p1", "2026-03-02 00:00", "2026-03-09 00:00"),)
    assert how_red(drawn(day, span=7 * DAY)) > 0
    assert how_red(drawn(day, span=7 * DAY, overrides=over)) == 0


def test_people_have_colours_of_their_own_and_the_legend_a_row_for_each() -> None:
    heights = []
    for many in (1, 2, 15):
        image = drawn(layer([f"p{n}" for n in range(many)], every="1d"), span=4 * 7 * DAY)
        heights.append(image.height)
        chips = {image.getpixel((57, y)) for y in range(image.height - 60 - many * 34, image.height - 40)}
        chips -= {(255, 255, 255), (214, 219, 227)}  # the paper and the lines
        assert len(chips) == many
    assert heights[0] < heights[1] < heights[2]


@pytest.mark.parametrize("span", [HOUR, DAY, 7 * DAY, 5 * 7 * DAY, 104 * 7 * DAY, 520 * 7 * DAY])
@pytest.mark.parametrize("start", ["2026-03-02 00:00", "2026-03-05 07:13", "2026-10-24 23:59"])
def test_any_span_has_a_picture_that_slack_shows(span: timedelta, start: str) -> None:
    turns = layer([["p0", "p2"], ["p1"], ["p3"]], every="5d", zone="Pacific/Chatham", on_call=["22:07-21:59"])
    image = drawn(turns, start=utc(start), span=span)
    assert (image.format, image.width) == ("PNG", 1600)
    assert 600 < image.height < 2400


def test_many_people_at_once_and_names_in_any_script_have_their_picture() -> None:
    assert drawn(layer([[f"p{n}" for n in range(30)], ["stranger"]], every="1d")).height < 4000


def test_when_nobody_is_ever_on_call_the_picture_says_so() -> None:
    assert how_red(drawn(layer(["p0"], starts="2040-01-01T00:00"))) > 100_000


def test_the_same_coverage_has_the_same_picture() -> None:
    line = Schedule(name="First line", layers=(layer(["p0", "p1"]),))
    first, second = (picture("l1", line, POLICY, START, START + YEAR) for _ in range(2))
    assert first == second


def test_an_empty_span_has_no_picture() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        drawn(layer(["p0"]), span=timedelta())
