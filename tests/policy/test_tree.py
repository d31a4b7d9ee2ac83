"""YAML read as YAML 1.2 reads it, with the place of every key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.tree import read


@pytest.mark.parametrize(
    ("yaml", "data"),
    [
        ("{yes: no, on: off, y: n}", {"yes": "no", "on": "off", "y": "n"}),
        ("[true, False, null, ~]", [True, False, None, None]),
        ("at: 2026-01-05T08:00", {"at": "2026-01-05T08:00"}),
        ("at: 22:30", {"at": "22:30"}),
        ("[1, -2, 010, 1_000, 0x1F]", [1, -2, 10, "1_000", "0x1F"]),
        ("[0.75, 1e3, .5, 75%]", [0.75, 1000.0, 0.5, "75%"]),
        ("['1', \"true\", '']", ["1", "true", ""]),
        ("1: {2: x}", {"1": {"2": "x"}}),
        ("{<<: x}", {"<<": "x"}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("text: |\n  one\n  two\n", {"text": "one\ntwo\n"}),
        ("# only a comment", None),
        ("", None),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(yaml: str, data: object) -> None:
    tree = read(yaml.encode(), "a.yaml")
    assert (tree.data, tree.faults) == (data, [])


def test_every_key_and_item_knows_its_line() -> None:
    tree = read("\ufeff# first\npeople:\n  amina:\n    name: Amina\nlist:\n- a\n- b\n".encode(), "a.yaml")
    lines = {loc: place.line for loc, place in tree.places.items()}
    assert lines[("people",)] == 2
    assert lines["people", "amina", "name"] == 4
    assert lines["list", 1] == 7
    assert str(tree.places["list", 0]) == "a.yaml:6"


def test_a_key_that_is_no_word_is_a_fault() -> None:
    assert [str(fault) for fault in read(b"? [a, b]\n: c\n", "a.yaml").faults] == [
        "a.yaml:1: a key must be a plain word"
    ]


def test_what_is_nested_without_end_is_a_fault_and_no_crash() -> None:
    assert "nested too deep" in str(read(b"[" * 5000, "a.yaml").faults[0])


@given(st.binary(max_size=60))
def test_any_bytes_give_a_tree_or_a_fault_and_never_an_exception(raw: bytes) -> None:
    tree = read(raw, "a.yaml")
    assert all(fault.line >= 1 for fault in tree.faults)


@given(st.text(alphabet="ab:-{}[]&*!|>'\"#%\n\t ?,", max_size=40))
def test_any_punctuation_gives_a_tree_or_a_fault_and_never_an_exception(text: str) -> None:
    tree = read(text.encode(), "a.yaml")
    assert all(fault.line >= 1 for fault in tree.faults)
