"""Letters on a picture, in a font that knows few of them."""

import pytest
from PIL import Image, ImageDraw

from bot.reports.lettering import fitted, readable, width, write


def written(text: str) -> Image.Image:
    image = Image.new("RGB", (300, 60), (255, 255, 255))
    write(ImageDraw.Draw(image), (10, 30), text, 24, (0, 0, 0))
    return image


@pytest.mark.parametrize("text", ["Ximena Ríos", "Łukasz Żółć", "Noël Ñandú", "Çağrı Şahin", "22:00–06:00"])
def test_names_with_accents_can_be_read(text: str) -> None:
    assert readable(text)


@pytest.mark.parametrize("text", ["अनु", "李", "Анна", "a🙂"])
def test_other_scripts_cannot(text: str) -> None:
    assert not readable(text)


@pytest.mark.parametrize(("plain", "accented"), [("Rios", "Ríos"), ("Gomez", "Gómez"), ("nandu", "ñandú"), ("c", "ç")])
def test_an_accent_is_drawn_and_takes_no_room(plain: str, accented: str) -> None:
    assert written(plain).tobytes() != written(accented).tobytes()
    assert width(plain, 24) == width(accented, 24)


def test_composed_and_decomposed_letters_look_the_same() -> None:
    assert written("R\u00edos").tobytes() == written("Ri\u0301os").tobytes()


def test_an_accent_stands_above_its_letter_and_not_apart_from_it() -> None:
    """The ink of é is what e has, and some more directly above."""
    boxes = [ImageBox(written(letter)) for letter in ("e", "é")]
    assert boxes[1].top in range(boxes[0].top - 9, boxes[0].top - 3)
    assert boxes[1].bottom == boxes[0].bottom


class ImageBox:
    def __init__(self, image: Image.Image) -> None:
        box = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
        assert box is not None
        _, self.top, _, self.bottom = box


def test_a_text_is_cut_to_its_room() -> None:
    assert fitted("Valentina", 16, 500) == "Valentina"
    cut = fitted("Valentina", 16, 50)
    assert cut.endswith("…")
    assert width(cut, 16) <= 50
    assert fitted("Valentina", 16, 5) == ""
