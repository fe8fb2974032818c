"""LZ104: effects at import that bind no name a getter could stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lazify.codemod import Example
from lazify.getter.pins import PLATFORM_NAMES
from lazify.getter.settings import Settings
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Change, Move, Refusal
from lazify.model.effects import Effect, Level
from lazify.model.facts import Statement
from lazify.model.places import Place, Span

_DEFINES = {
    "ClassDef": "the body or a decorator of the class runs it",
    "FunctionDef": "a decorator or a default value runs it",
    "AsyncFunctionDef": "a decorator or a default value runs it",
}
_IMPORTS = frozenset({"Import", "ImportFrom"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """A statement that is run for its effect alone is reported with the chain that leads to the effect.

    `os.makedirs(...)`, `init_db()`, `Thread(...).start()`, a `FileHandler` added to a logger: moving it changes
    when it happens, and only the author knows when that should be. Class bodies, default values, decorators and
    values that nothing uses are reported for the same reason.
    """

    order: ClassVar[int] = 190
    codes: ClassVar[Mapping[str, str]] = {"LZ104": "an effect at import that binds no name"}
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ104",
            before={"paths.py": 'import os\n\nos.makedirs("uploads", exist_ok=True)\n'},
            refused="moving it changes when it happens",
        ),
    )

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Report what the earlier codemods have neither moved nor refused."""
        if not view.config.wants("LZ104"):
            return
        threshold = Level.RISKY if view.config.risky else Level.DANGEROUS
        spoken = _spoken_for(view)
        for module in view.reported():
            for number, statement in enumerate(module.facts.statements):
                if statement.kind in _IMPORTS or _is_ignored(module, statement):
                    continue
                if any(statement.span.contains(span) for span in spoken.get(module.path, ())):
                    continue
                effects = view.effects.of_statement(module, number, least=threshold)
                effect = max(effects, key=lambda e: e.level, default=None)
                if effect is not None and effect.level >= threshold:
                    yield _report(view, module, statement, effect)


def _report(view: View, module: Module, statement: Statement, effect: Effect) -> Refusal:
    place = Place(module.path, statement.span)
    what = f"{effect.kind} at import: {effect.callee}"
    if statement.kind in _DEFINES:
        return Refusal(code="LZ104", title=what, at=place, reason=_DEFINES[statement.kind], why=effect.chain)
    if statement.binds and statement.kind in ("Assign", "AnnAssign"):
        reason = _looked_up(view, module, statement.binds[0])
        return Refusal(code="LZ104", title=what, at=place, reason=reason, why=effect.chain)
    reason = "moving it changes when it happens: the author decides"
    return Refusal(code="LZ104", title=what, at=place, reason=reason, why=effect.chain)


def _looked_up(view: View, module: Module, name: str) -> str:
    """Say why a value is made that nothing in the project uses."""
    if name in PLATFORM_NAMES:
        return f"servers and frameworks look {name} up by its name"
    if name in view.platform_names:
        return f"{view.platform_names[name]} names {name}"
    listed = next(view.once(Settings).of(module, name), None)
    if listed is not None:
        return listed.reason
    return f"nothing uses {name}: it is made for its effect, and the author decides when that happens"


def _is_ignored(module: Module, statement: Statement) -> bool:
    span, ignores = statement.span, module.facts.ignores
    found = (ignores[line] for line in range(span.line, span.end_line + 1) if line in ignores)
    return any(not codes or "LZ104" in codes for codes in found)


def _spoken_for(view: View) -> dict[Path, list[Span]]:
    spans: dict[Path, list[Span]] = {}
    for said in view.earlier:
        if isinstance(said, Refusal):
            spans.setdefault(said.at.path, []).append(said.at.span)
            continue
        for edit in said.edits:
            if isinstance(edit, Move):
                spans.setdefault(edit.path, []).extend(edit.spans)
    return spans
