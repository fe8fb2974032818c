"""Modules that code takes by computed names, and asks for computed names in turn.

    vars(sys.modules[key])[name]            its dictionary: what became a getter is not in it
    getattr(import_module(key), name)       an attribute: a module `__getattr__` answers

Such modules, and those that are handed on under their own names, are followed through variables, parameters and
results, through the items of what they are put into, and through attributes by their names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.executed import executions
from lazify.getter.flow import DISPLAYS, Modules, flow
from lazify.getter.handles import LISTS
from lazify.getter.name_parts import NameParts
from lazify.getter.problems import where
from lazify.getter.reflection import may_begin
from lazify.getter.takings import Taking
from lazify.getter.told_names import ToldNames
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External, Target
from lazify.index.view import View
from lazify.model.facts import Argument, AttributeRef, Does, Dynamic, LiteralRef, Operation
from lazify.model.places import Span

_DOTTED = re.compile(r"""(?<=["'])[\w.]+(?=["'])""")
_DICTIONARIES = frozenset({"vars", "dir", "__dict__", "setattr", "delattr"})
_ATTRIBUTES = frozenset({"getattr", "hasattr"})
_LISTING = LISTS | {External("inspect.getattr_static")}
RELOAD = External("importlib.reload")
_GETTERS = frozenset({External("operator.attrgetter")})
_CALLS_LATER = frozenset({External("functools.partial"), External("atexit.register")})
_CLEANS_UP = frozenset({"addCleanup", "addClassCleanup", "addModuleCleanup"})
"""Methods of unittest that call their first argument later, with the others."""
_RUN = "run"
_TO_NAME = 2
"""How many arguments stand before the name: the function and the module."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A place where such a module is asked for a name."""

    module: Module
    span: Span
    what: str
    literal: str | None
    """The name, where it is a constant."""
    takings: Modules
    prefix: str = ""
    """How it begins, where it is computed."""
    is_part: bool = False
    """It is a part of the name of a module."""

    def may_be(self, name: str) -> bool:
        """Tell whether it may be for that name."""
        return may_begin(name, self.prefix) if self.literal is None else self.literal == name

    @property
    def is_answered(self) -> bool:
        """Tell whether a module `__getattr__` answers it."""
        return self.what in _ATTRIBUTES

    @property
    def is_reload(self) -> bool:
        """Tell whether it asks for nothing, but makes everything again."""
        return self.what == "reload"

    def is_for(self, owner: Module) -> bool:
        """Tell whether the module is handed there under its own name."""
        return any(taking.owner is owner for taking in self.takings)

    def fact(self, owner: Module) -> str:
        """Say so in a sentence."""
        reaching = [each for each in self.takings if each.reaches(owner)]
        taking = min(reaching, key=lambda each: (each.owner is None, each.holder.path, each.span))
        if self.what == _RUN:
            return f"{owner.name} may be one of the {taking.what}, and its names are read of what that leaves"
        if taking.owner is not None:
            return f"{self.what} may look into {owner.name}, which {taking.holder.name} hands on as a value"
        return f"{self.what} may look into any module: {where(taking.holder, taking.span)} {taking.what}"


class Computed:
    """Finds them; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project; nothing is searched before the first question."""
        self._view, self._project = view, view.project
        self._flow = view.once(flow)
        self._parts, self._told = view.once(NameParts), ToldNames(view, self._flow)
        self._known: dict[Module, list[tuple[Lookup, bool]]] = {}
        self._spelled: dict[Module, frozenset[str]] = {}
        self._begun: dict[Module, list[Taking]] = {}

    def of(self, owner: Module, name: str, *, is_named: bool) -> Iterator[Lookup]:
        """Yield the look-ups that may be for a name of `owner`, which some text names in full, perhaps."""
        for lookup, is_for_users in self._reaching(owner):
            is_possible = lookup.may_be(name) and (is_named or not is_for_users)
            if is_possible and (not lookup.is_part or self._parts.may_be(name)):
                yield lookup

    def of_users(self, owner: Module) -> frozenset[Span]:
        """The places in a library's module where `sys.modules` is asked for modules of its users, not for itself."""
        asked = (each for each in self._flow.takings.get(owner, ()) if "sys.modules" in each.what)
        return frozenset(each.span for each in asked if self._is_for_users(each, owner))

    def reaching(self, owner: Module) -> Iterator[Taking]:
        """Yield where modules are imported by computed names, of which that of `owner` may be one."""
        for places in self._flow.takings.values():
            yield from (each for each in places if each.reaches(owner) and "sys.modules" not in each.what)

    def received(self, holder: Module, owner: Module) -> Taking | None:
        """Give the first taking that may give `owner` to code in `holder`."""
        found = [
            taking
            for taking in self._flow.received(holder)
            if taking.owner is None and taking.reaches(owner) and "sys.modules" not in taking.what
            if not self._is_for_users(taking, owner)
        ]
        return min(found, key=lambda each: (each.holder.path, each.span), default=None)

    def spelled(self, owner: Module) -> list[Taking]:
        """List where modules are taken by names that begin like that of `owner`."""
        if owner not in self._begun:
            self._begun[owner] = [each for each in self._beginnings if each.reaches(owner)]
        return self._begun[owner]

    @cached_property
    def _beginnings(self) -> list[Taking]:
        return [each for places in self._flow.takings.values() for each in places if each.is_spelled]

    def _reaching(self, owner: Module) -> list[tuple[Lookup, bool]]:
        """List the look-ups that may be into `owner`, and whether they are only into modules of a library's users."""
        if owner not in self._known:
            found = ((each, [t for t in each.takings if t.reaches(owner)]) for each in self._lookups)
            self._known[owner] = [
                (lookup, all(self._is_for_users(each, owner) for each in reaching))
                for lookup, reaching in found
                if reaching
            ]
        return self._known[owner]

    def _is_for_users(self, taking: Taking, owner: Module) -> bool:
        """A library that is handed a name, and does not spell that of the module itself, takes one of its users."""
        if not (taking.is_given and self._view.is_library):
            return False
        if taking.holder not in self._spelled:
            self._spelled[taking.holder] = frozenset(_DOTTED.findall(self._view.text(taking.holder).whole))
        names = {*_spellings(owner.path_name), *([] if taking.is_whole else _parts(owner.name))}
        is_spelled = not self._spelled[taking.holder].isdisjoint(names)
        return not is_spelled and not self._told.may_be(owner, taking)

    @cached_property
    def _lookups(self) -> tuple[Lookup, ...]:
        return tuple(lookup for module in self._project.modules.values() for lookup in self._in(module))

    def _in(self, module: Module) -> Iterator[Lookup]:
        for dynamic in module.facts.dynamics:
            if dynamic.what in _DICTIONARIES | _ATTRIBUTES and self._has_subject(module, dynamic):
                found = self._flow.modules(module, dynamic.subject)
                is_part = (
                    bool(found) and dynamic.what == "setattr" and self._parts.is_at(module, dynamic.span)
                )
                literal, prefix = dynamic.literal, dynamic.prefix
                yield Lookup(module, dynamic.span, dynamic.what, literal, found, prefix, is_part=is_part)
        own = self._flow.takings.get(module, ())
        for taking in own:
            if "resolve_name" in taking.what:  # it asks the module that it takes
                yield Lookup(module, taking.span, "getattr", None, frozenset({taking}))
        yield from self._of_executions(module)
        names = {target.name.rpartition(".")[2] for target in _LISTING | _GETTERS | {RELOAD}}
        if self._flow.holds(module) or not names.isdisjoint(module.facts.words):
            for scope in module.facts.scopes:
                for operation in scope.operations:
                    if operation.does is Does.CALL:
                        yield from self._of_call(module, operation)

    def _of_executions(self, module: Module) -> Iterator[Lookup]:
        for run in executions(module, self._view.text(module)):
            taking = Taking(
                holder=module,
                span=run.span,
                what="modules run by computed names" if run.is_module else "files run by their paths",
                is_given=run.is_given,
                files=run.files,
                is_alone=not run.is_module,
            )
            for name in (None,) if run.names is None else sorted(run.names):
                yield Lookup(module, run.span, _RUN, name, frozenset({taking}))

    def _has_subject(self, module: Module, dynamic: Dynamic) -> bool:
        """`vars()` speaks of its own scope."""
        text = self._view.text(module).cut(dynamic.span)
        return dynamic.what == "__dict__" or not text.replace(" ", "").endswith("()")

    def _of_call(self, module: Module, call: Operation) -> Iterator[Lookup]:
        target = resolve(self._project, module, call.subject)
        if target in _LISTING or target == RELOAD:
            for argument in call.arguments[:1]:
                yield Lookup(module, call.span, _last(target), None, self._flow.modules(module, argument.ref))
        elif target in _GETTERS and any(argument.constant is None for argument in call.arguments):
            yield Lookup(module, call.span, "getattr", None, self._flow.everything)
        given = frozenset(
            taking for argument in call.arguments for taking in self._flow.modules(module, argument.ref)
        )
        for position, argument in enumerate(call.arguments):
            match resolve(self._project, module, argument.ref):
                case Builtin(name) if name in _DICTIONARIES | _ATTRIBUTES:  # `map(vars, modules)`
                    own = self._flow.takings.get(module, ())
                    held = self._flow.held_in(module) if any(map(_is_display, call.arguments)) else ()
                    literal = self._handed_on(module, call, position)
                    yield Lookup(module, call.span, name, literal, given.union(own, held))

    def _handed_on(self, module: Module, call: Operation, position: int) -> str | None:
        """`addCleanup(setattr, m, "name", value)` calls it later with just what follows, if nothing is unpacked."""
        written = call.arguments
        name = call.subject.name if isinstance(call.subject, AttributeRef) else ""
        target = resolve(self._project, module, call.subject)
        is_known = target in _CALLS_LATER or (name in _CLEANS_UP and name not in self._own_functions)
        if not is_known or position or any(each.keyword in ("*", "**") for each in written):
            return None
        literal = written[2].constant if len(written) > _TO_NAME and written[2].keyword is None else None
        return literal if isinstance(literal, str) else None

    @cached_property
    def _own_functions(self) -> frozenset[str]:
        """The names of the project's functions and methods that are called like those which call others later."""
        return frozenset(
            name
            for name in _CLEANS_UP
            for module in self._project.mentioning(name)
            for scope in module.facts.scopes
            if scope.name.rpartition(".")[2] == name
        )


def _is_display(argument: Argument) -> bool:
    """What a list holds is not told: the modules of the file, perhaps."""
    return isinstance(argument.ref, LiteralRef) and argument.ref.type in DISPLAYS


def _spellings(name: str) -> Iterator[str]:
    """Yield how a string may name a module: in full, relatively, or by its last parts; one word alone names none."""
    parts = name.split(".")
    for start in range(len(parts)):
        if start:
            yield "." + ".".join(parts[start:])
        if start < len(parts) - 1:
            yield ".".join(parts[start:])


def _parts(name: str) -> list[str]:
    """List what a name may be put together from: its words but the first, which all of a package's names have."""
    return name.split(".")[1:]


def _last(target: Target | None) -> str:
    return target.name.rpartition(".")[2] if isinstance(target, External) else ""
