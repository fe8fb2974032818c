"""Special methods that touch what others share, and that a making runs without a call that spells them.

task >> 1            Task.__rshift__ enters what follows into the task
f"job {task}"        Task.__format__ counts how often it was shown
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.groups import Group, root
from lazify.getter.problems import Problem, problem
from lazify.index.changes import changed_in_place
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.project import Defined, External
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
_ANYWHERE = frozenset(
    {
        "__abs__", "__bool__", "__bytes__", "__ceil__", "__complex__", "__contains__", "__eq__", "__float__",
        "__floor__", "__format__", "__fspath__", "__ge__", "__getitem__", "__gt__", "__hash__", "__index__", "__int__",
        "__iter__", "__le__", "__len__", "__length_hint__", "__lt__", "__ne__", "__next__",
        "__repr__", "__reversed__", "__round__", "__str__", "__trunc__",
    }
)  # fmt: skip
"""What `if x:`, `x in table`, `sorted(…)`, a dictionary or a library may run of whatever object they have."""
_REMEMBERING = frozenset({"__contains__", "__eq__", "__getitem__", "__hash__", "__len__", "__ne__"})
"""What these set in their object, they keep to find it faster."""
_MAKING = frozenset({"__init__", "__new__", "__post_init__", "__attrs_post_init__", "model_post_init"})
_UNSPELLED = _ANYWHERE | ANSWERS
_SIGN = r"(?:[-+*/%@&|^~]|<<|>>)"
_CHAIN = r"(?:\s*\.\s*\w+|\[[^]]*\]|\([^()]*\))*"

_Method = tuple[Module, int]
"""The module, and the scope of a method."""


def special_method_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse what may run such a method of an object that it has: others may run it, too, before or after.

    `inputs` are the module-level names that the making reads.
    """
    methods = view.once(_SpecialMethods)
    named = [each for each in dict.fromkeys(inputs) if isinstance(each, Defined)] if methods.by_class else []
    spelled: frozenset[str] | None = None
    for each in named:
        for module, number in methods.of(each, group):
            scope = module.facts.scopes[number]
            if _answers((module, number)) and spelled is None:
                spelled = frozenset(_spelled(view, group))
            if _last(scope) in _ANYWHERE or (spelled and _last(scope) in spelled):
                reason = f"making it may run {scope.name}, which reads or changes what others share"
                return problem(reason, module, scope.span)
    return None


class _SpecialMethods:
    """Finds the special methods of a project that touch more than they are given."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._touching: dict[_Method, bool] = {}
        self._setting: dict[_Method, bool] = {}

    def of(self, named: Defined, group: Group) -> Iterator[_Method]:
        """Yield those that a making may run which has the class or the object of that name.

        Of an object that nothing is known of, they may be any that answer an operator beside the name.
        """
        body = named.module.facts.scopes[MODULE]
        if named.name in body.definitions:
            yield from filter(self._touches_state, self._all(named))
            return
        if not body.locals.get(named.name):
            return  # what an import binds
        match self._view.effects.class_of(named.module, NameRef(named.name, MODULE), MODULE):
            case Defined() as cls:
                yield from filter(self._touches, self._all(cls))
            case None:
                answers = [each for methods in self.by_class.values() for each in methods if _answers(each)]
                if answers and _is_beside_operator(named.name, text_of_making(self._view, group)):
                    yield from filter(self._touches, answers)

    def _all(self, cls: Defined) -> Iterator[_Method]:
        for each in with_bases(self._view, cls):
            yield from self.by_class.get(each, ())

    @cached_property
    def by_class(self) -> dict[Defined, list[_Method]]:
        """The special methods that no call spells, of each class that is defined at module level."""
        found: dict[Defined, list[_Method]] = {}
        for module in filter(runs_in_service, self._view.project.modules.values()):
            scopes = module.facts.scopes
            for name, number in scopes[MODULE].definitions.items():
                methods = scopes[number].definitions if scopes[number].kind == "class" else {}
                special = [(module, at) for method, at in methods.items() if method in _UNSPELLED]
                if special:
                    found[Defined(module, name)] = special
        return found

    def _touches(self, method: _Method) -> bool:
        return self._sets_its_object(method) or self._touches_state(method)

    def _touches_state(self, method: _Method) -> bool:
        if method not in self._touching:
            effects = self._view.effects.of_function(*method)
            self._touching[method] = any(effect.kind is EffectKind.STATE for effect in effects)
        return self._touching[method]

    def _sets_its_object(self, method: _Method) -> bool:
        """Tell whether the method, or one that it runs, sets something of its object."""
        if method not in self._setting:
            modules = self._view.project.modules
            below = ((modules[path], number) for path, number in self._view.effects.run_by(*method))
            is_cache = _last(_scope(method)) in _REMEMBERING
            self._setting[method] = not is_cache and any(map(_sets, (method, *below)))
        return self._setting[method]


def _sets(method: _Method) -> bool:
    """Tell whether a method that makes no object changes its own in place: `self.next.append(other)`."""
    scope = _scope(method)
    if not scope.parameters or _last(scope) in _MAKING:
        return False
    receiver = NameRef(scope.parameters[0].name, method[1])
    is_method = method[0].facts.scopes[scope.parent].kind == "class"
    return is_method and any(root(changed_in_place(each)) == receiver for each in scope.operations)


def _is_beside_operator(name: str, text: str) -> bool:
    """Tell whether some code spells an operator before or after a name, or after what it takes of it."""
    word = rf"\b{re.escape(name)}\b"
    return re.search(rf"{word}{_CHAIN}\s*{_SIGN}|{_SIGN}=?\s*{word}", text) is not None


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


def _answers(method: _Method) -> bool:
    return _last(_scope(method)) in ANSWERS


def _scope(method: _Method) -> Scope:
    return method[0].facts.scopes[method[1]]


def _last(scope: Scope) -> str:
    return scope.name.rpartition(".")[2]
