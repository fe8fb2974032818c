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


Follow = Callable[[str], External | Written]


class Library:
    """Follows dotted names through installed modules."""

    def __init__(self, installed: Installed, knowledge: Knowledge) -> None:
        """What `knowledge` knows is not looked up in `installed`."""
        self._installed = installed
        self._knowledge = knowledge
        self._resolved: dict[str, External | Written] = {}
        self._raw: dict[str, External | Written] = {}
        self._bindings: dict[tuple[Module, str], External | Defined | None] = {}

    def resolve(self, name: str) -> External | Written:
        """Follow a dotted name to its definition; to itself, or the last name on the way, where nobody can tell."""
        if name not in self._resolved:
            self._resolved[name] = External(name)  # re-exports in a circle end here
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def definition(self, name: str) -> Written | None:
        """Follow a name to its definition, whatever the knowledge base says of it."""
        if name not in self._raw:
            self._raw[name] = External(name)
            self._raw[name] = self._follow(name, self._anyhow)
        found = self._raw[name]
        return found if isinstance(found, Written) else None

    def bound(self, module: Module, name: str) -> External | Defined | None:
        """Tell what a module binds to a name when it is imported; None where its code does not show that."""
        key = (module, name)
        if key not in self._bindings:
            self._bindings[key] = None  # star imports in a circle bring nothing
            self._bindings[key] = self._bound(module, name)
        return self._bindings[key]

    def lookup(self, module: InstalledModule, name: str) -> Target | None:
        """Tell what a name at the top of a module means."""
        match self.bound(module, name):
            case External(dotted):
                return self.target(dotted)
            case None:
                return Builtin(name) if name in BUILTINS else None
            case defined:
                return defined

    def import_target(self, module: InstalledModule, item: Import) -> Target | None:
        """Tell what the name that an import binds means."""
        dotted = imported_name(module, item)
        return None if dotted is None else self.target(dotted)

    def target(self, name: str) -> Target:
        """Tell what a dotted name means."""
        match self.resolve(name):
            case Written(definition, ()):
                return definition
            case Written():
                return External(name)
            case external:
                return external

    def star(self, source: str, name: str) -> External | None:
        """Tell what `from source import *` binds to `name`, where that can be told."""
        module = self._installed.module(source)
        if module is None:
            is_known = self._knowledge.row(f"{source}.{name}") is not None
            return External(f"{source}.{name}") if is_known else None
        facts = module.facts
        if facts.exports is not None and not facts.exports_are_dynamic:
            is_exported = any(name == export for export, _ in facts.exports)
        else:
            is_exported = not name.startswith("_") and self.bound(module, name) is not None
        return External(f"{source}.{name}") if is_exported else None

    def _resolve(self, name: str) -> External | Written:
        if self._knowledge.fact(name) is not None:
            return External(name)
        found = self._follow(name, self.resolve)
        return self._under_known_name(found) if isinstance(found, Written) else found

    def _anyhow(self, name: str) -> External | Written:
        return self.definition(name) or External(name)

    def _follow(self, name: str, further: Follow) -> External | Written:
        parts = tuple(name.split("."))
        if not all(part.isidentifier() for part in parts):  # `f().x`: what an unknown call gives
            return External(name)
        module = self._installed.module(parts[0])
        for at in range(1, len(parts)):
            here = ".".join(parts[: at + 1])
            match None if module is None else self.bound(module, parts[at]):
                case Defined() as definition:
                    return Written(definition, parts[at + 1 :])
                case External(other) if other != here:
                    return further(".".join((other, *parts[at + 1 :])))
            if not self._installed.has(here):
                return External(name)
            module = self._installed.module(here)
        return External(name)

    def _under_known_name(self, found: Written) -> External | Written:
        """`redis.client.Redis` is what the knowledge base knows as `redis.Redis`."""
        defined = found.definition
        for candidate in _public_names(defined.module.name, defined.name):
            whole = ".".join((candidate, *found.rest))
            is_listed = self._knowledge.row(candidate) is not None and self._knowledge.fact(whole) is not None
            if is_listed and self.definition(candidate) == Written(defined):
                return External(whole)
        return found

    def _bound(self, module: Module, name: str) -> External | Defined | None:
        if isinstance(module, InstalledModule) and module.is_replaced:
            return None
        skipped = BindingKind.DELETE
        found = [b for b in module.facts.bindings.get(name, ()) if b.kind is not skipped and not b.is_typing]
        if not found:
            return self._starred(module, name)
        if any(binding.kind is not BindingKind.IMPORT for binding in found):
            return Defined(module, name)
        targets = {imported_name(module, module.facts.imports[binding.index]) for binding in found}
        only = targets.pop()
        return Defined(module, name) if targets or only is None else External(only)

    def _starred(self, module: Module, name: str) -> External | None:
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


def imported_name(module: Module, item: Import) -> str | None:
    """Name what an import binds, by its place in the module that it is imported from."""
    source = absolute_name(module, item)
    if source is None or item.name == "*":
        return None
    if item.name is None:
        return source if item.alias else source.split(".")[0]
    return f"{source}.{item.name}"


def _public_names(module: str, name: str) -> Iterator[str]:
    """`a.b.c.Name`, `a.b.Name`, `a.Name`"""
    while module:
        yield f"{module}.{name}"
        module = module.rpartition(".")[0]
