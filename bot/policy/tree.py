"""YAML as plain data with the place of every key and item; read as YAML 1.2 reads it.

`yes`, `no`, `on` and `off` are texts, `2026-01-05T08:00` and `22:00` too; keys are always texts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.policy.faults import Fault

Loc = tuple[str | int, ...]

_STRING, _MAP, _LIST = "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE, _FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Place:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Tree:
    """The data of one file, where each part of it stands, and what is wrong with its form."""

    data: Any = None
    places: dict[Loc, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    """Composes nodes only; what a plain word means is decided by `_plain`, not by YAML 1.1."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own name and type)


class _Endless(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def read(raw: bytes, file: str) -> Tree:
    """The tree of one file's bytes; a file that is no YAML gives a tree with a fault and no data."""
    tree = Tree(places={(): Place(file, 1)})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        tree.faults.append(Fault(file, line, "this is not UTF-8 text; save the file as UTF-8"))
        return tree
    try:
        node = yaml.compose(text, Loader=_Loader)
        tree.data = None if node is None else _Growth(tree, file).value(node, (), ())
    except yaml.YAMLError as error:
        tree.faults.append(_syntax(error, text, file))
        return tree
    except RecursionError:
        tree.faults.append(Fault(file, 1, "this is nested too deep to be read"))
        return tree
    except _Endless as error:
        tree.faults.append(Fault(file, error.line, "this alias contains itself"))
    return tree


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Fault:
    lines = text.splitlines()
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Fault(file, line, "there is a control character here; remove it")
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    around = lines[line - 1] if line <= len(lines) else ""
    if "\t" in around[: len(around) - len(around.lstrip())] or "'\\t'" in str(error):
        return Fault(file, line, "a tab is used where YAML wants spaces; replace it with spaces")
    problem = getattr(error, "problem", None) or "it cannot be read"
    if "expected a single document" in str(error) or "but found another document" in problem:
        return Fault(file, line, 'a second document starts here ("---"); put it in a file of its own')
    context = getattr(error, "context", None)
    return Fault(file, line, f"this is not YAML: {problem}{f' {context}' if context else ''}")


@dataclass
class _Growth:
    """Turns nodes into data, noting places and faults in the tree."""

    tree: Tree
    file: str

    def value(self, node: yaml.Node, loc: Loc, around: tuple[int, ...]) -> Any:
        if id(node) in around:
            raise _Endless(node.start_mark.line + 1)
        around = (*around, id(node))
        if node.tag not in (_STRING, _MAP, _LIST):
            self._fault(node, f'"{node.tag.replace("tag:yaml.org,2002:", "!!")}" is a tag; tags are not used here')
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, loc, around))
        if isinstance(node, yaml.SequenceNode):
            return list(self._items(node, loc, around))
        bare = isinstance(node, yaml.ScalarNode) and node.style is None
        return _plain(node.value) if bare else node.value

    def _items(self, node: yaml.SequenceNode, loc: Loc, around: tuple[int, ...]) -> Iterator[Any]:
        for index, item in enumerate(node.value):
            self.tree.places[*loc, index] = self._place(item)
            yield self.value(item, (*loc, index), around)

    def _entries(self, node: yaml.MappingNode, loc: Loc, around: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
        seen: dict[str, Place] = {}
        for key, value in node.value:
            place = self._place(key)
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "a key must be a plain word")
                continue
            name = key.value
            if name in seen:
                self._fault(key, f'"{name}" stands twice in this map, first in line {seen[name].line}')
                continue
            seen[name] = self.tree.places[*loc, name] = place
            yield name, self.value(value, (*loc, name), around)

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def _fault(self, node: yaml.Node, sentence: str) -> None:
        self.tree.faults.append(Fault(self.file, node.start_mark.line + 1, sentence))


def _plain(text: str) -> Any:
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
