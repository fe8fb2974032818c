"""Values that pickle and copy know by their names: `def __reduce__(self): return "SENTINEL"`."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.index.view import View
from lazify.model.facts import AttributeRef, LiteralRef, NameRef, Scope
from lazify.model.places import Span
from lazify.statements import parse

_CONSTANT = re.compile(r"""\breturn\s+["']\w*["']\s*$""", re.MULTILINE)
_WORDS = ("__reduce__", "__reduce_ex__", "copyreg")


class Pickling:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view

    def of(self, namespace: Namespace) -> Iterator[tuple[Module, Span]]:
        """Yield the functions that may give this name to pickle, which looks it up in the module of the class."""
        spelled = re.compile(rf"""["']{re.escape(namespace.name)}["']""")
        for module, scope, is_computed in self._reducers:
            if is_computed or spelled.search(self._view.text(module).cut(scope.span)):
                yield module, scope.span

    @cached_property
    def _reducers(self) -> list[tuple[Module, Scope, bool]]:
        """Functions that may return a text instead of a tuple, and whether that is other than a constant."""
        holders = {module: None for word in _WORDS for module in self._view.project.mentioning(word)}
        found: list[tuple[Module, Scope, bool]] = []
        for module in holders:
            registered = self._registered(module)
            for scope in module.facts.scopes:
                name = scope.name.rpartition(".")[2]
                is_reducer = name in _WORDS or registered is None or name in registered
                if scope.kind == "function" and is_reducer and _gives_text(scope):
                    returned = _CONSTANT.findall(self._view.text(module).cut(scope.span))
                    found.append((module, scope, len(returned) < len(scope.returns)))
        return found

    def _registered(self, module: Module) -> frozenset[str] | None:
        """Name the functions that the module hands to `copyreg.pickle`; None where they cannot be told."""
        if "copyreg" not in module.facts.words:
            return frozenset()
        names: set[str] = set()
        for node in ast.walk(parse(self._view.text(module).whole)):
            match node:
                case ast.Call(
                    func=ast.Name(id="pickle") | ast.Attribute(attr="pickle"),
                    args=[_, ast.Name(id=name) | ast.Attribute(attr=name), *_],
                ):
                    names.add(name)
                case ast.Call(func=ast.Name(id="pickle") | ast.Attribute(attr="pickle")):
                    return None
        functions = {s.name.rpartition(".")[2] for s in module.facts.scopes if s.kind == "function"}
        return frozenset(names) if names and names <= functions else None


def _gives_text(scope: Scope) -> bool:
    """Tell whether it may return a text: what is known to be something else, or comes from a call, is none."""
    return any(
        ref is None
        or (isinstance(ref, LiteralRef) and ref.type == "str")
        or isinstance(ref, NameRef | AttributeRef)
        for ref in scope.returns
    )
