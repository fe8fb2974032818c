"""Access that no analysis follows: who may reach a value by its name without naming it in code.

Reading survives a module `__getattr__` (PEP 562), which `getattr`, `importlib` and `from m import x` all ask;
reading the module's dictionary and writing do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lazify.getter.patches import is_removal, is_replacement
from lazify.getter.problems import Problem, problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace, Occurrences, resolve
from lazify.index.project import InModule
from lazify.index.view import View, runs_in_service
from lazify.index.wording import expression
from lazify.model.facts import MODULE, Argument, AttributeRef, Dynamic, Mention, NameRef, Ref, Role, Use
from lazify.model.places import Place, Span

_READS_DICTIONARY = frozenset({"sys.modules", "globals", "vars", "locals", "eval", "exec", "__dict__"})
_IMPORTS = frozenset({"import_module", "__import__"})
_BY_DIRECTORY = frozenset({"from_object", "from_pyfile", "config_from_object", "getmembers", "dir"})
"""Calls that list the names of a module, which a module `__getattr__` cannot serve."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A namespace whose name must keep working for those who cannot be seen."""

    namespace: Namespace
    reason: str
    is_assumed: bool = False
    """Nothing in the project shows it: a library's users may."""


class Exposures:
    """Finds what reaches names unseen; each fact of the project is gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def of(self, found: Occurrences) -> Iterator[Exposed | Problem]:
        """Yield an `Exposed` for each name to keep, or a `Problem` that forbids the change."""
        for namespace in found.namespaces:
            yield from _own_reflection(namespace)
            yield from self._by_module(namespace)
            yield from self._by_failures(namespace)
            if self._view.is_library and not _is_private(namespace) and runs_in_service(namespace.module):
                yield Exposed(namespace, "code outside the project may use it", is_assumed=True)
        for occurrence in found.mentions:
            if is_removal(occurrence):
                yield problem("a test deletes the name", occurrence.module, occurrence.mention.span)
            elif is_replacement(occurrence):
                continue
            elif occurrence.is_path and _has_computed(occurrence.module):
                # The string may be handed to `patch` by way of a variable.
                yield problem(
                    "a test may patch the name by computed paths", occurrence.module, occurrence.mention.span
                )
            else:
                yield Exposed(occurrence.namespace, f"{occurrence.mention.text!r} names it in a string")

    def _by_module(self, namespace: Namespace) -> Iterator[Exposed | Problem]:
        owner, start = namespace.module, Place(namespace.module.path, Span(1, 0, 1, 0))
        if owner.path.with_suffix(".pyi") in self._view.stubs:
            yield Problem(f"the stub {owner.path.stem}.pyi declares the module's names", start)
        for module, mention in self._named.get(owner, ()):
            yield from _by_name(module, mention, namespace)
        for module, dynamic in self._reflected.get(owner, ()):
            yield from _by_dynamic(module, dynamic, namespace)
        for module, span in self._passed_on.get(owner, ()):
            yield Exposed(namespace, f"{where(module, span)} passes the module on as a value")
        for module, dynamic in self._patched_anywhere:
            if re.search(rf"\b{re.escape(namespace.name)}\b", self._view.text(module).whole):
                yield problem(
                    f"a test that spells {namespace.name} patches computed paths", module, dynamic.span
                )
        for module, span in self._passed_on.get(owner, ()):
            if "multiple(" in self._view.text(module).cut(Span(span.line, 0, span.line, span.column)):
                yield problem(f"patch.multiple() may replace {namespace.name}", module, span)
        for module, dynamic in self._patched.get(owner, ()):
            yield problem(f"a test patches names of {owner.name} by computed paths", module, dynamic.span)
        for module, dynamic, folder in self._computed:
            if owner.path.is_relative_to(folder):
                yield Exposed(namespace, f"{where(module, dynamic.span)} imports modules by computed names")

    def _by_failures(self, namespace: Namespace) -> Iterator[Exposed]:
        last = namespace.module.name.rpartition(".")[2]
        for failure in self._view.project.unseen:
            if {namespace.name, last} <= failure.words:
                yield Exposed(namespace, f"{failure.path.name} cannot be read as Python and mentions it")

    @cached_property
    def _named(self) -> dict[Module, list[tuple[Module, Mention]]]:
        """Strings that are a module's dotted name."""
        named: dict[Module, list[tuple[Module, Mention]]] = {}
        project = self._view.project
        plain = {m.name for m in project.modules.values() if "." not in m.name}
        for module in project.modules.values():
            for mention in module.facts.mentions:
                if "." in mention.text or mention.text in plain:
                    found = project.find(mention.text, seen_from=module)
                    if found and not found[1]:
                        named.setdefault(found[0], []).append((module, mention))
        return named

    @cached_property
    def _reflected(self) -> dict[Module, list[tuple[Module, Dynamic]]]:
        """`getattr(m, expression)`, `setattr(m, expression, v)`, `vars(m)`, `m.__dict__`."""
        reflected: dict[Module, list[tuple[Module, Dynamic]]] = {}
        for module in self._view.project.modules.values():
            for dynamic in module.facts.dynamics:
                target = resolve(self._view.project, module, dynamic.subject)
                if isinstance(target, InModule):
                    reflected.setdefault(target.module, []).append((module, dynamic))
        return reflected

    @cached_property
    def _passed_on(self) -> dict[Module, list[tuple[Module, Span]]]:
        """Uses of a module itself, not of an attribute of it."""
        passed: dict[Module, list[tuple[Module, Span]]] = {}
        for module in self._view.project.modules.values():
            named = {item.binds for item in module.facts.imports}
            tested = {a.span[:2] for m in module.facts.mentions if m.position > 0 for a in m.arguments}
            for use in (use for name in named for use in module.facts.uses.get(name, ())):
                if (
                    use.role is Role.LOAD
                    and not use.is_called
                    and not use.is_typing
                    and use.span[:2] not in tested
                ):
                    target = resolve(self._view.project, module, _chain(use))
                    if isinstance(target, InModule):
                        passed.setdefault(target.module, []).append((module, use.span))
        return passed

    @cached_property
    def _patched(self) -> dict[Module, list[tuple[Module, Dynamic]]]:
        """`patch(f"app.db.{name}")`: any name of that module."""
        patched: dict[Module, list[tuple[Module, Dynamic]]] = {}
        for module in self._view.project.modules.values():
            for dynamic in module.facts.dynamics:
                if _is_patch(module, dynamic) and dynamic.prefix:
                    found = self._view.project.find(dynamic.prefix.rstrip("."), seen_from=module)
                    if found and not found[1]:
                        patched.setdefault(found[0], []).append((module, dynamic))
        return patched

    @cached_property
    def _patched_anywhere(self) -> list[tuple[Module, Dynamic]]:
        """`patch(path)`, `monkeypatch.setattr(path, value)`: any name that the file spells."""
        return [
            (module, dynamic)
            for module in self._view.project.modules.values()
            for dynamic in module.facts.dynamics
            if _is_patch(module, dynamic) and not dynamic.prefix
        ]

    @cached_property
    def _computed(self) -> list[tuple[Module, Dynamic, Path]]:
        """`import_module(f"plugins.{name}")`: every module under that name."""
        computed: list[tuple[Module, Dynamic, Path]] = []
        for module in self._view.project.modules.values():
            for dynamic in module.facts.dynamics:
                if dynamic.what in _IMPORTS and dynamic.literal is None and dynamic.prefix:
                    parent = self._view.project.find(dynamic.prefix.rstrip("."), seen_from=module)
                    if parent and not parent[1]:
                        computed.append((module, dynamic, parent[0].package))
        return computed


def _has_computed(module: Module) -> bool:
    return any(d.what == "setattr" or _is_patch(module, d) for d in module.facts.dynamics)


def _is_patch(module: Module, dynamic: Dynamic) -> bool:
    """Tell whether a call of `patch` replaces names: clients of HTTP have a method of that name too."""
    if dynamic.what != "patch":
        return False
    is_mock = dynamic.subject is None or "mock" in expression(dynamic.subject).lower()
    return is_mock or "MockerFixture" in module.facts.words


def _is_private(namespace: Namespace) -> bool:
    return any(part.startswith("_") for part in (namespace.name, *namespace.module.name.split(".")))


def _own_reflection(namespace: Namespace) -> Iterator[Problem]:
    """Code of the module itself that looks names up in its own dictionary."""
    for dynamic in namespace.module.facts.dynamics:
        if dynamic.literal not in (None, namespace.name) or dynamic.subject is not None:
            continue
        if dynamic.what in ("vars", "locals") and dynamic.scope != MODULE:
            continue
        if dynamic.what in _READS_DICTIONARY:
            yield problem(
                f"{dynamic.what}() may look {namespace.name} up by its name", namespace.module, dynamic.span
            )


def _by_name(module: Module, mention: Mention, namespace: Namespace) -> Iterator[Exposed | Problem]:
    """Strings that are the module's dotted name."""
    callee = _tail(mention)
    if callee == "getLogger":
        return
    if callee == "multiple" and any(a.keyword == namespace.name for a in mention.arguments):
        yield problem(f"patch.multiple() replaces {namespace.name}", module, mention.span)
    elif mention.is_key and "sys" in module.facts.words:
        yield problem(f"{module.name} puts another module in its place", module, mention.span)
    elif callee in _BY_DIRECTORY or _is_settings(mention.arguments):
        yield problem(
            f"{mention.text!r} is loaded by its name and its names are listed", module, mention.span
        )
    elif callee in ("multiple", "dict"):
        return
    else:
        yield Exposed(namespace, f"{mention.text!r} names the module in a string")


def _is_settings(arguments: tuple[Argument, ...]) -> bool:
    """`os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)`: Django lists the names of that module."""
    return any(isinstance(a.constant, str) and a.constant.endswith("SETTINGS_MODULE") for a in arguments)


def _by_dynamic(module: Module, dynamic: Dynamic, namespace: Namespace) -> Iterator[Exposed | Problem]:
    if dynamic.literal not in (None, namespace.name):
        return
    if dynamic.what == "getattr":
        yield Exposed(namespace, f"getattr() at {where(module, dynamic.span)} may name it")
    elif dynamic.what == "setattr" or dynamic.what in _READS_DICTIONARY:
        yield problem(f"{dynamic.what} may reach {namespace.name} by its name", module, dynamic.span)


def _chain(use: Use) -> Ref:
    ref: Ref = NameRef(use.name, use.bound)
    for attribute in use.attributes:
        ref = AttributeRef(ref, attribute)
    return ref


def _tail(mention: Mention) -> str:
    callee = mention.callee
    return callee.name if isinstance(callee, AttributeRef | NameRef) else ""
