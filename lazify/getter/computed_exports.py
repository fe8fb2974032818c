"""An `__all__` that code makes: `from m import *` asks for the names in it, and a getter is none of those it spells.

__all__ = sorted({"store"})                          spells the former name where no edit follows
__all__ = [n for n in dir() if n.isupper()]          names STORE, and not get_store
__all__ = [n for n in dir() if n[0] != "_"]          names the getter as it named the value
__all__ = ["open", *parts.__all__]                   names what the other list names
__all__.append(function.__name__)                    names no value
"""

import ast
from collections.abc import Iterator

from lazify.getter.names import stem
from lazify.getter.problems import Problem, problem, where
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace, Occurrences
from lazify.index.project import InModule
from lazify.index.view import View
from lazify.model.facts import Use
from lazify.model.places import Span
from lazify.statements import parse

_ALL = "__all__"
_ADDS = frozenset({"append", "extend", "insert", "add", "update", "__iadd__"})
_KEEPS = frozenset({"sort", "reverse", "index", "count", "copy"})
_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
_TESTS = {"startswith": 1, "endswith": 1, "isupper": 0, "islower": 0, "istitle": 0, "isidentifier": 0}
"""Methods of `str`, each with the number of its arguments here."""


class ComputedExports:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is read before the first question."""
        self._view = view
        self._made: dict[Module, tuple[tuple[ast.expr, Span], ...]] = {}
        self._changed: dict[Module, tuple[Module, Span]] | None = None

    def problems(self, found: Occurrences) -> Iterator[Problem]:
        """Say where a star import may ask for the former name, or not bring the getter."""
        for namespace in found.namespaces:
            owner = namespace.module
            importers = self._view.project.star_importers(owner) if owner.facts.exports is not None else ()
            for importer, item in importers[:1]:
                for span in self._unlike(namespace) if owner.facts.exports_are_dynamic else ():
                    reason = f"__all__ is computed, and import * asks for what it names ({where(importer, item.span)})"
                    yield problem(reason, owner, span)
                if changed := self._changed_from_outside().get(owner):
                    reason = f"__all__ of {owner.name}, which import * asks for, is changed from outside"
                    yield problem(reason, *changed)

    def _unlike(self, namespace: Namespace) -> Iterator[Span]:
        """Give what may put one of the two names into the list, and not the other."""
        owner, name = namespace.module, namespace.name
        if owner not in self._made:
            self._made[owner] = tuple(_made(self._view.text(owner).whole))
        prefix = "_" if name.startswith("_") else ""
        names = (name, f"{prefix}get_{stem(name)}")
        edited = {span for _, span in owner.facts.exports or ()}
        lines = Lines(self._view.text(owner).whole)
        lists = {each.binds for each in owner.facts.imports if each.name == _ALL} | {_ALL}
        for value, span in self._made[owner]:
            if not _Reading(names, edited, lines, lists).is_alike(value):
                yield span

    def _changed_from_outside(self) -> dict[Module, tuple[Module, Span]]:
        if self._changed is None:
            self._changed = {}
            for module in self._view.project.mentioning(_ALL):
                for uses in module.facts.uses.values():
                    for use in uses:
                        owner = self._added_to(module, use)
                        if owner is not None and owner is not module:
                            self._changed[owner] = (module, use.span)
        return self._changed

    def _added_to(self, module: Module, use: Use) -> Module | None:
        """`parts.__all__.append(…)`: find the module whose list grows."""
        if use.attributes[-2:-1] != (_ALL,) or use.attributes[-1] not in _ADDS:
            return None
        at = self._view.project.named(module, use)
        for attribute in use.attributes[:-2]:
            at = self._view.project.member(at, attribute)
        return at.module if isinstance(at, InModule) else None


class _Reading:
    """What one list has of two names, a former one and its getter's."""

    def __init__(self, names: tuple[str, str], edited: set[Span], lines: Lines, lists: set[str]) -> None:
        self._names, self._edited, self._lines, self._lists = names, edited, lines, lists

    def is_alike(self, value: ast.expr) -> bool:
        """Tell whether the list has both names or neither, once its spelled names are edited."""
        match value:
            case ast.Constant():
                return value.value not in self._names or self._lines.span(value) in self._edited
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return all(map(self.is_alike, parts))
            case ast.Starred(value=part) | ast.NamedExpr(value=part):
                return self.is_alike(part)
            case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
                return self.is_alike(left) and self.is_alike(right)
            case ast.Attribute(attr=attribute):
                return attribute in (_ALL, "__name__")  # a function has that, or a class, and no value
            case ast.Name(id=name):
                return name in self._lists
            case ast.Call(func=ast.Name(id="dir"), args=[], keywords=[]):
                return True
            case ast.Call(func=ast.Name(id=function), args=[part], keywords=[]) if function in _COPIES:
                return self.is_alike(part)
            case (
                ast.ListComp(elt=ast.Name(id=name))
                | ast.SetComp(elt=ast.Name(id=name))
                | ast.GeneratorExp(elt=ast.Name(id=name))
            ):
                last = value.generators[-1]
                is_it = isinstance(last.target, ast.Name) and last.target.id == name
                return (
                    is_it and self.is_alike(last.iter) and all(self._is_same(test, name) for test in last.ifs)
                )
        return False

    def _is_same(self, test: ast.expr, variable: str) -> bool:
        former, getter = (_holds(test, variable, name) for name in self._names)
        return former is not None and former == getter


def _holds(test: ast.expr, variable: str, name: str) -> bool | None:
    """Tell whether a condition holds of a name; None for what is not worked out."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            held = _holds(operand, variable, name)
            return None if held is None else not held
        case ast.BoolOp(op=op, values=values):
            each = [_holds(value, variable, name) for value in values]
            return None if None in each else (all(each) if isinstance(op, ast.And) else any(each))
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=asked), attr=how), args=arguments, keywords=[]
        ) if asked == variable and how in _TESTS:
            given = [_constant(each) for each in arguments]
            is_known = len(given) == _TESTS[how] and all(isinstance(each, str | tuple) for each in given)
            return bool(getattr(name, how)(*given)) if is_known else None
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            part, other = _part(left, variable, name), _constant(right)
            if part is None or other is None:
                return None
            match op:
                case ast.Eq() | ast.NotEq():
                    return (part == other) is isinstance(op, ast.Eq)
                case ast.In() | ast.NotIn() if isinstance(other, str | tuple):
                    return (part in other) is isinstance(op, ast.In)
    return None


def _part(value: ast.expr, variable: str, name: str) -> str | None:
    """Give what `n`, `n[0]` or `n[:2]` is of a name."""
    match value:
        case ast.Name(id=asked) if asked == variable:
            return name
        case ast.Subscript(value=ast.Name(id=asked), slice=ast.Constant(value=0)) if asked == variable:
            return name[0]
        case ast.Subscript(
            value=ast.Name(id=asked),
            slice=ast.Slice(lower=None, upper=ast.Constant(value=int(end)), step=None),
        ) if asked == variable:
            return name[:end]
    return None


def _constant(value: ast.expr) -> str | tuple[str, ...] | None:
    """Give a text, or the texts of a display."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            texts = [each.value for each in parts if isinstance(each, ast.Constant)]
            names = tuple(text for text in texts if isinstance(text, str))
            return names if len(names) == len(parts) else None
    return None


def _made(text: str) -> Iterator[tuple[ast.expr, Span]]:
    """Give everything that becomes `__all__` or part of it; what cannot be told as the name of the list's method."""
    lines = Lines(text)
    for node in ast.walk(parse(text)):
        match node:
            case ast.Assign(targets=[*targets], value=value) if any(_is_all(each) for each in targets):
                yield value, lines.span(node)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_all(target):
                yield value, lines.span(node)
            case ast.AugAssign(target=target, value=value) if _is_all(target):
                yield value, lines.span(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=method), args=arguments):
                if method in _ADDS:
                    yield from ((each, lines.span(node)) for each in arguments)
                elif method == "remove" and len(arguments) == 1:
                    yield arguments[0], lines.span(node)
                elif method not in _KEEPS:
                    yield node.func, lines.span(node)


def _is_all(target: ast.expr) -> bool:
    match target:
        case ast.Name(id="__all__"):
            return True
        case ast.Subscript(value=ast.Name(id="__all__")):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return any(_is_all(each) for each in parts)
    return False
