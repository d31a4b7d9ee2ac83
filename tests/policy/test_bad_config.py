"""One fault a file: each of tests/bad_config, laid over a good configuration, is told in its first line's words."""

import shutil
from pathlib import Path

import pytest

from bot.policy.load import ConfigFaults, load

HERE = Path(__file__).parent.parent / "bad_config"
CONFIGS = sorted(HERE.glob("*.yaml"))
RUNBOOKS = sorted((HERE / "runbooks").glob("*.yaml"))


def told(bad: Path, folder: str, around: Path) -> list[str]:
    """The faults of the good configuration with `bad` beside it."""
    shutil.copytree(HERE / "good", around, dirs_exist_ok=True)
    for each in bad.parent.glob(f"{bad.stem}.*"):  # a calendar may stand beside it
        shutil.copy(each, around / folder / each.name)
    with pytest.raises(ConfigFaults) as caught:
        load(around / "config", around / "runbooks")
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return [str(fault).replace(f"{around}/", "") for fault in caught.value.faults]


def expected(bad: Path, folder: str) -> list[str]:
    first = bad.read_bytes().splitlines()[0].decode()
    return [f"{folder}/{bad.name}:{first.removeprefix('# expected: ')}"]


@pytest.mark.parametrize("bad", CONFIGS, ids=lambda path: path.stem)
def test_a_fault_in_the_configuration_is_told_with_its_line_and_nothing_else(bad: Path, tmp_path: Path) -> None:
    assert told(bad, "config", tmp_path) == expected(bad, "config")


@pytest.mark.parametrize("bad", RUNBOOKS, ids=lambda path: path.stem)
def test_a_fault_in_a_runbook_is_told_with_its_line_and_nothing_else(bad: Path, tmp_path: Path) -> None:
    assert told(bad, "runbooks", tmp_path) == expected(bad, "runbooks")


def test_the_good_configuration_beneath_them_has_no_fault() -> None:
    assert load(HERE / "good" / "config", HERE / "good" / "runbooks").services["churn-scoring"].tier == 3


def test_there_are_bad_files_of_both_sorts() -> None:
    assert len(CONFIGS) >= 40
    assert len(RUNBOOKS) >= 20
