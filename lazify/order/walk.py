"""The order in which modules run when an entry is imported, as Python's import system has it.

https://docs.python.org/3/reference/import.html: a module is in `sys.modules` before its body runs, its packages
run before it does, and nothing runs twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.graphs import Turn
from lazify.order.steps import Step, Stepping


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
    walking = _Walk(stepping)
    for entry in entries:
        for module in (*packages_around(stepping.view.project, entry), entry):
            if module not in walking.begun:
                yield from walking.run(walking.begin(module, 0))
    while walking.unsure:
        yield from walking.try_out(*walking.unsure.pop(0))


def packages_around(project: Project, module: Module) -> list[Module]:
    """List the packages that hold a module, the outermost first."""
    folder: Path = module.package.parent if module.source.is_package else module.package
    found: list[Module] = []
    while (package := project.modules.get(folder / "__init__.py")) is not None:
        found.insert(0, package)
        folder = folder.parent
    return found


@dataclass(slots=True, eq=False)
class _Walk:
    stepping: Stepping
    begun: dict[Module, Frame] = field(default_factory=dict)
    unsure: list[tuple[Frame, Step]] = field(default_factory=list)
    """Imports that may run, put off to the end: whether they do must not decide on the order of the others."""

    def begin(self, module: Module, depth: int) -> Frame:
        self.begun[module] = Frame(module, iter(self.stepping.of(module)), depth)
        return self.begun[module]

    def run(self, first: Frame) -> Iterator[Event]:
        stack = [first]
        while stack:
            frame = stack[-1]
            if frame.waiting:
                target, frame.waiting = frame.waiting[0], frame.waiting[1:]
                event = self._import(frame, target, stack)
                yield event
                if event.turn is Turn.FIRST:
                    stack.append(self.begin(target, frame.depth + 1))
                continue
            step = frame.at = next(frame.steps, None)
            if step is None:
                stack.pop()
            elif step.item is None:
                yield Event(frame, step)
            elif step.is_unsure:
                self.unsure.append((frame, step))
            else:
                frame.waiting = self._targets(frame, step)
                if not frame.waiting:
                    yield Event(frame, step)

    def try_out(self, frame: Frame, step: Step) -> Iterator[Event]:
        """Follow an import that was put off."""
        targets = self._targets(frame, step)
        if not targets:
            yield Event(frame, step)
        for target in targets:
            turn = Turn.LATER if target in self.begun else Turn.FIRST
            yield Event(frame, step, target, turn)
            if turn is Turn.FIRST:
                yield from self.run(self.begin(target, frame.depth + 1))

    def _targets(self, frame: Frame, step: Step) -> tuple[Module, ...]:
        return tuple(each for each in self.stepping.runs(step) if each is not frame.module)

    def _import(self, frame: Frame, target: Module, stack: list[Frame]) -> Event:
        assert frame.at is not None
        if target not in self.begun:
            return Event(frame, frame.at, target, Turn.FIRST)
        begun = self.begun[target]
        if begun in stack:
            return Event(frame, frame.at, target, Turn.RUNNING, tuple(stack[stack.index(begun) :]))
        return Event(frame, frame.at, target, Turn.LATER)
