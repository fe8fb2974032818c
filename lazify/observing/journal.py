"""What the probe wrote, line by line, as records; a journal may end anywhere."""

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lazify.model.effects import EffectKind
from lazify.model.observations import (
    Cost,
    Line,
    LoadedModule,
    ModuleNames,
    ObservedEffect,
    Route,
    VariableRead,
)
from lazify.observing.statements import Statements

_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<name>.*)$')
"""A frame as `faulthandler` writes it."""

_READS_CODE = re.compile(r"importlib[/_](metadata|resources)|/pkg_resources/|warnings\.py$")
"""Code that looks for installed packages, or for the lines of a warning."""

Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Journal:
    """The rows by their first word, and the stack of an import that was hanging or crashed."""

    rows: dict[str, list[Row]]
    stack: tuple[tuple[str, Line], ...] = ()
    """Function names and lines, the innermost first."""
    statements: Statements = field(default_factory=Statements)

    def first(self, word: str) -> Row | None:
        """Give the only row, or the first, that begins with `word`, without it."""
        return next(iter(self.rows.get(word, ())), None)

    def chain(self, lines: Iterable[tuple[str, int]]) -> tuple[Line, ...]:
        """Map lines of module bodies to the statements that they belong to."""
        return tuple(self.statements.start(_line(at)) for at in lines)

    def modules(self) -> Iterator[LoadedModule]:
        """Yield the modules as they were done; in a run that was not traced without what they cost."""
        timed = {row[0]: row for row in self.rows.get("module", ())}
        listed = dict(self.first("loaded") or ())
        for name in dict.fromkeys((*timed, *listed)):
            if name not in timed:
                yield LoadedModule(name=name, file=_path(listed[name]))
                continue
            _, file, own, total, own_bytes, total_bytes, parent, chain = timed[name]
            yield LoadedModule(
                name=name,
                file=_path(file),
                own_seconds=own,
                seconds=total,
                own_bytes=own_bytes,
                bytes=total_bytes,
                parent=parent,
                importer=next(iter(self.chain(chain)), None),
            )

    def costs(self) -> Iterator[Cost]:
        """Yield what each statement took, in the order in which they were done."""
        sums: dict[Line, tuple[float, float]] = {}
        for file, line, own, total in self.rows.get("line", ()):
            if line:
                at = self.statements.start(_line((file, line)))
                before = sums.get(at, (0.0, 0.0))
                sums[at] = before[0] + own, before[1] + total
        for at, (own, total) in sums.items():
            yield Cost(at=at, own_seconds=own, seconds=total)

    def executed(self) -> Iterator[Line]:
        """Yield the lines of module bodies that ran, without those of bodies that never ended."""
        for file, *lines in self.rows.get("ran", ()):
            yield from (_line((file, line)) for line in lines)

    def effects(self, is_installed: Callable[[str], bool]) -> Iterator[ObservedEffect]:
        """Yield the effects; `is_installed` tells the files that packages and the interpreter bring along."""
        for kind, event, detail, chain, at, by, importing, is_threaded in self.rows.get("effect", ()):
            is_code = by is not None and bool(_READS_CODE.search(by))
            yield ObservedEffect(
                kind=EffectKind(kind),
                event=event,
                detail=detail,
                chain=self.chain(chain),
                at=place(at),
                by=_path(by),
                importing=importing,
                is_threaded=is_threaded,
                is_installed=kind == EffectKind.FILE_READ and (is_code or is_installed(detail)),
            )

    def variables(self) -> Iterator[VariableRead]:
        """Yield the look-ups of variables."""
        for name, is_required, is_set, chain, at in self.rows.get("variable", ()):
            yield VariableRead(
                name=name, is_required=is_required, is_set=is_set, chain=self.chain(chain), at=place(at)
            )

    def names(self) -> Iterator[ModuleNames]:
        """Yield what first-party modules offer, by name."""
        for name, file, values, modules, answers in sorted(self.rows.get("names", ())):
            yield ModuleNames(
                name=name, file=Path(file), values=values, modules=modules, answers_others=answers
            )

    def routes(self) -> Iterator[Route]:
        """Yield the routes of the entry's apps, in their order, which decides between them."""
        for app, *pairs in self.rows.get("routes", ()):
            for method, path in pairs:
                yield Route(app=app, method=method, path=path)


def read_journal(data: bytes) -> Journal:
    """Read what there is; a last line that was cut off is left out."""
    rows: dict[str, list[Row]] = {}
    stack: list[tuple[str, Line]] = []
    for text in data.decode("ascii", "replace").splitlines():
        if frame := _FRAME.match(text):
            stack.append((frame["name"], _line((frame["file"], int(frame["line"])))))
        elif text.startswith("("):
            try:
                word, *row = ast.literal_eval(text)
            except (SyntaxError, ValueError):
                continue  # cut off
            rows.setdefault(word, []).append(tuple(row))
    return Journal(rows=rows, stack=tuple(stack))


def place(at: tuple[str, int] | None) -> Line | None:
    """Give the line that a row names, if it names one."""
    return None if at is None else _line(at)


def _line(at: tuple[str, int]) -> Line:
    file, line = at
    # A search path such as `api/..` is part of the names of files.
    return Line(Path(os.path.normpath(file) if ".." in file else file), line)


def _path(file: str | None) -> Path | None:
    return None if file is None else _line((file, 0)).path
