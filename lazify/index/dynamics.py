"""Access to names that analysis cannot follow: `globals()`, `getattr(obj, expression)`, `obj.__dict__`, …"""

import ast
from collections.abc import Callable
from typing import Any

from lazify.index.walk import Walk
from lazify.model.facts import MODULE, AttributeRef, Dynamic, NameRef, Ref
from lazify.model.places import Span

_STEPS = frozenset({"get", "pop", "setdefault", "__getitem__", "__setitem__", "__contains__"})


def odd_attribute(walk: Walk, links: list[Any], ref: Ref | None) -> None:
    """Note `obj.__dict__` and `sys.modules` in a chain of attributes that begins at `ref`."""
    before = ref
    for link in links:
        if link.attr == "__dict__":
            _add(walk, link, "__dict__", walk.span(link), before)
        elif link.attr == "modules" and before == NameRef("sys", MODULE):
            _add(walk, link, "sys.modules", walk.span(link), None)
        before = None if before is None else AttributeRef(before, link.attr)


def dynamic_call(walk: Walk, node: ast.Call, last: str, callee: Ref | None, refs: list[Ref | None]) -> None:
    """Note a call of one of the builtins or functions that reach names by their text."""
    check = _CHECKS.get(last)
    if check is None:
        return
    if last in _BUILTIN and (callee != NameRef(last, MODULE) or last in walk.module_names):
        return
    if check(node):
        subject = refs[0] if refs and last not in _BY_TEXT else None
        literal, prefix = _text(node, _TEXT_AT.get(last))
        step = walk.steps.get(id(node))
        span = walk.span(node)
        number = walk.draft.number
        walk.dynamics.append(
            Dynamic(last, span, number, walk.statement, subject, literal if step is None else step, prefix)
        )
        if last in ("locals", "vars", "dir") and not walk.in_function and not node.args:
            walk.contains.add("locals")


def note_step(walk: Walk, node: ast.Call) -> None:
    """Remember the constant of `expression.get("x")` for the expression."""
    function, arguments = node.func, node.args
    if isinstance(function, ast.Attribute) and function.attr in _STEPS and arguments:
        first = arguments[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            walk.steps[id(function.value)] = first.value


def _add(walk: Walk, node: Any, what: str, span: Span, subject: Ref | None) -> None:
    literal = walk.steps.get(id(node))
    walk.dynamics.append(Dynamic(what, span, walk.draft.number, walk.statement, subject, literal))


def _always(node: ast.Call) -> bool:  # noqa: ARG001  # one signature for all
    return True


def _second_is_computed(node: ast.Call) -> bool:
    is_computed = len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
    return is_computed or _is_unpacked(node)


def _first_is_computed(node: ast.Call) -> bool:
    return bool(node.args) and not isinstance(node.args[0], ast.Constant)


def _is_unpacked(node: ast.Call) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in node.args[:2])


def _text(node: ast.Call, position: int | None) -> tuple[str | None, str]:
    """Read the argument that is a name: the whole constant, or how it begins."""
    if position is None or len(node.args) <= position:
        return None, ""
    argument = node.args[position]
    if isinstance(argument, ast.Constant):
        return (argument.value, "") if isinstance(argument.value, str) else (None, "")
    return None, _beginning(argument)


def _beginning(node: ast.expr) -> str:
    while isinstance(node, ast.BinOp):
        node = node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.partition("%")[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _beginning(node.func.value).partition("{")[0]
    return ""


_BUILTIN = frozenset(
    {
        "globals", "locals", "vars", "dir", "eval", "exec", "__import__", "getattr", "setattr", "delattr",
        "hasattr",
    }
)  # fmt: skip
_BY_TEXT = frozenset({"eval", "exec", "__import__", "import_module", "patch"})
_TEXT_AT = {
    "eval": 0, "exec": 0, "__import__": 0, "import_module": 0, "patch": 0,
    "getattr": 1, "setattr": 1, "delattr": 1, "hasattr": 1, "object": 1,
}  # fmt: skip
_CHECKS: dict[str, Callable[[ast.Call], bool]] = {
    "globals": _always,
    "locals": _always,
    "vars": _always,
    "dir": lambda node: not node.args,
    "eval": _always,
    "exec": _always,
    "__import__": _always,
    "import_module": _always,
    "getattr": _second_is_computed,
    "setattr": _second_is_computed,
    "delattr": _second_is_computed,
    "hasattr": _second_is_computed,
    "patch": _first_is_computed,
}
SPECIAL = frozenset(_CHECKS)
