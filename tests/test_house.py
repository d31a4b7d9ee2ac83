"""The house itself: its walls, its map, and what holds its versions."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "bot").rglob("*.py"))


def test_arrows_go_down_only() -> None:
    """The contracts of import-linter hold."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_stands_on_the_map() -> None:
    map_of_the_house = (ROOT / "bot" / "__init__.py").read_text()
    rooms = [path.name for path in (ROOT / "bot").iterdir() if (path / "__init__.py").exists()]
    files = [path.name for path in (ROOT / "bot").glob("*.py") if not path.name.startswith("__")]
    assert [room for room in rooms if f"    {room}/" not in map_of_the_house] == []
    assert [name for name in files if f"    {name}" not in map_of_the_house] == []


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = [path for path in SOURCES if path.stat().st_size and not path.read_text().startswith('"""')]
    assert [str(path.relative_to(ROOT)) for path in silent if "versions" not in path.parts] == []


def test_both_lists_of_exact_versions_are_the_same() -> None:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["constraint-dependencies"]
    assert held == (ROOT / ".ci" / "constraints.txt").read_text().split("\n")[:-1]


def test_no_registry_has_its_address_in_the_project() -> None:
    addresses = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|registry\.)", re.IGNORECASE)
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    named = [name for name in listed if (ROOT / name).suffix not in {".png"} and (ROOT / name).exists()]
    assert [name for name in named if addresses.search((ROOT / name).read_text(errors="ignore"))] == []


def test_nothing_happens_on_import() -> None:
    """Every module can be imported in a bare process, and none starts a thread or reads the environment."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
        if "migrations" not in path.parts and path.name != "__main__.py"
    ]
    code = (
        "import importlib, threading\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env={"PATH": ""})
    assert done.returncode == 0, done.stderr
