"""What code does with an expression: it changes the object, gives it a name, keeps it, hands it on.

    held = TABLE                   a variable
    fill(TABLE)                    an argument
    self.table = TABLE             an attribute
    return TABLE                   a result
    TABLE["k"].append(1)           a change

An expression *is* the object or a *part* of it, or it only *holds* it, like `[TABLE]`, or *shares* its parts, like
`list(TABLE)`: a change of these lists is none of the table, but what is taken from them may be the table, or a part.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from lazify.getter.aliases.binding import COPIED, PUT, TAKEN, bound, bound_all
from lazify.getter.aliases.callables import (
    APPLIES,
    CHANGES_FIRST,
    CHANGING,
    COPIES,
    EVALUATES,
    GIVES_BACK,
    ONLY_LOOKS,
    PAIRS,
    SETS,
    TAKES,
    TYPES,
)
from lazify.getter.aliases.calls import arguments_of, called, last_name, position_of
from lazify.getter.aliases.outcomes import Bound, Changed, Given, How, Kept, Level, Outcome, Returned
from lazify.nodes import Parents

_OPERATORS = frozenset({"attrgetter", "itemgetter", "methodcaller"})
"""Functions of operator: what they make takes something of what it is given."""
_CHANGE = CHANGES_FIRST | SETS
_VALUE = 2
"""The place of what is set among the arguments of `setattr`."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Step(NamedTuple):
    """What becomes of an expression where it stands."""

    outcomes: Iterable[Outcome] = ()
    around: ast.expr | None = None
    """The expression around it that is, or holds, the object again."""
    level: Level = "holds"


class Here(NamedTuple):
    """An expression, and what it is."""

    node: ast.expr
    level: Level

    @property
    def taken(self) -> Level:
        return TAKEN[self.level]

    @property
    def put(self) -> Level:
        return PUT[self.level]

    def changed(self, node: ast.AST, how: How, name: str = "", *, is_later: bool = False) -> list[Outcome]:
        if self.level not in ("is", "part"):
            return []
        return [Changed(node, how, name, self.level == "part", is_later)]


class Handing:
    """Follows expressions of one parsed passage outwards."""

    def __init__(self, parents: Parents) -> None:
        """`parents` has the node around each node."""
        self._parents = parents
        self._steps: Mapping[type[ast.AST], Callable[[Any, Here], Step]] = {
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.keyword: self._keyword,
            ast.Starred: self._starred,
            ast.Assign: lambda at, here: Step(bound_all(at.targets, here.level)),
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.NamedExpr: lambda at, here: Step(bound(at.target, here.level), at, here.level),
            ast.For: self._loop,
            ast.AsyncFor: self._loop,
            ast.comprehension: self._loop,
            ast.withitem: lambda at, here: Step(bound(at.optional_vars, _entered(here))),
            ast.Match: self._match,
            ast.Return: self._return,
            ast.Lambda: self._return,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield,
            ast.arguments: self._default,
            ast.ClassDef: self._base,
            ast.IfExp: lambda at, here: Step((), None if at.test is here.node else at, here.level),
            ast.BoolOp: self._same,
            ast.Await: self._same,
            **dict.fromkeys(_HOLDERS, lambda at, here: Step((), at, here.put)),
        }

    def of(self, node: ast.expr, level: Level) -> Iterator[Outcome]:
        """Yield what becomes of an expression, and of all that it becomes a part of."""
        here = Here(node, level)
        while True:
            parent = self._parents.get(here.node)
            go = None if parent is None else self._steps.get(type(parent))
            step = Step() if go is None else go(parent, here)
            yield from step.outcomes
            if step.around is None:
                return
            here = Here(step.around, step.level)

    def function(self, node: ast.AST) -> ast.AST:
        """The function around a node; the tree where there is none."""
        while node in self._parents and not isinstance(node, FUNCTIONS):
            node = self._parents[node]
        return node

    def called_as(self, call: ast.Call, callee: ast.expr, node: ast.expr, level: Level) -> Iterator[Outcome]:
        """Yield what becomes of an argument where the variable that is called is a `callee` found elsewhere."""
        position = position_of(call, node)
        step = self._argument(called(callee, call, call.args), position, Here(node, level))
        yield from step.outcomes
        if step.around is not None:
            yield from self.of(call, step.level)

    def _attribute(self, at: ast.Attribute, here: Here) -> Step:
        if not isinstance(at.ctx, ast.Load):
            return Step(here.changed(at, "attribute", at.attr))
        call = self._parents.get(at)
        is_called = isinstance(call, ast.Call) and call.func is at
        around = call if isinstance(call, ast.Call) and is_called else at
        if at.attr in CHANGING and (changed := here.changed(at, "method", at.attr, is_later=not is_called)):
            return Step(changed, around if is_called else None, here.taken)
        if is_called:
            level = COPIED[here.level] if at.attr in COPIES else here.taken
            return Step((), around if at.attr in COPIES | TAKES else None, level)
        return Step((), at, here.taken)

    def _subscript(self, at: ast.Subscript, here: Here) -> Step:
        if at.value is not here.node:
            return Step()
        if isinstance(at.ctx, ast.Load):
            return Step((), at, COPIED[here.level] if isinstance(at.slice, ast.Slice) else here.taken)
        if here.level == "holds" and isinstance(self._parents.get(at), ast.AugAssign):
            return Step([Changed(at, "operator")])
        return Step(here.changed(at, "method", "__setitem__"))

    def _call(self, call: ast.Call, here: Here) -> Step:
        if call.func is here.node:  # what calling it gives is something else, but for `ref(TABLE)()`
            return Step((), call if here.level == "holds" else None, here.taken)
        return self._argument(call, call.args.index(here.node), here)

    def _keyword(self, at: ast.keyword, here: Here) -> Step:
        call = self._parents[at]
        if not isinstance(call, ast.Call):
            return Step()
        return self._argument(call, at.arg, here if at.arg else here._replace(level=here.taken))

    def _starred(self, at: ast.Starred, here: Here) -> Step:
        call = self._parents.get(at)
        if isinstance(call, ast.Call):
            return self._argument(call, None, here._replace(level=here.taken))
        return Step((), at, COPIED[here.level])

    def _argument(self, call: ast.Call, position: int | str | None, here: Here) -> Step:
        name = last_name(call.func)
        if name in ONLY_LOOKS:
            return Step()
        if isinstance(call.func, ast.Call) and last_name(call.func.func) in _OPERATORS:
            return self._operator(call, call.func, here)
        if name in EVALUATES:
            return Step([Changed(call, "unknown")])
        if position == 0 and (step := self._first_argument(call, name, here)) is not None:
            return step
        if name in SETS and position == _VALUE:  # `setattr(box, "items", TABLE)`
            attribute = call.args[1].value if isinstance(call.args[1], ast.Constant) else None
            return Step(
                [Kept(attribute, here.level, call)]
                if isinstance(attribute, str)
                else [Changed(call, "unknown")]
            )
        if name == "partial" and call.args and position != 0:
            inner = called(call.args[0], call, call.args[1:])
            position = position - 1 if isinstance(position, int) else position
            found = self._argument(inner, position, here).outcomes
            return Step(
                (replace(each, is_later=True) if isinstance(each, Changed) else each for each in found),
                call,
                here.put,
            )
        callee = call.func
        outcomes: list[Outcome] = [Given(callee, position, here.level, node=here.node, call=call)]
        if isinstance(callee, ast.Attribute) and callee.attr in CHANGING:  # `found.append(TABLE)`
            outcomes += bound(callee.value, here.put)
        others = (each for each in arguments_of(call) if each is not here.node and _is_applied(each, name))
        for other in others:
            for level in dict.fromkeys((here.level, here.taken)):
                first = Here(here.node, level)
                outcomes += first.changed(call, "attribute") if last_name(other) in _CHANGE else ()
                outcomes.append(Given(other, None, level, is_sure=False))
        return Step(outcomes, call, _result(name, here))

    def _first_argument(self, call: ast.Call, name: str, here: Here) -> Step | None:
        """Functions that change what they get first, or ask it for an attribute."""
        owner = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        asked = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
        if name in SETS and (name != "object" or owner == "patch"):
            named = asked if isinstance(asked, str) else ""
            return Step(here.changed(call, "attribute", named), call, here.taken)
        if name in CHANGES_FIRST or owner == "patch" or (owner in TYPES and name in CHANGING):
            return Step(here.changed(call, "method", name), call, here.taken)
        if name == "getattr":
            method = asked if isinstance(asked, str) else ""
            is_change = not method or method in CHANGING
            return Step(here.changed(call, "method", method) if is_change else (), call, here.taken)
        return None

    def _operator(self, call: ast.Call, maker: ast.Call, here: Here) -> Step:
        """`attrgetter("__dict__")(TABLE)` takes something of it, `methodcaller("update", a=1)(TABLE)` may change it."""
        named = maker.args[0].value if maker.args and isinstance(maker.args[0], ast.Constant) else ""
        may_change = not named or named in CHANGING | SETS
        if last_name(maker.func) != "itemgetter" and may_change:
            return Step(here.changed(call, "method", str(named)), call, here.taken)
        return Step((), call, here.taken)

    def _annotated(self, at: ast.AnnAssign, here: Here) -> Step:
        return Step(bound(at.target, here.level)) if at.value is here.node else Step()

    def _augmented(self, at: ast.AugAssign, here: Here) -> Step:
        if at.value is here.node:
            return Step(bound(at.target, COPIED[here.level]))
        return Step(here.changed(at, "operator") if here.level == "is" else ())

    def _loop(self, at: ast.For | ast.AsyncFor | ast.comprehension, here: Here) -> Step:
        if at.iter is not here.node:
            return Step()
        is_paired = isinstance(at.iter, ast.Call) and last_name(at.iter.func) in PAIRS
        if is_paired and here.level == "holds" and isinstance(at.target, ast.Tuple):
            return Step(bound_all(at.target.elts, here.taken))
        return Step(bound(at.target, here.taken))

    def _match(self, at: ast.Match, here: Here) -> Step:
        names = dict.fromkeys(name for node in ast.walk(at) for name in _captured(node))
        return Step(
            Bound(name, level, at) for name in names for level in dict.fromkeys((here.level, here.taken))
        )

    def _return(self, at: ast.AST, here: Here) -> Step:
        return Step([Returned(self.function(at), here.level)])

    def _yield(self, at: ast.AST, here: Here) -> Step:
        return Step([Returned(self.function(at), here.put)])

    def _default(self, at: ast.arguments, here: Here) -> Step:
        positional = [*at.posonlyargs, *at.args]
        last = positional[len(positional) - len(at.defaults) :]
        pairs = [*zip(last, at.defaults, strict=True), *zip(at.kwonlyargs, at.kw_defaults, strict=True)]
        return Step(Bound(each.arg, here.level, each) for each, default in pairs if default is here.node)

    def _base(self, at: ast.ClassDef, here: Here) -> Step:
        """What is set on a subclass is its own; what is changed in its attributes may be shared."""
        return Step([Bound(at.name, "shares", at)] if here.node in at.bases and here.level == "is" else ())

    def _same(self, at: ast.expr, here: Here) -> Step:
        return Step((), at, here.level)


def _entered(here: Here) -> Level:
    """What `with` gives: the object, as a rule, or what it holds."""
    return "is" if here.level in ("is", "holds") else "part"


def _result(name: str, here: Here) -> Level:
    """What a function may give that gets the expression, and that nobody has read."""
    if name in TAKES:
        return here.taken
    if name in GIVES_BACK:
        return here.level
    return COPIED[here.level] if name in COPIES else here.put


_HOLDERS = (
    ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def _is_applied(node: ast.expr, name: str) -> bool:
    """Tell whether that function calls the argument: `map(lambda each: …, TABLE)`, `submit(work, TABLE)`."""
    return isinstance(node, ast.Lambda) or (name in APPLIES and isinstance(node, ast.Name | ast.Attribute))


def _captured(node: ast.AST) -> Iterator[str]:
    """The names that a pattern binds."""
    match node:
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
