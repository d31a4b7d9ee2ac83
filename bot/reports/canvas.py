"""What all parts of a picture of a coverage share: its measures, its colours, and what there is to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import ImageDraw

from bot.oncall.coverage import Coverage
from bot.oncall.schedule import Shift
from bot.policy.model import Policy
from bot.reports.lettering import Colour, readable, width, write

WIDTH = 1600
MARGIN = 48
LEFT, RIGHT = 208, WIDTH - MARGIN  # where the time runs

PAPER: Colour = (255, 255, 255)
INK: Colour = (31, 41, 55)
MUTED: Colour = (98, 107, 122)
LINE: Colour = (214, 219, 227)
SOFT: Colour = (244, 246, 249)
NIGHT: Colour = (221, 226, 237)
RED: Colour = (215, 20, 28)  # for gaps alone

# Okabe and Ito's without the one that is near red, then more that differ from these in lightness too.
COLOURS: tuple[Colour, ...] = (
    (86, 180, 233), (230, 159, 0), (0, 158, 115), (204, 121, 167), (0, 114, 178), (240, 228, 66),
    (128, 96, 72), (170, 170, 170), (83, 60, 150), (150, 205, 120), (20, 90, 60), (190, 170, 235),
    (90, 100, 115), (222, 200, 150), (140, 30, 130),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to draw, in [start, end), and what to draw it on."""

    draw: ImageDraw.ImageDraw
    policy: Policy
    start: datetime
    end: datetime
    shifts: Sequence[Shift]
    found: Coverage
    people: Sequence[str]

    def colour(self, person: str) -> Colour:
        return COLOURS[self.people.index(person) % len(COLOURS)]

    def name(self, person: str) -> str:
        """The whole name, or the one in the configuration if that cannot be drawn."""
        name = self.policy.person_name(person)
        return name if readable(name) else person

    def first_name(self, person: str) -> str:
        """As short as it can be without meaning another."""
        first = self.name(person).split()[0]
        same = [other for other in self.people if self.name(other).split()[0] == first]
        return first if len(same) == 1 else self.name(person)


def city(place: ZoneInfo) -> str:
    return place.key.rpartition("/")[2].replace("_", " ")


def on(colour: Colour) -> Colour:
    """What can be read on a colour."""
    red, green, blue = colour
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 125 else PAPER


def paler(colour: Colour) -> Colour:
    """What leaves the eye free for what matters more."""
    red, green, blue = (round(255 - 0.62 * (255 - part)) for part in colour)
    return red, green, blue


def heading(draw: ImageDraw.ImageDraw, y: float, title: str, note: str) -> None:
    write(draw, (MARGIN, y), title, 24, INK, bold=True)
    write(draw, (MARGIN + width(title, 24, bold=True) + 16, y + 2), note, 16, MUTED)
