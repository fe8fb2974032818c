"""Access to names that analysis cannot follow: `globals()`, `getattr(obj, expression)`, `obj.__dict__`, …"""

import ast
from typing import Any

from lazify.index.walk import Step, Walk
from lazify.model.facts import MODULE, AttributeRef, Dynamic, NameRef, Ref
from lazify.model.places import Span

_STEPS = frozenset({"get", "pop", "setdefault", "__getitem__", "__setitem__", "__contains__"})


DICTIONARIES = frozenset({"__dict__", "__globals__", "__annotations__", "f_globals", "f_locals"})
"""Attributes that are dictionaries of names."""


def odd_attribute(walk: Walk, links: list[Any], ref: Ref | None) -> None:
    """Note `obj.__dict__` and `sys.modules` in a chain of attributes that begins at `ref`."""
    before = ref
    for link in links:
        if link.attr in DICTIONARIES:
            _add(walk, link, link.attr, walk.span(link), before)
        elif link.attr == "modules" and isinstance(before, NameRef) and before.name in walk.sys_names:
            _add(walk, link, "sys.modules", walk.span(link), None)
        before = None if before is None else AttributeRef(before, link.attr)


def dynamic_call(walk: Walk, node: ast.Call, last: str, callee: Ref | None, refs: list[Ref | None]) -> None:
    """Note a call of one of the builtins or functions that reach names by their text."""
    is_builtin = callee == NameRef(last, MODULE) and last not in walk.module_names
    is_patcher = last in _PATCHERS and isinstance(node.func, ast.Attribute)  # `monkeypatch.setattr(…)`
    if last in _BUILTIN and not (is_builtin or is_patcher):
        return
    if (last == "patch" and _is_own_name(walk, callee)) or id(node) in walk.formats:
        return  # some function of that name, or names that are known
    where = _NAMED_BY.get(last)
    is_short = len(node.args) == _PATH_AND_VALUE and all(each.arg != "value" for each in node.keywords)
    if last == "setattr" and is_patcher and is_short:
        last, where = "patch", (0, "target")  # `monkeypatch.setattr("m.x", v)`
    name = _argument(node, where) if where else None
    if last in _COMPILED:
        name = _compiled(walk, name)
    if last in _CONDITIONS and isinstance(name, ast.Constant) and isinstance(name.value, str):
        last = "eval"
    elif last in _CONDITIONS or (where and not _is_dynamic(node, last, name)):
        return
    literal, prefix = _text(name)
    what = "setattr" if last == "object" else last
    subject = refs[0] if refs and last not in _BY_TEXT else None
    if isinstance(callee, AttributeRef) and callee.name == "patch":
        subject = callee.value
    number = walk.draft.number
    step = walk.steps.get(id(node)) if last in _TABLES else None
    if step:
        literal, prefix = step.literal, step.prefix
    walk.dynamics.append(Dynamic(what, walk.span(node), number, walk.statement, subject, literal, prefix))
    if last in ("locals", "vars", "dir") and not walk.in_function and not node.args:
        walk.contains.add("locals")


def _compiled(walk: Walk, code: ast.expr | None) -> ast.expr | None:
    """Give the text of `exec(compile("…", …))`, or what is executed as it is."""
    match code:
        case ast.Call(func=ast.Name(id="compile"), args=[text, *_]) if "compile" not in walk.module_names:
            return text
    return code


def _is_own_name(walk: Walk, callee: Ref | None) -> bool:
    """Tell whether a plain name is bound by something else than an import."""
    if not isinstance(callee, NameRef):
        return False
    names = walk.drafts[callee.scope].names
    return callee.name in names.bound and callee.name not in names.imported


def _is_dynamic(node: ast.Call, last: str, name: ast.expr | None) -> bool:
    if last in _ALWAYS:
        return True
    if any(isinstance(argument, ast.Starred) for argument in node.args[:2]):
        return True
    return name is not None and not isinstance(name, ast.Constant)


def note_step(walk: Walk, node: ast.Call) -> None:
    """Remember the constant of `expression.get("x")` for the expression."""
    function, arguments = node.func, node.args
    if isinstance(function, ast.Attribute) and function.attr in _STEPS and arguments:
        note_key(walk, function.value, arguments[0])


def note_key(walk: Walk, expression: ast.expr, key: ast.expr) -> None:
    """Remember how `expression[key]` is subscripted, for the expression."""
    literal, prefix = _text(key)
    if literal is not None or prefix:
        walk.steps[id(expression)] = Step(expression, literal, prefix)


def note_membership(walk: Walk, node: ast.Compare) -> None:
    """Remember the constant of `"x" in expression` for the expression."""
    match node:
        case ast.Compare(
            left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()], comparators=[asked]
        ):
            walk.steps[id(asked)] = Step(asked, name)


def _add(walk: Walk, node: Any, what: str, span: Span, subject: Ref | None) -> None:
    literal, prefix = None, ""
    if step := walk.steps.get(id(node)):
        literal, prefix = step.literal, step.prefix
    walk.dynamics.append(Dynamic(what, span, walk.draft.number, walk.statement, subject, literal, prefix))


def _argument(node: ast.Call, where: tuple[int, str]) -> ast.expr | None:
    position, keyword = where
    if len(node.args) > position:
        return node.args[position]
    return next((each.value for each in node.keywords if each.arg == keyword), None)


def _text(name: ast.expr | None) -> tuple[str | None, str]:
    """Read an argument that is a name: the whole constant, or how it begins."""
    if isinstance(name, ast.Constant):
        return (name.value, "") if isinstance(name.value, str) else (None, "")
    return None, "" if name is None else _beginning(name)


def _beginning(node: ast.expr) -> str:
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        node = node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.partition("%")[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _beginning(node.func.value).partition("{")[0]
    return ""


_PATH_AND_VALUE = 2
_TABLES = frozenset({"globals", "locals", "vars", "dir"})
"""What gives names, of which the next step asks for one: `getattr(m, name)["key"]` asks for none."""
_BUILTIN = frozenset(
    {
        "globals", "locals", "vars", "dir", "eval", "exec", "__import__", "getattr", "setattr", "delattr",
        "hasattr",
    }
)  # fmt: skip
_PATCHERS = frozenset({"setattr", "delattr"})
_BY_TEXT = frozenset({"eval", "exec", "__import__", "import_module", "patch"})
_COMPILED = frozenset({"eval", "exec"})
_CONDITIONS = frozenset({"skipif", "xfail"})
"""pytest evaluates these conditions among the names of the test's module, where they are texts."""
_ALWAYS = frozenset({"eval", "exec", "__import__", "import_module"})
_NAMED_BY = {
    "eval": (0, "source"), "exec": (0, "source"), "__import__": (0, "name"), "import_module": (0, "name"),
    "patch": (0, "target"), "getattr": (1, ""), "setattr": (1, "name"), "delattr": (1, "name"),
    "hasattr": (1, ""), "object": (1, "attribute"), "skipif": (0, "condition"), "xfail": (0, "condition"),
}  # fmt: skip
"""Which argument is the name, by position and keyword."""
SPECIAL = _BUILTIN | _NAMED_BY.keys()
"""The last names of calls that `dynamic_call` looks at."""
