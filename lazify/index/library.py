"""What names of installed packages mean: what the knowledge base knows stays a name, the rest is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lazify.index.installed import Installed, InstalledModule
from lazify.index.modules import Module
from lazify.index.project import BUILTINS, Builtin, Defined, External, Target
from lazify.knowledge import Knowledge
from lazify.model.facts import MODULE, BindingKind, Import


@dataclass(frozen=True, slots=True)
class Written:
    """A definition in an installed module, and the attributes that lead on from there."""

    definition: Defined
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brings: a module, by its path, or an attribute of it.

    A dotted name would not do: with `from .tool import tool` in a package `a`, the attribute `a.tool.tool` is one
    of the function, and the import `a.tool` still is the module.
    """

    source: str
    names: tuple[str, ...] = ()

    @property
    def dotted(self) -> str:
        """As one name."""
        return ".".join((self.source, *self.names))


_Meaning = External | Written


class Library:
    """Follows names through installed modules."""

    def __init__(self, installed: Installed, knowledge: Knowledge) -> None:
        """What `knowledge` knows is not looked up in `installed`."""
        self._installed = installed
        self._knowledge = knowledge
        self._resolved: dict[Imported, _Meaning] = {}
        self._raw: dict[Imported, _Meaning] = {}
        self._bindings: dict[tuple[Module, str], Imported | Defined | None] = {}

    def resolve(self, name: str) -> External | Written:
        """Follow a dotted name to its definition; to itself, or the last name on the way, where nobody can tell."""
        top, *rest = name.split(".")
        return self._resolve(Imported(top, tuple(rest)))

    def definition(self, name: str) -> Written | None:
        """Follow a name to its definition, whatever the knowledge base says of it."""
        top, *rest = name.split(".")
        found = self._anyhow(Imported(top, tuple(rest)))
        return found if isinstance(found, Written) else None

    def bound(self, module: Module, name: str) -> Imported | Defined | None:
        """Tell what a module binds to a name when it is imported; None where its code does not show that."""
        key = (module, name)
        if key not in self._bindings:
            self._bindings[key] = None  # star imports in a circle bring nothing
            self._bindings[key] = self._bound(module, name)
        return self._bindings[key]

    def lookup(self, module: InstalledModule, name: str) -> Target | None:
        """Tell what a name at the top of a module means."""
        match self.bound(module, name):
            case Imported() as imported:
                return self.target(imported)
            case None:
                return Builtin(name) if name in BUILTINS else None
            case defined:
                return defined

    def import_target(self, module: Module, item: Import) -> Target | None:
        """Tell what the name that an import of something installed binds means."""
        imported = imported_by(module, item)
        return None if imported is None else self.target(imported)

    def target(self, imported: Imported) -> Target:
        """Tell what an import brings."""
        match self._resolve(imported):
            case Written(definition, ()):
                return definition
            case Written():
                return External(imported.dotted)
            case external:
                return external

    def star(self, source: str, name: str) -> Imported | None:
        """Tell what `from source import *` binds to `name`, where that can be told."""
        module = self._installed.module(source)
        if module is None:
            is_known = self._knowledge.row(f"{source}.{name}") is not None
            return Imported(source, (name,)) if is_known else None
        facts = module.facts
        if facts.exports is not None and not facts.exports_are_dynamic:
            is_exported = any(name == export for export, _ in facts.exports)
        else:
            is_exported = not name.startswith("_") and self.bound(module, name) is not None
        return Imported(source, (name,)) if is_exported else None

    def _resolve(self, imported: Imported) -> _Meaning:
        if imported not in self._resolved:
            self._resolved[imported] = External(imported.dotted)  # re-exports in a circle end here
            self._resolved[imported] = self._known_or_written(imported)
        return self._resolved[imported]

    def _known_or_written(self, imported: Imported) -> _Meaning:
        if self._is_known(imported.dotted):
            return External(imported.dotted)
        found = self._follow(imported, self._resolve)
        return self._under_known_name(found) if isinstance(found, Written) else found

    def _is_known(self, name: str) -> bool:
        """A rule for all of `matplotlib.cm.*` was not made with the private `matplotlib.cm._registry` in mind."""
        fact = self._knowledge.fact(name)
        if fact is None or not fact.rule.endswith("*"):
            return fact is not None
        return not any(part.startswith("_") for part in name.split(".")[fact.rule.count(".") :])

    def _anyhow(self, imported: Imported) -> _Meaning:
        if imported not in self._raw:
            self._raw[imported] = External(imported.dotted)
            self._raw[imported] = self._follow(imported, self._anyhow)
        return self._raw[imported]

    def _follow(self, imported: Imported, further: Callable[[Imported], _Meaning]) -> _Meaning:
        """Take the names one after the other, from a module to its submodules, to a definition or an import."""
        here = imported.source
        for at, name in enumerate(imported.names):
            rest = imported.names[at + 1 :]
            module = self._installed.module(here)
            match None if module is None else self.bound(module, name):
                case Defined() as definition:
                    return Written(definition, rest)
                case Imported(source, names) if (source, names) != (here, (name,)):
                    return further(Imported(source, (*names, *rest)))
            here = f"{here}.{name}"
            if not self._installed.has(here):
                return External(imported.dotted)
        return External(imported.dotted)

    def _under_known_name(self, found: Written) -> _Meaning:
        """`redis.client.Redis` is what the knowledge base knows as `redis.Redis`."""
        defined = found.definition
        for candidate in _public_names(defined.module.name, defined.name):
            whole = ".".join((candidate, *found.rest))
            is_listed = self._knowledge.row(candidate) is not None and self._knowledge.fact(whole) is not None
            if is_listed and self.definition(candidate) == Written(defined):
                return External(whole)
        return found

    def _bound(self, module: Module, name: str) -> Imported | Defined | None:
        if isinstance(module, InstalledModule) and module.is_replaced:
            return None
        gone = BindingKind.DELETE
        found = [b for b in module.facts.bindings.get(name, ()) if b.kind is not gone and not b.is_typing]
        if not found:
            return self._starred(module, name)
        if any(binding.kind is not BindingKind.IMPORT for binding in found):
            return Defined(module, name)
        targets = {imported_by(module, module.facts.imports[binding.index]) for binding in found}
        only = targets.pop()
        return Defined(module, name) if targets or only is None else only

    def _starred(self, module: Module, name: str) -> Imported | None:
        for item in reversed(module.facts.imports):
            if item.name == "*" and item.scope == MODULE and not item.is_typing:
                source = absolute_name(module, item)
                found = None if source is None else self.star(source, name)
                if found is not None or source is None or self._installed.module(source) is None:
                    return found  # what cannot be read may bind the name
        return None


def absolute_name(module: Module, item: Import) -> str | None:
    """Name the module that an import names, without dots in front."""
    if not item.level:
        return item.module
    package = module.name.split(".")
    up = item.level - module.source.is_package
    if up >= len(package):
        return None
    return ".".join((*package[: len(package) - up], *filter(None, (item.module,))))


def imported_by(module: Module, item: Import) -> Imported | None:
    """Tell what an import binds; None for star imports, and for those that lead out of the top package."""
    source = absolute_name(module, item)
    if source is None or item.name == "*":
        return None
    if item.name is None:
        return Imported(source if item.alias else source.split(".")[0])
    return Imported(source, (item.name,))


def _public_names(module: str, name: str) -> Iterator[str]:
    """`a.b.c.Name`, `a.b.Name`, `a.Name`"""
    while module:
        yield f"{module}.{name}"
        module = module.rpartition(".")[0]
