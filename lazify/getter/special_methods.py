"""Special methods that touch what others share, and that a making runs without a call that spells them.

task >> 1            Task.__rshift__ enters what follows into the task
f"job {task}"        Task.__format__ counts how often it was shown
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.families import CONSTRUCTORS, Class, family
from lazify.getter.groups import Group
from lazify.getter.memoizing import changes_its_object, changes_what_it_is_given
from lazify.getter.object_changes import Method
from lazify.getter.problems import Problem, problem
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View, runs_in_service
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, NameRef, Scope
from lazify.model.places import Span
from lazify.statements import parse

_BINARY: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitOr: "or",
    ast.BitAnd: "and",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_UNARY: dict[type[ast.AST], tuple[str, ...]] = {
    ast.USub: ("__neg__",),
    ast.UAdd: ("__pos__",),
    ast.Invert: ("__invert__",),
}
OPERATORS = {
    **{node: (f"__{name}__", f"__r{name}__", f"__i{name}__") for node, name in _BINARY.items()},
    **_UNARY,
}
"""What may answer each operator; https://docs.python.org/3/reference/datamodel.html#emulating-numeric-types."""
ANSWERS = frozenset(name for names in OPERATORS.values() for name in names)
_REMEMBERING = frozenset(
    {
        "__contains__", "__eq__", "__getattr__", "__getattribute__", "__getitem__", "__hash__", "__len__",
        "__missing__", "__ne__",
    }
)  # fmt: skip
"""What these bind in their object, they keep to find it faster; what they add or take away, they do not."""
_ANYWHERE = _REMEMBERING | {
    "__abs__", "__bool__", "__bytes__", "__ceil__", "__complex__", "__float__", "__floor__", "__format__",
    "__fspath__", "__ge__", "__gt__", "__index__", "__int__", "__iter__", "__le__", "__length_hint__", "__lt__",
    "__next__", "__repr__", "__reversed__", "__round__", "__str__", "__trunc__",
}  # fmt: skip
"""What `if x:`, `x in table`, `sorted(…)`, a dictionary or a library may run of whatever object they have."""
_CONTAINERS = frozenset(Builtin(name) for name in ("dict", "list", "set", "tuple"))
_UNSPELLED = _ANYWHERE | ANSWERS
_SIGN = r"(?:[-+*/%@&|^~]|<<|>>)"
_CHAIN = r"(?:\s*\.\s*\w+|\[[^]]*\]|\([^()]*\))*"
_ITEM = rf"{_CHAIN}(?:\[[^]]*\]|\.\s*\w+\([^()]*\)){_CHAIN}"

_Function = tuple[Module, int]
"""The module, and the scope of a function."""


class _Method(NamedTuple):
    """What a class answers under a special name: a method, or another function that is bound to the name."""

    name: str
    function: _Function


def special_method_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse what may run such a method of an object that it has: others may run it, too, before or after.

    `inputs` are the module-level names that the making reads.
    """
    methods = view.once(_SpecialMethods)
    named = [each for each in dict.fromkeys(inputs) if isinstance(each, Defined)] if methods.by_class else []
    spelled: frozenset[str] | None = None
    for each in named:
        for name, (module, number) in methods.of(each, group):
            if name in ANSWERS and spelled is None:
                spelled = frozenset(_spelled(view, group))
            if name in _ANYWHERE or (spelled and name in spelled):
                scope = module.facts.scopes[number]
                reason = f"making it may run {scope.name}, which reads or changes what others share"
                return problem(reason, module, scope.span)
    return None


class _SpecialMethods:
    """Finds the special methods of a project that touch more than they are given."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._touching: dict[_Function, bool] = {}
        self._setting: dict[_Method, bool] = {}

    def of(self, named: Defined, group: Group) -> Iterator[_Method]:
        """Yield those that a making may run which has the class or the object of that name.

        Of an object that nothing is known of, and of an item of a container, they may be any that answer an operator
        beside the name.
        """
        body = named.module.facts.scopes[MODULE]
        if named.name in body.definitions:
            yield from (each for each in self._all(named) if self._touches_state(each.function))
            return
        if not body.locals.get(named.name):
            return  # what an import binds
        match self._view.effects.class_of(named.module, NameRef(named.name, MODULE), MODULE):
            case Defined() as cls:
                yield from filter(self._touches, self._all(cls))
            case cls if cls is None or cls in _CONTAINERS:
                chain = _CHAIN if cls is None else _ITEM
                if self._answers and _is_beside_operator(
                    named.name, chain, text_of_making(self._view, group)
                ):
                    yield from filter(self._touches, self._answers)

    def _all(self, cls: Defined) -> Iterator[_Method]:
        number = cls.module.facts.scopes[MODULE].definitions.get(cls.name)
        for each in () if number is None else family(self._view.project, cls.module, number):
            yield from self.by_class.get(each, ())

    @cached_property
    def by_class(self) -> dict[Class, list[_Method]]:
        """What each class of the project binds to special names that no call spells."""
        found: dict[Class, list[_Method]] = {}
        for module in filter(runs_in_service, self._view.project.modules.values()):
            for number, scope in enumerate(module.facts.scopes):
                bound = {*scope.locals, *scope.definitions} if scope.kind == "class" else set()
                methods = [
                    _Method(name, function)
                    for name in sorted(_UNSPELLED & bound)
                    for function in sorted(self._functions(module, number, name), key=_place)
                ]
                if methods:
                    found[module, number] = methods
        return found

    def _functions(self, module: Module, cls: int, name: str) -> frozenset[_Function]:
        number = module.facts.scopes[cls].definitions.get(name)
        if number is not None and name not in module.facts.scopes[cls].locals:
            return frozenset({(module, number)})
        return self._view.effects.functions_of(module, cls, name)

    @cached_property
    def _answers(self) -> list[_Method]:
        return [each for methods in self.by_class.values() for each in methods if each.name in ANSWERS]

    def _touches(self, method: _Method) -> bool:
        return self._sets_its_object(method) or self._touches_state(method.function)

    def _touches_state(self, function: _Function) -> bool:
        if function not in self._touching:
            effects = self._view.effects.of_function(*function)
            self._touching[function] = any(effect.kind is EffectKind.STATE for effect in effects)
        return self._touching[function]

    def _sets_its_object(self, method: _Method) -> bool:
        """Tell whether the method, or one that it runs, sets something of its object."""
        if method not in self._setting:
            modules, keeps = self._view.project.modules, method.name in _REMEMBERING
            below = [(modules[path], number) for path, number in self._view.effects.run_by(*method.function)]
            self._setting[method] = any(
                _sets(self._view, each, keeps=keeps) for each in (method.function, *below)
            ) or any(_sets_given(self._view, each) for each in below)
        return self._setting[method]


def _place(function: _Function) -> tuple[str, int]:
    return str(function[0].path), function[1]


def _sets(view: View, function: _Function, *, keeps: bool) -> bool:
    """Tell whether a function of a class that makes no object changes its first parameter: `self.next.append(other)`.

    With `keeps`, one that only memoizes there does not.
    """
    module, number = function
    scope = module.facts.scopes[number]
    is_method = module.facts.scopes[scope.parent].kind == "class" and bool(scope.parameters)
    if not is_method or scope.name.rpartition(".")[2] in CONSTRUCTORS:
        return False
    method = _parsed(view, module, scope)
    return method is None or changes_its_object(method, may_memoize=keeps)


def _sets_given(view: View, function: _Function) -> bool:
    """Tell whether a function, or a method but a constructor, changes what else it is given: `take(self.items)`."""
    module, number = function
    scope = module.facts.scopes[number]
    if scope.kind == "class" or scope.name.rpartition(".")[2] in CONSTRUCTORS or not scope.parameters:
        return False
    parsed = _parsed(view, module, scope)
    return parsed is None or changes_what_it_is_given(parsed)


def _parsed(view: View, module: Module, scope: Scope) -> Method | None:
    """Parse the lines of one function or lambda; None where they are no whole statement."""
    text = view.text(module)
    is_lambda = scope.kind == "lambda"
    code = (
        f"({text.cut(scope.span)})"
        if is_lambda
        else f"if 1:\n{text.lines(scope.span.line, scope.span.end_line)}"
    )
    try:
        tree = parse(code)
    except SyntaxError:
        return None
    return next((each for each in ast.walk(tree) if isinstance(each, Method)), None)


def _is_beside_operator(name: str, chain: str, text: str) -> bool:
    """Tell whether some code spells an operator before or after a name, with a chain of what it takes of it."""
    word = rf"\b{re.escape(name)}\b{chain}"
    return re.search(rf"{word}\s*{_SIGN}|{_SIGN}=?\s*{word}", text) is not None


def _spelled(view: View, group: Group) -> Iterator[str]:
    """Yield the methods that may answer the operators in the statements, and in the functions that they run."""
    scopes = reached_scopes(view, group)
    own = [group.module.facts.statements[number].span for number in group.statements]
    for module in dict.fromkeys((group.module, *(module for module, _ in scopes))):
        text = view.text(module).whole
        lines = Lines(text)
        for node in ast.walk(parse(text)):
            if isinstance(node, ast.BinOp | ast.AugAssign | ast.UnaryOp) and type(node.op) in OPERATORS:
                span = lines.span(node)
                function = _function_around(module, span)
                is_own = module is group.module and any(each.contains(span) for each in own)
                if (is_own and function is None) or (module, function) in scopes:
                    names = OPERATORS[type(node.op)]
                    yield from names if isinstance(node, ast.AugAssign) else names[:2]


def _function_around(module: Module, span: Span) -> int | None:
    """Find the scope of the innermost function or lambda."""
    around = (
        number
        for number, scope in enumerate(module.facts.scopes)
        if scope.kind in ("function", "lambda") and scope.span.contains(span)
    )
    return max(around, key=lambda number: module.facts.scopes[number].span[:2], default=None)
