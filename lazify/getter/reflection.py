"""Names that code looks up in its own dictionary, in its own variables, or in the text of other code."""

import re
from collections.abc import Container, Iterator
from functools import cached_property

from lazify.getter.names import stem
from lazify.getter.own_names import OwnNames
from lazify.getter.problems import Problem, problem
from lazify.index.dynamics import DICTIONARIES
from lazify.index.modules import Module
from lazify.index.occurrences import ImportOccurrence, Namespace, Occurrences, resolve
from lazify.index.project import InModule
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Dynamic, NameRef, Ref, Role, Use
from lazify.model.places import Span

READS_DICTIONARY = (
    frozenset({"sys.modules", "globals", "vars", "locals", "dir", "eval", "exec"}) | DICTIONARIES
)
_CODE = frozenset({"eval", "exec"})
_NAMES_OTHERS = _CODE | {"sys.modules"}
"""Look-ups in which the text that is computed is no name of the module."""
_OF_FUNCTION = frozenset({"vars", "locals", "dir"})
"""Without an argument, these speak of the scope that they stand in."""
_OURS = ("get_", "_get_", "threading", "RLock", "Any")
_FRAME = frozenset({"f_globals", "f_locals"})
_WORD = re.compile(r"[^\W\d]\w*")


def own_reflection(
    own_names: OwnNames, namespace: Namespace, *, elsewhere: Container[Span]
) -> Iterator[Problem]:
    """Code of the module itself that looks names up in its own dictionary, but for what looks `elsewhere`."""
    module, name = namespace.module, namespace.name
    for dynamic in module.facts.dynamics:
        is_own = dynamic.subject is None or dynamic.what in _FRAME
        if not is_own or not may_name(dynamic, name) or dynamic.what not in READS_DICTIONARY:
            continue
        if dynamic.what in _OF_FUNCTION and (dynamic.scope != MODULE or _is_export(module, dynamic)):
            continue
        if dynamic.span not in elsewhere and not own_names.is_left_out(module, dynamic, name):
            yield problem(f"{_spelled(dynamic)} may look {name} up by its name", module, dynamic.span)
    for use in module.facts.uses.get("__annotations__", ()):
        if module.facts.scopes[use.scope].kind != "class":
            yield problem(f"the module reads its own __annotations__, which {name} changes", module, use.span)


def local_reflection(occurrence: ImportOccurrence) -> Iterator[Problem]:
    """A function that imports the name and looks at its own variables: `"{box}".format(**locals())`."""
    module, item = occurrence.module, occurrence.item
    for dynamic in module.facts.dynamics:
        is_here = dynamic.scope == item.scope and dynamic.subject is None and item.scope != MODULE
        if is_here and dynamic.what in _OF_FUNCTION | _CODE and may_name(dynamic, item.binds):
            yield problem(f"{_spelled(dynamic)} may look {item.binds} up by its name", module, dynamic.span)


def read_exports(view: View, found: Occurrences) -> Iterator[Problem]:
    """Something reads an `__all__` that has the name, but to make another `__all__` of it."""
    owners = {export.namespace.module for export in found.exports}
    if not owners:
        return
    for module in view.project.mentioning("__all__"):
        for name, uses in module.facts.uses.items():
            for use in uses:
                is_read = (
                    name == "__all__" and module in owners and not use.attributes and use.role is Role.LOAD
                )
                is_read = is_read or ("__all__" in use.attributes and _owner_of(view, module, use) in owners)
                if is_read and not _makes_exports(module, use):
                    yield problem(
                        f"__all__ is read, which names {found.namespaces[0].name}", module, use.span
                    )


_PROMPTS = (">>>", "...")


class QuotedCode:
    """Finds the code in strings that names something; each fact of the project is gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project
        self._shown: dict[Module, list[tuple[int, str]]] = {}

    def importing(self, namespace: Namespace) -> Iterator[tuple[Module, Span]]:
        """Yield the strings of code that reach the name: `[sys.executable, "-c", "from a import box"]`."""
        owner, name = namespace.module, re.escape(namespace.name)
        last = owner.name.rpartition(".")[2]
        for module in self._importers.get(owner, ()):
            if {last, namespace.name} <= module.facts.words:
                yield from self._imports(module, owner, name)

    def naming(self, namespace: Namespace) -> Iterator[tuple[Module, Span]]:
        """Yield the calls whose code spells an attribute of that name: `eval("a.x + 1")`."""
        attribute = re.compile(rf"\.\s*{re.escape(namespace.name)}\b")
        for module, code, span in self._evaluated:
            if attribute.search(code):
                yield module, span

    def shown(self, namespace: Namespace) -> Iterator[tuple[Module, Span]]:
        """Yield the examples in other modules' documentation that reach the name: `>>> from a import box`."""
        owner, name = namespace.module, re.escape(namespace.name)
        last = re.escape(owner.name.rpartition(".")[2])
        reaching = re.compile(rf"\b{last}(?:\.{name}\b|\s+import\b.*\b{name}\b)")
        project = self._project
        near = {importer for importer, _ in self._view.importers(owner)}
        for module in project.modules.values() if self._runs_examples else near:
            lines = () if module is owner else self._examples(module)
            found = (n for n, line in lines if namespace.name in line and reaching.search(line))
            if (number := next(found, None)) is not None:
                yield module, Span(number, 0, number, 0)

    @cached_property
    def _runs_examples(self) -> bool:
        """Tell whether the project runs the examples in its documentation: `addopts = --doctest-modules`."""
        return bool(self._project.mentioning("doctest")) or any(
            "doctest" in text for text in self._view.platform_files.values()
        )

    def _examples(self, module: Module) -> list[tuple[int, str]]:
        """List the lines of a file that are examples, with their numbers."""
        if module not in self._shown:
            lines = enumerate(self._view.text(module).whole.split("\n"), start=1)
            self._shown[module] = [(n, line) for n, line in lines if line.lstrip(" \t").startswith(_PROMPTS)]
        return self._shown[module]

    def _imports(self, module: Module, owner: Module, name: str) -> Iterator[tuple[Module, Span]]:
        taken = re.compile(
            rf"\bfrom\s+([\w.]+)\s+import\s+[^\n;]*?\b{name}\b|\bimport\s+([\w.]+)\b(?=[^\n]*(?:\n[^\n]*){{0,9}}\.{name}\b)"
        )
        text = self._view.text(module).whole
        for match in taken.finditer(text):
            found = self._project.find(match.group(1) or match.group(2), seen_from=module)
            line = text.count("\n", 0, match.start()) + 1
            if found == (owner, ()) and not _is_plain_code(module, text, match.start(), line):
                yield module, Span(line, 0, line, 0)

    @cached_property
    def _importers(self) -> dict[Module, list[Module]]:
        """The modules whose strings may import a module of the project."""
        importers: dict[Module, list[Module]] = {}
        for module in self._project.modules.values():
            found = (self._project.find(name, seen_from=module) for name in module.facts.quoted_imports)
            for owner in {each[0] for each in found if each and not each[1]}:
                importers.setdefault(owner, []).append(module)
        return importers

    @cached_property
    def _evaluated(self) -> list[tuple[Module, str, Span]]:
        return [
            (module, dynamic.literal, dynamic.span)
            for module in self._project.modules.values()
            for dynamic in module.facts.dynamics
            if dynamic.what in _CODE and dynamic.literal
        ]


def may_name(dynamic: Dynamic, name: str) -> bool:
    """Tell whether a look-up may be one for `name`."""
    if dynamic.literal is None:
        # Of `sys.modules`, it is the name of a module that begins so.
        return dynamic.what in _NAMES_OTHERS or may_begin(name, dynamic.prefix)
    return name in _WORD.findall(dynamic.literal) if dynamic.what in _CODE else dynamic.literal == name


def may_begin(name: str, prefix: str) -> bool:
    """Tell whether a computed name that begins so may be `name`, or one of those that its getter brings along."""
    ours = (f"_{stem(name)}", *_OURS)
    return name.startswith(prefix) or any(each.startswith(prefix) or prefix.startswith(each) for each in ours)


def _is_export(module: Module, dynamic: Dynamic) -> bool:
    """`__all__ = [name for name in dir() if …]` names the getter as it named the value."""
    return dynamic.what == "dir" and "__all__" in module.facts.statements[dynamic.statement].binds


def _spelled(dynamic: Dynamic) -> str:
    return dynamic.what if dynamic.what in DICTIONARIES or "." in dynamic.what else f"{dynamic.what}()"


def _owner_of(view: View, module: Module, use: Use) -> Module | None:
    ref: Ref = NameRef(use.name, use.bound)
    for attribute in use.attributes[: use.attributes.index("__all__")]:
        ref = AttributeRef(ref, attribute)
    target = resolve(view.project, module, ref)
    return target.module if isinstance(target, InModule) else None


def _makes_exports(module: Module, use: Use) -> bool:
    statement = module.facts.statements[use.statement]
    return "__all__" in statement.binds or statement.receiver == "__all__"


def _is_plain_code(module: Module, text: str, start: int, line: int) -> bool:
    """Tell whether an import that was found in the text is one, or stands in a comment or documentation."""
    facts = module.facts
    if "#" in text[text.rfind("\n", 0, start) + 1 : start]:
        return True
    spans = [item.statement_span for item in facts.imports]
    spans += [scope.docstring for scope in facts.scopes if scope.docstring is not None]
    column = start - text.rfind("\n", 0, start) - 1
    return any(
        (span.line, span.column) <= (line, column) < (span.end_line, span.end_column) for span in spans
    )
