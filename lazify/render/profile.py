"""What importing an entry costs, for people: where the time goes, what it does, and which line is to blame."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from lazify.model.effects import EffectKind
from lazify.model.observations import (
    Cost,
    Exited,
    Imported,
    Killed,
    Line,
    LoadedModule,
    NotStarted,
    ObservedEffect,
    Outcome,
    OutOfMemory,
    Profile,
    Raised,
    TimedOut,
    VariableRead,
)
from lazify.model.plain import to_plain
from lazify.render.document import VERSION
from lazify.render.words import counted, one_line, printable, shown

if TYPE_CHECKING:
    from rich.table import Table

_LINES = 15
"""How many of the dearest lines and modules are shown."""
_LEAST = 0.001
"""Seconds: cheaper lines are not shown."""
_PIPE = 400
"""Columns where nobody's terminal tells how many there are."""


def profile_text(profile: Profile, base: Path, *, width: int | None, is_coloured: bool) -> str:
    """Lay a profile out for a terminal of `width` columns, or for a pipe."""
    from rich.console import Console  # costs 50 ms, and few commands draw
    from rich.padding import Padding

    out = StringIO()
    console = Console(
        file=out,
        width=width or _PIPE,
        force_terminal=is_coloured,
        color_system="standard" if is_coloured else None,
        no_color=not is_coloured,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=width is None,
    )
    source = _Source(base)
    console.print(headline(profile, base))
    for line in _about(profile, base):
        console.print(f"    {line}")
    for title, table in _tables(profile, source):
        console.print(f"\n{title}", style="bold")
        console.print(Padding(table, (0, 0, 0, 4)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def headline(profile: Profile, base: Path) -> str:
    """Say how the import ended, and what it cost if it came to its end."""
    name = printable(profile.entry)
    if not isinstance(profile.outcome, Imported):
        return f"{name}: {verdict(profile.outcome, base)}"
    python = ".".join(map(str, profile.python))
    return (
        f"{name}: {_seconds(profile.seconds)}, {_mib(profile.peak_bytes)} MiB,"
        f" {counted(len(profile.modules), 'module')} (Python {python}, median of {counted(len(profile.runs), 'run')})"
    )


def verdict(outcome: Outcome, base: Path) -> str:
    """Say in one line how an import ended."""
    match outcome:
        case Imported():
            return "imported"
        case Raised(error=error, message=message, at=at):
            said = f": {one_line(message)}" if message else ""
            return f"not imported: {error}{said}{_at(at, base)}"
        case Exited(code=code, how=None):
            return f"not imported: the process ended with code {code} before the import was done"
        case Exited(code=code, how=how, at=at):
            return f"not imported: {how} ended the process with code {code}{_at(at, base)}"
        case Killed(signal=number, at=at):
            return f"not imported: killed by signal {number}{_at(at, base)}"
        case TimedOut(seconds=seconds, at=at):
            return f"not imported within {seconds:g} s, and ended{_at(at, base)}"
        case OutOfMemory(limit=limit, at=at):
            most = f" than {_mib(limit)} MiB" if limit else " than there is"
            return f"not imported: it wanted more memory{most}{_at(at, base)}"
        case NotStarted(why=why):
            return f"not imported: {one_line(why)}"


def _about(profile: Profile, base: Path) -> Iterator[str]:
    if profile.runs and isinstance(profile.outcome, Imported):
        yield (
            f"{_seconds(min(profile.runs))} to {_seconds(max(profile.runs))};"
            f" the interpreter alone takes {_mib(profile.base_bytes)} MiB"
        )
    if isinstance(profile.outcome, Raised) and profile.outcome.traceback:
        yield from map(printable, profile.outcome.traceback.splitlines())
    elif not isinstance(profile.outcome, Imported):
        yield from map(printable, profile.output.splitlines()[-5:])
    chain = getattr(profile.outcome, "chain", ())
    if chain and not isinstance(profile.outcome, Raised):
        yield "imported by " + " ← ".join(_line(at, base) for at in chain)
    for note in profile.notes:
        yield f"note: {note}"


def _tables(profile: Profile, source: "_Source") -> Iterator[tuple[str, "Table"]]:
    dear = sorted(profile.costs, key=lambda cost: -cost.own_seconds)
    dear = [cost for cost in dear if cost.own_seconds >= _LEAST]
    if dear:
        title = "where the time goes (own: without the project's modules that the line imports)"
        yield title + _rest(len(dear)), _cost_table(dear[:_LINES], profile, source)
    modules = sorted(profile.modules, key=lambda module: -module.own_seconds)
    modules = [module for module in modules if module.own_seconds >= _LEAST]
    if modules:
        yield (
            "the dearest modules (own: without the modules that it loads)" + _rest(len(modules)),
            _module_table(modules[:_LINES], source),
        )
    effects = [effect for effect in profile.effects if not effect.is_installed]
    if effects:
        yield "what it does", _effect_table(effects, source)
    variables = [variable for variable in profile.variables if variable.is_required and variable.chain]
    if variables:
        yield "environment variables it requires", _variable_table(variables, source)


def _rest(number: int) -> str:
    return f", the first {_LINES} of {number}" if number > _LINES else ""


def _cost_table(costs: Iterable[Cost], profile: Profile, source: "_Source") -> "Table":
    table = _table("own", "", "total", "memory", "line")
    whole = sum(cost.own_seconds for cost in profile.costs) or 1.0
    grown: dict[Line, int] = {}
    for module in profile.modules:
        if module.importer is not None:
            grown[module.importer] = grown.get(module.importer, 0) + module.own_bytes
    for cost in costs:
        share = f"{cost.own_seconds / whole:.0%}"
        memory = f"{_mib(grown[cost.at])} MiB" if grown.get(cost.at, 0) >> 20 else ""
        table.add_row(
            _seconds(cost.own_seconds), share, _seconds(cost.seconds), memory, source.quoted(cost.at)
        )
    return table


def _module_table(modules: Iterable[LoadedModule], source: "_Source") -> "Table":
    table = _table("own", "total", "memory", "module")
    for module in modules:
        by = f"  ← {_line(module.importer, source.base)}" if module.importer else ""
        memory = f"{_mib(module.bytes)} MiB" if module.bytes >> 20 else ""
        table.add_row(
            _seconds(module.own_seconds), _seconds(module.seconds), memory, printable(module.name) + by
        )
    return table


def _effect_table(effects: Iterable[ObservedEffect], source: "_Source") -> "Table":
    table = _table("effect", "of", "line", numbers=0)
    rows: dict[tuple[EffectKind, Line | None], list[str]] = {}
    for effect in effects:
        details = rows.setdefault((effect.kind, effect.blamed), [])
        details.append(_detail(effect, source.base))
    for (kind, at), details in rows.items():
        first, more = details[0], len(set(details)) - 1
        what = f"{first} and {more} more" if more else first
        table.add_row(kind.value, what, source.quoted(at) if at else "(no line of the project)")
    return table


def _detail(effect: ObservedEffect, base: Path) -> str:
    if effect.kind in (EffectKind.FILE_READ, EffectKind.FILE_WRITE) and effect.detail.startswith("/"):
        return shown(Path(os.path.normpath(effect.detail)), base)
    return one_line(effect.detail) or effect.event


def _variable_table(variables: Iterable[VariableRead], source: "_Source") -> "Table":
    table = _table("variable", "", "line", numbers=0)
    for variable in variables:
        is_set = "" if variable.is_set else "not set"
        table.add_row(printable(variable.name), is_set, source.quoted(variable.chain[0]))
    return table


def _table(*columns: str, numbers: int | None = None) -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="dim")
    right = len(columns) - 1 if numbers is None else numbers
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number < right else "left", overflow="fold")
    return table


class _Source:
    """Quotes lines of files."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._lines: dict[Path, list[str]] = {}

    def quoted(self, at: Line) -> str:
        """Give `path:line` with what stands there."""
        if at.path not in self._lines:
            try:
                self._lines[at.path] = at.path.read_text("utf-8", "replace").splitlines()
            except OSError:
                self._lines[at.path] = []
        lines = self._lines[at.path]
        code = one_line(lines[at.line - 1]) if 0 < at.line <= len(lines) else ""
        return f"{_line(at, self.base)} {code}"


def _at(at: Line | None, base: Path) -> str:
    return f" at {_line(at, base)}" if at else ""


def _line(at: Line, base: Path) -> str:
    return f"{shown(at.path, base)}:{at.line}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _mib(number: int) -> str:
    return str(round(number / (1 << 20)))


def profile_document(profiles: Sequence[Profile], base: Path) -> str:
    """Give everything as JSON: the fields of `lazify.model.observations`, in seconds and bytes."""
    content = {"version": VERSION, "profiles": [_document(each, base) for each in profiles]}
    return json.dumps(content, indent=2) + "\n"


def _document(profile: Profile, base: Path) -> dict[str, object]:
    plain: dict[str, object] = to_plain(profile, path=lambda path: shown(path, base))
    return plain | {"verdict": verdict(profile.outcome, base)}
