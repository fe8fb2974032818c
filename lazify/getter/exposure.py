"""Access that no analysis follows: who may reach a value by its name without naming it in code.

Reading survives a module `__getattr__` (PEP 562), which `getattr`, `importlib` and `from m import x` all ask;
reading the module's dictionary and writing do not.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from lazify.discover.files import is_configuration
from lazify.getter.asking import Exposed, by_dynamic, by_name
from lazify.getter.computed import Computed
from lazify.getter.endings import patched_names
from lazify.getter.handles import Handles
from lazify.getter.own_names import OwnNames
from lazify.getter.patches import is_removal, is_replacement
from lazify.getter.pickling import Pickling
from lazify.getter.problems import Problem, problem, where
from lazify.getter.quoted import QuotedCode
from lazify.getter.reflection import local_reflection, own_reflection, read_exports
from lazify.getter.settings import Settings
from lazify.getter.stores import tail
from lazify.getter.stubs import declares
from lazify.getter.told_names import is_imported
from lazify.getter.unresolved import Unresolved
from lazify.index.dynamics import DICTIONARIES
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace, Occurrences, resolve
from lazify.index.platform import dotted_names
from lazify.index.project import Defined
from lazify.index.view import View, runs_in_service
from lazify.index.wording import expression
from lazify.index.words import as_word
from lazify.model.facts import Dynamic, Mention
from lazify.model.places import Place, Span


class Exposures:
    """Finds what reaches names unseen; each fact of the project is gathered once."""

    def __init__(self, view: View, *, of_imports: bool = False) -> None:
        """Nothing is searched before the first question.

        `of_imports`: the names are those of imports. Who takes any module and asks it for any name looks for what
        is made there: for what is only imported there, modules count that are handed on under their own names, and
        names that are constants. The same holds where others import a value.
        """
        self._view = view
        self._of_imports = of_imports
        self._handles = view.once(Handles)
        self._quoted = view.once(QuotedCode)
        self._pickling = view.once(Pickling)
        self._own_names = view.once(OwnNames)
        self._lookups = view.once(Computed)
        self._settings = view.once(Settings)
        self._unresolved = view.once(Unresolved)
        self._spelled: dict[tuple[Module, str], int] = {}

    def of(self, found: Occurrences) -> Iterator[Exposed | Problem]:
        """Yield an `Exposed` for each name to keep, or a `Problem` that forbids the change."""
        for namespace in found.namespaces:
            yield from own_reflection(self._own_names, namespace, elsewhere=self._of_users(namespace.module))
            yield from _by_tool(namespace)
            yield from self._unresolved.of(namespace)
            yield from self._by_module(namespace)
            yield from self._by_values(found, namespace)
            yield from self._by_handles(found, namespace)
            yield from self._by_failures(namespace)
            yield from self._by_platforms(namespace)
            for module, span in self._quoted.shown(namespace):
                yield Exposed(namespace, f"an example at {where(module, span)} reaches it")
            for module, span in () if self._of_imports else self._pickling.of(namespace):
                yield Exposed(namespace, f"{where(module, span)} may give its name to pickle")
            if self._view.is_library and not _is_private(namespace) and runs_in_service(namespace.module):
                yield Exposed(namespace, "code outside the project may use it", is_assumed=True)
        for imported in found.imports:
            yield from local_reflection(imported)
        yield from read_exports(self._view, found)
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
        if declares(self._view.stubs.get(owner.path.with_suffix(".pyi"), ""), namespace.name):
            yield Problem(f"the stub {owner.path.stem}.pyi declares {namespace.name}", start)
        if not self._of_imports:
            yield from self._settings.of(owner, namespace.name)
        for module, mention in self._named.get(owner, ()):
            yield from by_name(module, mention, namespace)
        for module, dynamic in self._reflected.get(owner, ()):
            if dynamic.what != "dir" or not self._own_names.is_left_out(module, dynamic, namespace.name):
                yield from by_dynamic(module, dynamic, namespace)
        for module, dynamic, names in self._patched_anywhere:
            if names and namespace.name not in names:
                continue
            if re.search(as_word(namespace.name), self._view.text(module).whole):
                yield problem(
                    f"a test that spells {namespace.name} patches computed paths", module, dynamic.span
                )
        for module, dynamic in self._patched.get(owner, ()):
            yield problem(f"a test patches names of {owner.name} by computed paths", module, dynamic.span)
        for taking in self._lookups.spelled(owner):
            reason = f"{where(taking.holder, taking.span)} imports modules by computed names"
            yield Exposed(namespace, reason, importing=(taking.holder, taking.span))

    def _by_values(self, found: Occurrences, namespace: Namespace) -> Iterator[Exposed | Problem]:
        """The module is a value somewhere, and what that is asked for may be the name."""
        owner, name = namespace.module, namespace.name
        is_imported = namespace != found.namespaces[0]
        for lookup in self._lookups.of(owner, name, is_named=self._is_named(owner)):
            is_for_any = not lookup.is_for(owner) and lookup.literal != name
            if is_for_any and (self._of_imports or (is_imported and lookup.is_answered)):
                continue
            if lookup.what == "dir" and self._own_names.leaves_out(lookup.module, lookup.span, name):
                continue
            if lookup.is_reload:
                if len(found.namespaces) > 1:
                    keeper = found.namespaces[1].module.name
                    reason = f"{owner.name} is loaded again here, and {keeper} keeps the first {name}"
                    yield problem(reason, lookup.module, lookup.span)
            elif lookup.is_answered:
                yield Exposed(namespace, f"{where(lookup.module, lookup.span)}: {lookup.fact(owner)}")
            else:
                yield problem(lookup.fact(owner), lookup.module, lookup.span)

    def _of_users(self, owner: Module) -> frozenset[Span]:
        found = self._lookups.of_users(owner)
        is_told = bool(found) and self._is_named(owner)
        return frozenset() if is_told else found

    def _is_named(self, owner: Module) -> bool:
        """Tell whether code beside it names the module in a string that is no logger's name, and not just imported."""
        return any(
            tail(mention) != "getLogger"
            and (runs_in_service(module) or not runs_in_service(owner))
            and not is_imported(self._view.project, module, mention)
            for module, mention in self._named.get(owner, ())
        )

    def _by_handles(self, found: Occurrences, namespace: Namespace) -> Iterator[Exposed | Problem]:
        """The module itself is a value somewhere, or is named in the text of other code."""
        owner, name = namespace.module, namespace.name
        for module, span in self._handles.written(owner, name):
            yield problem(f"{name} may be set or deleted on the module as a value", module, span)
        for module, span in self._listed.get(owner, ()):
            yield problem(f"the names of {owner.name} are listed", module, span)
        for handle in self._handles.of(owner):
            before = Span(handle.span.line, 0, handle.span.line, handle.span.column)
            if "multiple(" in self._view.text(handle.holder).cut(before):
                yield problem(f"patch.multiple() may replace {name}", handle.holder, handle.span)
            yield Exposed(namespace, handle.reason)
        for handle in self._handles.computed:
            if self._is_spelled(handle.holder, found, name):
                importing = (handle.holder, handle.span)
                yield Exposed(namespace, f"{handle.reason}, and names {name}", importing=importing)
        for holder in self._view.project.mentioning(name):
            taking = self._lookups.received(holder, owner)
            if taking and self._is_spelled(holder, found, name):
                reason = (
                    f"{where(taking.holder, taking.span)} {taking.what}, and {holder.name} asks for {name}"
                )
                yield Exposed(namespace, reason, importing=(taking.holder, taking.span))
        for reach in self._quoted.reaching(namespace):
            if reach.does == "asks":
                at = where(reach.module, reach.span)
                yield Exposed(namespace, f"a text at {at} is code that reaches it")
            else:
                how = f"sets {name}" if reach.does == "sets" else f"takes the names of {owner.name}"
                yield problem(f"a text is code that {how}", reach.module, reach.span)

    def _is_spelled(self, holder: Module, found: Occurrences, name: str) -> bool:
        """Tell whether the file has the name as an attribute or a string that is not among its occurrences."""
        if name not in holder.facts.words:
            return False
        known = {use.span for use in found.uses if use.module is holder and use.depth}
        known |= {mention.mention.span for mention in found.mentions if mention.module is holder}
        return self._spellings(holder, name) > len(known)

    def _spellings(self, holder: Module, name: str) -> int:
        """Count the name in the file as an attribute or a string."""
        key = (holder, name)
        if key not in self._spelled:
            spelled = re.compile(rf"""\.\s*{re.escape(name)}\b|["']{re.escape(name)}["']""")
            text = self._view.text(holder)
            imports = {item.statement_span for item in holder.facts.imports}  # `import a.name`
            parts = sum(len(spelled.findall(text.cut(span))) for span in imports)
            self._spelled[key] = len(spelled.findall(text.whole)) - parts
        return self._spelled[key]

    def _by_failures(self, namespace: Namespace) -> Iterator[Exposed]:
        last = namespace.module.name.rpartition(".")[2]
        for failure in self._view.project.unseen:
            if {namespace.name, last} <= failure.words:
                yield Exposed(namespace, f"{failure.path.name} cannot be read as Python and mentions it")

    def _by_platforms(self, namespace: Namespace) -> Iterator[Exposed]:
        dotted = self._view.once(_dotted)
        if file := dotted.get((namespace.module.name.rpartition(".")[2], namespace.name)):
            yield Exposed(namespace, f"{file} names it")

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
                    if found and (not found[1] or found[1][0] in DICTIONARIES):
                        named.setdefault(found[0], []).append((module, mention))
        return named

    @cached_property
    def _reflected(self) -> dict[Module, list[tuple[Module, Dynamic]]]:
        """`getattr(m, expression)`, `setattr(m, expression, v)`, `vars(m)`, `m.__dict__`, `m.f.__globals__`."""
        reflected: dict[Module, list[tuple[Module, Dynamic]]] = {}
        for module in self._view.project.modules.values():
            for dynamic in module.facts.dynamics:
                owners = self._handles.held(module, dynamic.subject)
                target = resolve(self._view.project, module, dynamic.subject)
                if dynamic.what == "__globals__" and isinstance(target, Defined):
                    owners = frozenset({target.module})
                for owner in owners:
                    reflected.setdefault(owner, []).append((module, dynamic))
        return reflected

    @cached_property
    def _listed(self) -> dict[Module, list[tuple[Module, Span]]]:
        """`inspect.getmembers(m)`."""
        return self._handles.listed()

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
    def _patched_anywhere(self) -> list[tuple[Module, Dynamic, tuple[str, ...]]]:
        """`patch(path)`, `monkeypatch.setattr(path, value)`: these names, or any that the file spells."""
        return [
            (module, dynamic, patched_names(self._view.text(module).cut(dynamic.span)))
            for module in self._view.project.modules.values()
            for dynamic in module.facts.dynamics
            if _is_patch(module, dynamic) and not dynamic.prefix
        ]


def _dotted(view: View) -> dict[tuple[str, str], str]:
    return dotted_names(view.platform_files)


def _by_tool(namespace: Namespace) -> Iterator[Problem]:
    """`from shared import *` in Sphinx's conf.py: what it binds is configuration, in a dictionary that runs no hook."""
    module = namespace.module
    if is_configuration(module.path.name) and not namespace.name.startswith("_"):
        found = (i for i in module.facts.imports if i.binds == namespace.name or i.name == "*")
        if item := next(found, None):
            yield problem(
                f"a tool that runs {module.path.name} may read {namespace.name} in it", module, item.span
            )


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
