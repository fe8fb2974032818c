"""Names and attributes that the code of one module uses as values: passed, stored or returned, other than called."""

import ast
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from lazify.getter.passages import Passage, Passages
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import BUILTINS, Builtin, External
from lazify.index.view import View
from lazify.model.facts import NameRef
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents

Position = tuple[int, int]
"""Line and column."""


class Value(NamedTuple):
    """One name, or chain of attributes, that is used as a value."""

    name: str
    """The last one."""
    root: str
    attributes: tuple[str, ...] = ()
    bound: int | None = None
    """The scope that binds the first name: the module's, or a function that imports it; None for other names."""
    is_own: bool = False
    """An attribute of the object, or of the class, that the code is a method of; or that class itself."""
    owner: int | None = None
    """The scope of that class."""


_ONLY_CALLS = frozenset(
    {
        "run_in_executor",
        "run_in_threadpool",
        "to_thread",
        "submit",
        "call_soon",
        "call_later",
        "call_soon_threadsafe",
        "add_done_callback",
        "apply_async",
        "starmap",
    }
)
"""Methods of unknown objects that call what they get, and nothing else."""
_KEEPS = frozenset(
    {
        "abc", "annotationlib", "collections", "contextlib", "copy", "ctypes", "dataclasses", "enum", "functools",
        "inspect", "itertools", "operator", "queue", "types", "typing", "unittest", "weakref",
    }
)  # fmt: skip
"""Modules of the standard library that look at what they get, or give it back in another shape."""
_ONLY_USES = frozenset(
    {
        "abs", "all", "any", "bool", "callable", "delattr", "filter", "getattr", "hasattr", "hash", "id",
        "isinstance", "issubclass", "len", "map", "max", "min", "open", "print", "repr", "sorted", "str", "sum",
        "super", "type",
    }
)  # fmt: skip
"""Builtins that do not give back the functions that they get."""
_INJECTORS = frozenset({"Depends", "Provide", "Inject"})
_LOOK_ONLY = (
    ast.Attribute, ast.Expr, ast.Delete, ast.FormattedValue, ast.Raise, ast.ClassDef, ast.Compare, ast.UnaryOp,
    ast.Assert, ast.ExceptHandler, ast.MatchClass, ast.MatchValue, ast.While, ast.For, ast.AsyncFor,
    ast.comprehension,
)  # fmt: skip
"""What passes nothing on of what stands right in it: a class's bases and decorators are asked elsewhere."""


class Values:
    """What one module hands on, read passage by passage as far as somebody asks."""

    def __init__(self, view: View, module: Module) -> None:
        """Nothing is read before the first question."""
        text = view.text(module)
        self._view = view
        self._module = module
        self._lines = Lines(text.whole)
        self._passages = Passages(module, text)
        self._read: set[Passage] = set()
        self._parents: Mapping[ast.AST, ast.AST] = {}
        """Of the nodes that are being read."""

    def read(self, pattern: re.Pattern[str]) -> Iterator[Value]:
        """Yield what the passages with the pattern hand on; those that have been read before say nothing new."""
        fresh = [each for each in self._passages.holding(pattern) if each not in self._read]
        if not fresh:
            return
        self._read.update(fresh)
        nodes, self._parents = nodes_and_parents(self._passages.parsed(fresh))
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute | ast.Call) and self._is_value(node):
                yield from self._value(node)

    @cached_property
    def _has_injection(self) -> bool:
        return not _INJECTORS.isdisjoint(self._module.facts.words)

    @cached_property
    def _bound(self) -> dict[Span, int]:
        """The scopes that bind the names of uses, by where these stand."""
        return {use.span: use.bound for uses in self._module.facts.uses.values() for use in uses}

    def _is_value(self, node: ast.expr) -> bool:
        """Tell whether what an expression gives goes anywhere."""
        parent = self._parents[node]
        if isinstance(parent, _LOOK_ONLY) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return False
        match parent:
            case ast.If(test=test) | ast.IfExp(test=test) if test is node:
                return False
            case ast.Call(func=func):
                return func is not node and not self._only_calls(func)
            case ast.keyword():
                call = self._parents[parent]
                return isinstance(call, ast.Call) and not self._only_calls(call.func)
        return self._has_injection or not self._is_annotation(node)

    def _value(self, node: ast.expr) -> Iterator[Value]:
        """Read a name or chain, and `type(self)`."""
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id="self")]):
                yield Value("type(self)", "self", is_own=True, owner=self._class_around(node))
                return
            case ast.Call():
                return
        root, attributes = _chain(node)
        if not isinstance(root, ast.Name):
            yield Value(attributes[-1], "", tuple(attributes)) if attributes else Value("", "")
            return
        bound = self._bound.get(self._lines.span(root))
        if root.id in ("self", "cls", "__class__") and bound is None and len(attributes) <= 1:
            name = attributes[0] if attributes else root.id
            if owner := self._class_around(node):
                yield Value(name, root.id, tuple(attributes), is_own=True, owner=owner)
                return
        yield Value(attributes[-1] if attributes else root.id, root.id, tuple(attributes), bound)

    def _class_around(self, node: ast.expr) -> int | None:
        """Find the class that the code around is a method of."""
        at = self._lines.span(node)
        starts, ends = self._methods
        number = bisect_right(starts, at[:2], key=itemgetter(0)) - 1
        while number >= 0 and at[2:] <= ends[number]:  # one of these begins before the code and ends after it
            (_, end, owner), number = starts[number], number - 1
            if at[2:] <= end:
                return owner
        return None

    @cached_property
    def _methods(self) -> tuple[list[tuple[Position, Position, int]], list[Position]]:
        """Where each method begins and ends, with its class, in order; and how far those up to there reach."""
        scopes = self._module.facts.scopes
        methods = (s for s in scopes if s.kind == "function" and scopes[s.parent].kind == "class")
        found = sorted((each.span[:2], each.span[2:], each.parent) for each in methods)
        return found, list(accumulate((end for _, end, _ in found), max))

    def _is_annotation(self, node: ast.AST) -> bool:
        """Tell whether the expression is a part of an annotation."""
        child, parent = node, self._parents[node]
        while isinstance(parent, ast.expr | ast.slice):
            child, parent = parent, self._parents[parent]
        match parent:
            case ast.arg():
                return True
            case ast.AnnAssign(annotation=annotation):
                return annotation is child
        return isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef)  # what it returns, or a decorator

    def _only_calls(self, func: ast.expr) -> bool:
        """Tell whether a function calls what it gets, or looks at nothing of it, and does not pass it on."""
        if isinstance(func, ast.Attribute) and func.attr in _ONLY_CALLS:
            return True
        root, names = _chain(func)
        if not isinstance(root, ast.Name):
            return False
        span: Span = self._lines.span(root)
        if span not in self._bound:
            is_builtin = root.id in BUILTINS and root.id not in self._module.facts.bindings and not names
            return is_builtin and root.id in _ONLY_USES
        target = resolve(self._view.project, self._module, NameRef(root.id, self._bound[span]))
        for name in names:
            target = self._view.project.member(target, name)
        match target:
            case External(dotted):
                top = dotted.partition(".")[0]
                is_plain = top in sys.stdlib_module_names and top not in _KEEPS
                return is_plain or dotted in ("functools.reduce", "functools.cmp_to_key")
            case Builtin(name):
                return name in _ONLY_USES
        return False


def _chain(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """Take `a.b.c` apart: what it begins with, and the attributes in order."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    return node, attributes
