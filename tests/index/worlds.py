"""Small projects as path and text, scanned and linked, and what running their statements does."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from textwrap import dedent

from lazify.index.effects import Effects
from lazify.index.modules import Module
from lazify.index.project import Builtin, Defined, External, Project
from lazify.index.scan import scan
from lazify.knowledge import knowledge
from lazify.model.effects import Effect, EffectKind, Evidence
from lazify.model.facts import MODULE
from lazify.model.places import Source

ROOT = Path("/project")


class World:
    """One project. Statements are named by what they bind (`app.client`) or by their place (`app:3`, the line)."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.project = Project([_module(path, text) for path, text in files.items()])
        self.modules = {module.name: module for module in self.project.modules.values()}

    @cached_property
    def engine(self) -> Effects:
        return Effects(self.project, knowledge())

    def effects(self, statement: str) -> tuple[Effect, ...]:
        return self.engine.of_statement(*self.locate(statement))

    def kinds(self, statement: str) -> set[str]:
        """Kind and callee of each effect: `database sqlite3.connect`."""
        return {f"{effect.kind} {effect.callee}" for effect in self.effects(statement)}

    def chain(self, statement: str, callee: str) -> list[str]:
        """The links of one chain: `app.py:3 connect()`; the cited fact is left out."""
        chains = [effect.chain for effect in self.effects(statement) if effect.callee == callee]
        assert len(chains) == 1, f"{callee} has {len(chains)} chains in {self.kinds(statement)}"
        return [_shown(evidence) for evidence in chains[0] if evidence.at is not None]

    def reached(self, *statements: str) -> set[str]:
        """The functions that run, by qualified name."""
        found = self.engine.reached([self.locate(each) for each in statements])
        return {
            f"{self.project.modules[path].name}.{self.project.modules[path].facts.scopes[scope].name}"
            for path, scope in found
        }

    def class_of(self, name: str) -> str | None:
        """The class of what the first binding of a module-level name gives."""
        module_name, _, last = name.rpartition(".")
        module = self.modules[module_name]
        match self.engine.class_of(module, module.facts.scopes[MODULE].locals[last][0], MODULE):
            case Defined(module, name):
                return f"{module.name}.{name}"
            case External(name) | Builtin(name):
                return name
            case None:
                return None
        raise AssertionError

    def locate(self, statement: str) -> tuple[Module, int]:
        if ":" in statement:
            module_name, _, line = statement.partition(":")
            module = self.modules[module_name]
            wanted = int(line)
            lines = [s.span.line for s in module.facts.statements]
            return module, lines.index(wanted)
        module_name, _, name = statement.rpartition(".")
        module = self.modules[module_name]
        binders = [n for n, s in enumerate(module.facts.statements) if name in s.binds]
        return module, binders[-1]


def of(files: Mapping[str, str], statement: str) -> set[str]:
    """The effects of one statement of a project."""
    return World(files).kinds(statement)


def in_app(text: str, statement: str = "app.x") -> set[str]:
    """The effects of one statement of a project of one file, `app.py`."""
    return of({"app.py": text}, statement)


def state(name: str) -> str:
    return f"{EffectKind.STATE} {name}"


def _module(path: str, text: str) -> Module:
    dotted = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    source = Source(
        path=ROOT / path,
        root=ROOT,
        module=dotted,
        is_package=path.endswith("__init__.py"),
        is_test=path.startswith("tests/"),
    )
    return Module(source=source, facts=scan(dedent(text).lstrip("\n")))


def _shown(evidence: Evidence) -> str:
    assert evidence.at is not None
    return f"{evidence.at.path.name}:{evidence.at.span.line} {evidence.fact}"
