"""Text on a picture in the font that Pillow brings along, so that none need be installed.

That font has the signs of ASCII and few others. A letter with an accent is drawn as the letter and a mark made of
the font's own signs; a sign that cannot be had so is replaced by a plain one, or by a question mark.
"""

from functools import lru_cache
from typing import NamedTuple
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

_HAS = frozenset(map(chr, range(32, 127))) | frozenset("…·°´‘’“”«»‹›±™©")
_INSTEAD = {
    "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u2011": "-", "ı": "i", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ʻ": "‘", "ʼ": "’",
}  # fmt: skip


class _Mark(NamedTuple):
    """An accent as signs of the font: at which share of the letter's size, turned over or not, above or below."""

    sign: str
    size: float = 1.0
    turned: bool = False
    below: bool = False


_MARKS = {
    "\u0300": _Mark("`", 1.1), "\u0301": _Mark("´", 1.1), "\u0302": _Mark("^", 0.6), "\u0303": _Mark("~", 0.7),
    "\u0304": _Mark("-", 0.9), "\u0306": _Mark("^", 0.6, turned=True), "\u0307": _Mark("."), "\u0308": _Mark(".."),
    "\u030a": _Mark("°", 0.75), "\u030b": _Mark("´´", 1.0), "\u030c": _Mark("^", 0.6, turned=True),
    "\u0323": _Mark(".", below=True), "\u0326": _Mark(",", 0.8, below=True), "\u0327": _Mark(",", 0.8, below=True),
    "\u0328": _Mark(",", 0.8, below=True),
}  # fmt: skip


def readable(text: str) -> bool:
    """Whether all of a text can be drawn."""
    return all(sign in _HAS or sign in _INSTEAD or sign in _MARKS for sign in normalize("NFD", text))


def width(text: str, size: int, bold: bool = False) -> int:
    return _drawn(text, size, bold).width


def fitted(text: str, size: int, room: float, bold: bool = False) -> str:
    """As much of a text as there is room for; nothing, if not even three letters of it would show."""
    if width(text, size, bold) <= room:
        return text
    shorter = [f"{text[:letters].rstrip()}…" for letters in range(len(text) - 1, 2, -1)]
    return next((short for short in shorter if width(short, size, bold) <= room), "")


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    colour: Colour,
    align: str = "left",
    bold: bool = False,
) -> None:
    """Writes a line: `at` is where it begins, ends ("right") or has its middle, and its middle in height."""
    if text:
        drawn = _drawn(text, size, bold)
        before = {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        draw.bitmap((round(at[0] - before * drawn.width), round(at[1] - drawn.height / 2)), drawn, fill=colour)


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # Pillow as published is built with FreeType
    return font


@lru_cache(maxsize=1024)
def _drawn(text: str, size: int, bold: bool) -> Image.Image:
    """A line as a mask, twice as high as the letters so that their capitals stand in its middle."""
    letters, marks = _taken_apart(text)
    font = _font(size)
    stroke = size / 45 if bold else 0.0
    capital = -font.getbbox("H", anchor="ls")[1]
    height = 2 * size
    baseline = round((height + capital) / 2)
    mask = Image.new("L", (max(1, round(font.getlength(letters) + 2 * stroke)), height))
    draw = ImageDraw.Draw(mask)
    draw.text((stroke, baseline), letters, fill=255, font=font, anchor="ls", stroke_width=stroke)
    for index, mark in marks:
        _add(mask, (letters, index), mark, size, baseline)
    return mask


def _taken_apart(text: str) -> tuple[str, list[tuple[int, _Mark]]]:
    """The signs of the font, and the marks with the places of the letters that bear them."""
    letters: list[str] = []
    marks: list[tuple[int, _Mark]] = []
    for sign in normalize("NFD", text):
        if sign in _MARKS and letters:
            marks.append((len(letters) - 1, _MARKS[sign]))
        elif not combining(sign):
            letters.extend(sign if sign in _HAS else _INSTEAD.get(sign, "?"))
    return "".join(letters), marks


def _add(mask: Image.Image, place: tuple[str, int], mark: _Mark, size: int, baseline: int) -> None:
    """Puts a mark over or under a letter of a line."""
    letters, index = place
    font = _font(size)
    letter = letters[index]
    left = font.getlength(letters[: index + 1]) - font.getlength(letter)
    box = font.getbbox(letter, anchor="ls")
    middle, top = left + (box[0] + box[2]) / 2, baseline + box[1]
    if letter in "ij" and not mark.below:  # they lose their dot
        above = font.getbbox("x", anchor="ls")[1] + baseline - 1
        ImageDraw.Draw(mask).rectangle((round(left + box[0]) - 1, 0, round(left + box[2]) + 1, above), fill=0)
        top = above
    sign = _sign(mark, size)
    y = baseline + 1 if mark.below else top - sign.height - max(1, round(size / 14)) + 1
    mask.paste(255, (round(middle - sign.width / 2), round(y)), sign)


@lru_cache(maxsize=256)
def _sign(mark: _Mark, size: int) -> Image.Image:
    font = _font(max(6, round(size * mark.size)))
    drawn = Image.new("L", (2 * size, 2 * size))
    ImageDraw.Draw(drawn).text((size / 2, size / 2), mark.sign, fill=255, font=font, stroke_width=size / 80)
    drawn = drawn.crop(drawn.getbbox())  # the box that the font tells of leaves room for letters
    return drawn.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if mark.turned else drawn
