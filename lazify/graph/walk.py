"""The order in which modules run when an entry is imported, as Python's import system has it.

https://docs.python.org/3/reference/import.html: a module is in `sys.modules` before its body runs, its packages
run before it does, and nothing runs twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lazify.graph.steps import Step, Stepping
from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.graphs import Turn


@dataclass(slots=True, eq=False)
class Frame:
    """A module that has begun to run."""

    module: Module
    steps: Iterator[Step]
    depth: int
    at: Step | None = None
    """What it does at the moment."""
    waiting: tuple[Module, ...] = ()
    """Modules that its present import runs after the one that runs now."""


class Event(NamedTuple):
    """Something that happens while a module runs."""

    frame: Frame
    step: Step
    target: Module | None = None
    """The module that an import finds; None for a statement, and for an import from outside the project."""
    turn: Turn = Turn.LATER
    stack: tuple[Frame, ...] = ()
    """Of an import that closes a cycle: the frames from that of `target` to the importer's."""


def walk(stepping: Stepping, entries: Iterable[Module]) -> Iterator[Event]:
    """Yield what happens, in order; entries run one after the other in one process."""
    begun: dict[Module, Frame] = {}
    for entry in entries:
        for module in (*packages_around(stepping.view.project, entry), entry):
            if module not in begun:
                yield from _run(stepping, module, begun)


def packages_around(project: Project, module: Module) -> list[Module]:
    """List the packages that hold a module, the outermost first."""
    folder: Path = module.package.parent if module.source.is_package else module.package
    found: list[Module] = []
    while (package := project.modules.get(folder / "__init__.py")) is not None:
        found.insert(0, package)
        folder = folder.parent
    return found


def _run(stepping: Stepping, module: Module, begun: dict[Module, Frame]) -> Iterator[Event]:
    stack = [_begin(stepping, module, 0, begun)]
    while stack:
        frame = stack[-1]
        if frame.waiting:
            target, frame.waiting = frame.waiting[0], frame.waiting[1:]
            assert frame.at is not None
            event = _import(frame, frame.at, target, begun, stack)
            yield event
            if event.turn is Turn.FIRST:
                stack.append(_begin(stepping, target, frame.depth + 1, begun))
            continue
        step = frame.at = next(frame.steps, None)
        if step is None:
            stack.pop()
        elif step.item is None:
            yield Event(frame, step)
        elif runs := [each for each in stepping.runs(step) if each is not frame.module]:
            frame.waiting = tuple(runs)
        else:
            yield Event(frame, step)


def _begin(stepping: Stepping, module: Module, depth: int, begun: dict[Module, Frame]) -> Frame:
    begun[module] = Frame(module, iter(stepping.of(module)), depth)
    return begun[module]


def _import(
    frame: Frame, step: Step, target: Module, begun: dict[Module, Frame], stack: list[Frame]
) -> Event:
    if target not in begun:
        return Event(frame, step, target, Turn.FIRST)
    if begun[target] in stack:
        return Event(frame, step, target, Turn.RUNNING, tuple(stack[stack.index(begun[target]) :]))
    return Event(frame, step, target, Turn.LATER)
