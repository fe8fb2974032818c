"""Modules that are loaded by computed names where a failure of theirs is expected: plugins.

try:
    importlib.import_module(f"{PACKAGE}.{name}")
except Exception:
    log.warning("%s does not work", name)
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

from lazify.getter.caught_calls import CaughtCalls
from lazify.getter.earlier import is_around
from lazify.getter.entry_points import entry_points
from lazify.getter.module_names import HERE, lists_modules
from lazify.getter.takings import IMPORTERS, Taking, importings
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE
from lazify.model.places import Span
from lazify.statements import parse

_QUOTED = re.compile(r"""["']([^\s"']+)["']""")
_WORDS = re.compile(r"[^\W\d][\w.]*")
_ASKS = frozenset({"entry_points", "iter_entry_points"})
_LOADS = frozenset({"load", "resolve"})
_DEEP = frozenset({"rglob", "walk", "walk_packages"})
_OF_PACKAGES = HERE | {"__name__"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """One place that loads modules by computed names, and what catches their failures."""

    taking: Taking
    block: ast.Try | ast.TryStar
    caller: Module
    """Who expects that they fail: the holder of the taking, or a module that calls it."""
    span: Span
    is_called: bool = False
    """It stands in a function that others call there, for any module."""
    names: frozenset[str] = frozenset()
    """The modules, where the project's own description lists them."""


def guarded_loadings(view: View) -> tuple[Loading, ...]:
    """List those of what is no test."""
    found = [*_entries(view)]
    for module in dict.fromkeys(m for word in sorted(IMPORTERS) for m in view.project.mentioning(word)):
        if runs_in_service(module):
            text = view.text(module)
            takings = [*importings(module, text)]
            blocks = [node for node in ast.walk(parse(text.whole)) if _goes_on(node)] if takings else []
            for taking in takings:
                inside = [block for block in blocks if _is_in(taking.span, block)]
                found += (_loading(taking, block, module) for block in inside)
                found += () if inside else _called(view, taking)
    return tuple(found)


def loads(view: View, loading: Loading, owner: Module) -> bool:
    """Tell whether one of the names may be that module's, as far as what is spelled there tells."""
    taking, holder = loading.taking, loading.taking.holder
    if loading.names:
        return any(_ends(owner.path_name, name) for name in loading.names)
    if not taking.reaches(owner) or is_around(owner, holder):
        return False  # the packages around the file run before it does
    if taking.is_spelled or taking.is_near:
        return True
    spelled = view.once(_Spelled)
    names = spelled.names(loading.caller)
    if names.may_be(owner.path_name):
        return True
    if loading.is_called:
        return False
    if spelled.lists(holder, owner.package):
        return True
    around = [
        each for each in _packages(owner.path_name) if not f"{holder.path_name}.".startswith(f"{each}.")
    ]
    return any(names.end(package) for package in around)


def _entries(view: View) -> Iterator[Loading]:
    """Yield `try: entry.load()` where a file asks for entry points, of the groups that the project itself is in."""
    groups = entry_points(view.platform_files)
    askers = dict.fromkeys(m for word in sorted(_ASKS) for m in view.project.mentioning(word))
    for module in (each for each in askers if groups and runs_in_service(each)):
        text = view.text(module).whole
        asked = [
            modules for group, modules in groups.items() if re.search(rf"[\"']{re.escape(group)}[\"']", text)
        ]
        for block in filter(_goes_on, ast.walk(parse(text)) if asked else ()):
            for node in (node for part in block.body for node in ast.walk(part)):
                if isinstance(node, ast.Attribute) and node.attr in _LOADS:
                    span = Span(node.lineno, 0, node.lineno, 0)
                    taking = Taking(holder=module, span=span, what="loads entry points")
                    names = frozenset[str]().union(*asked)
                    yield Loading(taking=taking, block=block, caller=module, span=span, names=names)


@dataclass(frozen=True)
class _Names:
    """Names of modules, or of what is in them, as one file spells them."""

    words: frozenset[str]

    def may_be(self, name: str) -> bool:
        """Tell whether one is the module's, or a dotted one begins with it, as far as both say it: `store.Store`."""
        return name in self.words or name in self._begun or any("." in each for each in self._ending(name))

    def end(self, name: str) -> bool:
        """Tell whether the module's name is one of them, or ends with one."""
        return any(self._ending(name))

    def _ending(self, name: str) -> Iterator[str]:
        while name:
            if name in self.words:
                yield name
            name = name.partition(".")[2]

    @cached_property
    def _begun(self) -> frozenset[str]:
        """What the dotted ones begin with, themselves among it."""
        dotted = (word.split(".") for word in self.words if "." in word)
        return frozenset(".".join(parts[:end]) for parts in dotted for end in range(1, len(parts) + 1))


@dataclass(frozen=True)
class _Spelled:
    """What files spell of the names of modules, each read once."""

    view: View
    _names: dict[Module, _Names] = field(default_factory=dict)
    _lists: dict[Module, bool] = field(default_factory=dict)

    def names(self, module: Module) -> _Names:
        """Give the names in strings without spaces, and those of packages whose name or folder the file asks for."""
        if module not in self._names:
            quoted = _QUOTED.findall(self.view.text(module).whole)
            words = {word.strip(".") for text in quoted for word in _WORDS.findall(text)}
            self._names[module] = _Names(frozenset(words | {*self._packages(module)}))
        return self._names[module]

    def lists(self, module: Module, folder: Path) -> bool:
        """Tell whether the file finds modules beside itself, or further down."""
        if folder != module.package and (
            _DEEP.isdisjoint(module.facts.words) or module.package not in folder.parents
        ):
            return False
        if module not in self._lists:
            nodes = list(ast.walk(parse(self.view.text(module).whole)))
            self._lists[module] = lists_modules(nodes)
        return self._lists[module]

    def _packages(self, module: Module) -> Iterator[str]:
        """`plugins.__name__`, `plugins.__path__`"""
        for item in module.facts.imports:
            uses = module.facts.uses.get(item.binds, ())
            if any(use.attributes and use.attributes[0] in _OF_PACKAGES for use in uses):
                yield from (m.path_name for m in self.view.project.imported_modules(module, item)[-1:])


def _called(view: View, taking: Taking) -> Iterator[Loading]:
    """Find who calls the function that loads modules where their failure is expected."""
    module = taking.holder
    for dynamic in module.facts.dynamics:
        if dynamic.scope != MODULE and dynamic.span.line == taking.span.line:
            for caller, block in view.once(CaughtCalls).of((module, dynamic.scope)):
                if _goes_on(block):
                    yield replace(_loading(taking, block, caller), is_called=True)
            return


def _loading(taking: Taking, block: ast.Try | ast.TryStar, caller: Module) -> Loading:
    span = taking.span if caller is taking.holder else Span(block.lineno, 0, block.lineno, 0)
    return Loading(taking=taking, block=block, caller=caller, span=span)


def _goes_on(node: ast.AST) -> TypeGuard[ast.Try | ast.TryStar]:
    """Tell whether it is a `try` whose handlers do not all end in another exception."""
    return isinstance(node, ast.Try | ast.TryStar) and not all(
        isinstance(handler.body[-1], ast.Raise) for handler in node.handlers
    )


def _is_in(span: Span, block: ast.Try | ast.TryStar) -> bool:
    return any(part.lineno <= span.line <= (part.end_lineno or 0) for part in block.body)


def _packages(name: str) -> Iterator[str]:
    """Yield the names of the packages around a module, the nearest first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _ends(name: str, word: str) -> bool:
    return f".{name}".endswith(f".{word}")
