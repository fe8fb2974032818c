"""What nobody can change: numbers, patterns, and what holds nothing else."""

import ast

from lazify.getter.aliases.trees import Trees
from lazify.getter.class_changes import with_bases
from lazify.index.meanings import BUILTINS
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, NameRef, Ref

_CHANGEABLE = (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
_DISPLAYS = (*_CHANGEABLE, ast.Tuple)
_TYPES = frozenset(
    Builtin(name)
    for name in ("str", "bytes", "int", "float", "complex", "bool", "None", "NoneType", "frozenset", "range")
)
_OF_MODULES = ("re.", "pathlib.", "uuid.", "datetime.", "decimal.", "fractions.", "ipaddress.", "zoneinfo.")
"""Python's modules whose objects nobody can change."""
_GIVE_TEXT = frozenset({"decode", "encode", "format", "join", "lower", "replace", "rstrip", "strip", "upper"})
_FROZEN = frozenset(
    {"typing.NamedTuple", "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"}
)


def is_constant(view: View, target: Defined) -> bool:
    """Tell whether nobody can change what the name holds: a function, a number."""
    scopes = target.module.facts.scopes
    number = scopes[MODULE].definitions.get(target.name)
    if number is not None:
        return scopes[number].kind != "class"
    values = scopes[MODULE].locals.get(target.name, ())
    if values and all(isinstance(each, CallRef) and _gives_text(each.callee) for each in values):
        return True
    if values and all(_is_builtin(view, target, each) for each in values):
        return True
    classes = view.effects.classes_of(target.module, NameRef(target.name, MODULE), MODULE)
    return bool(classes) and all(_makes_constants(view, each) for each in classes)


def _makes_constants(view: View, cls: Target | None) -> bool:
    """Tell whether nobody can change the objects of a class."""
    if isinstance(cls, Defined):
        return _is_frozen(view, cls)
    return cls in _TYPES or (isinstance(cls, External) and cls.name.startswith(_OF_MODULES))


def _is_builtin(view: View, target: Defined, value: Ref | None) -> bool:
    """Tell whether it is a type or function of Python's own: `text_type = str`, and `str = str`."""
    found = resolve(view.project, target.module, value)
    return isinstance(found, Builtin) or (found == target and target.name in BUILTINS)


def _gives_text(callee: Ref | None) -> bool:
    return isinstance(callee, AttributeRef) and callee.name in _GIVE_TEXT


def _is_frozen(view: View, cls: Defined) -> bool:
    """Tell whether nobody can set attributes of the objects of a class: `class Point(NamedTuple)`, an enumeration."""
    for each, number in with_bases(view, cls).items():
        bases = (resolve(view.project, each.module, base) for base in each.module.facts.scopes[number].bases)
        if any(isinstance(base, External) and base.name in _FROZEN for base in bases):
            return True
    return False


class Flat:
    """Tells containers of constants."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Nothing is parsed before the first question."""
        self._view, self._trees = view, trees

    def is_flat(self, target: Defined, depth: int = 3) -> bool:
        """Tell whether nothing can be changed of what is in it: `{"a": 1, "b": (2, NAME)}`."""
        module = target.module
        bindings = module.facts.bindings.get(target.name, ())
        values = [self._trees.value(module, binding.span) for binding in bindings]
        return bool(values) and all(
            isinstance(each, _DISPLAYS) and self._has_constants(module, each, depth) for each in values
        )

    def _has_constants(self, module: Module, node: ast.expr | None, depth: int) -> bool:
        """Tell whether there is nothing else in a display."""
        match node:
            case ast.Constant() | ast.JoinedStr() | ast.UnaryOp(operand=ast.Constant()):
                return True
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return all(self._is_constant(module, each, depth) for each in elements)
            case ast.Dict(keys=keys, values=values):
                return all(self._is_constant(module, each, depth) for each in (*keys, *values))
            case ast.DictComp() | ast.ListComp() | ast.SetComp():
                sources = [each.iter for each in node.generators]
                return all(self._iterates_constants(module, each, depth) for each in sources)
            case _:
                return False

    def _iterates_constants(self, module: Module, source: ast.expr, depth: int) -> bool:
        match source:
            case ast.Call(func=ast.Attribute(value=value, attr="items" | "keys" | "values"), args=[]):
                source = value
        target = self._trees.resolved(module, source)
        return depth > 0 and isinstance(target, Defined) and self.is_flat(target, depth - 1)

    def _is_constant(self, module: Module, node: ast.expr | None, depth: int) -> bool:
        if isinstance(node, ast.Name | ast.Attribute):
            target = self._trees.resolved(module, node)
            return isinstance(target, Defined) and is_constant(self._view, target)
        return not isinstance(node, _CHANGEABLE) and self._has_constants(module, node, depth)
