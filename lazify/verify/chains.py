"""The import chain as a tree: which line loads which module of the project, what is heavy, what has effects."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path

from lazify.model.observations import Imported, Line, LoadedModule, Observation
from lazify.verify.effects import matters, named
from lazify.verify.wording import counted, megabytes, place, said, seconds

_LEAST, _SHARE = 0.002, 0.005
"""A module is shown that takes 2 ms, and half a hundredth of the whole."""
_BRANCH, _LAST, _BESIDE, _BELOW = "├─ ", "└─ ", "│  ", "   "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """What stands below a module of the project."""

    line: int
    text: str
    module: Path | None = None
    """The file of a module of the project, which has a tree of its own."""
    seconds: float = inf
    """What it takes; what is no module of the project is always shown."""


def chain(seen: Observation, entry: Path, root: Path, *, heavy: Collection[str]) -> tuple[str, ...]:
    """Draw what the entry's file led to; `heavy` are the installed packages that are shown, too.

    Modules that take next to no time, and lead to nothing that matters, are only counted.
    """
    tree = _Tree(_nodes(seen, root, heavy), least=max(_LEAST, seen.seconds * _SHARE))
    head = str(entry.relative_to(root)) if entry.is_relative_to(root) else str(entry)
    return (head, *tree.drawn(entry, ""))


def _nodes(seen: Observation, root: Path, heavy: Collection[str]) -> dict[Path, list[_Node]]:
    nodes: dict[Path, list[_Node]] = {}
    for at, node in (*_modules(seen, root, heavy), *_effects(seen, root), *_end(seen, root)):
        known = nodes.setdefault(at.path, [])
        if node not in known:
            known.append(node)
    return {path: sorted(found, key=lambda node: (node.line, node.text)) for path, found in nodes.items()}


def _modules(seen: Observation, root: Path, heavy: Collection[str]) -> Iterator[tuple[Line, _Node]]:
    for module in seen.modules:
        if module.importer is None:
            continue
        if module.file is not None and module.file.is_relative_to(root):
            text = f"{module.file.relative_to(root)}  {_cost(module)}"
            line = module.importer.line
            yield module.importer, _Node(line=line, text=text, module=module.file, seconds=module.seconds)
        elif module.name in heavy:
            yield module.importer, _Node(line=module.importer.line, text=f"{module.name}  {_cost(module)}")


def _cost(module: LoadedModule) -> str:
    grown = f", {megabytes(module.bytes)}" if module.bytes >= 2**20 else ""
    return f"{seconds(module.seconds)}{grown}"


def _effects(seen: Observation, root: Path) -> Iterator[tuple[Line, _Node]]:
    for effect in seen.effects:
        at = effect.blamed
        if at is not None and matters(effect, root):
            yield at, _Node(line=at.line, text=named(effect, root))


def _end(seen: Observation, root: Path) -> Iterator[tuple[Line, _Node]]:
    """Where an import that did not succeed ended, and the way there: its modules were never done."""
    lines: tuple[Line, ...] = getattr(seen.outcome, "chain", ())
    for inner, outer in pairwise(lines):
        text = place(inner, root).rpartition(":")[0]
        yield outer, _Node(line=outer.line, text=f"{text}  not done", module=inner.path)
    if lines and not isinstance(seen.outcome, Imported):
        yield lines[0], _Node(line=lines[0].line, text=f"✗ {said(seen.outcome, root)}")


class _Tree:
    """Draws each module's part once, where it was loaded."""

    def __init__(self, nodes: Mapping[Path, list[_Node]], *, least: float) -> None:
        self._nodes, self._least = nodes, least
        self._shown: set[Path] = set()

    def drawn(self, path: Path, indent: str) -> Iterator[str]:
        self._shown.add(path)
        below = self._nodes.get(path, [])
        told = [node for node in below if self._matters(node, {path})]
        small = len(below) - len(told)
        for node in told:
            is_last = node is told[-1] and not small
            yield f"{indent}{_LAST if is_last else _BRANCH}{node.line}: {node.text}"
            if node.module is not None and node.module not in self._shown:
                yield from self.drawn(node.module, indent + (_BELOW if is_last else _BESIDE))
        if small:
            yield f"{indent}{_LAST}{counted(small, 'module')} under {seconds(self._least)}"

    def _matters(self, node: _Node, above: set[Path]) -> bool:
        if node.module is None or node.seconds >= self._least:
            return True
        below = self._nodes.get(node.module, ()) if node.module not in above else ()
        return any(self._matters(each, above | {node.module}) for each in below)
