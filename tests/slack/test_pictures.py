"""Golden pictures: `python -m tests.slack.test_pictures` draws them anew after a wanted change; read the difference."""

from pathlib import Path

import pytest

from bot.slack.views.drawn import Drawn
from tests.slack.picture import picture, view_picture
from tests.slack.pictures import PICTURES

GOLDEN = Path(__file__).parent / "golden"


def drawn(name: str) -> str:
    made = PICTURES[name]()
    return picture(made.blocks, made.text) if isinstance(made, Drawn) else view_picture(made)


@pytest.mark.parametrize("name", PICTURES)
def test_a_message_looks_as_it_did(name: str) -> None:
    assert drawn(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_every_golden_picture_is_of_something() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_state_gives_the_same_message(name: str) -> None:
    assert PICTURES[name]() == PICTURES[name]()


if __name__ == "__main__":
    for old in GOLDEN.glob("*.txt"):
        old.unlink()
    for each in PICTURES:
        (GOLDEN / f"{each}.txt").write_text(drawn(each), encoding="utf-8")
