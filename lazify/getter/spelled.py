"""What the text around a look-up says of the names that are looked up."""

import ast

from lazify.index.lines import Lines
from lazify.model.places import Span
from lazify.nodes import binds
from lazify.statements import parse

_AFFIXES = frozenset({"startswith", "endswith"})
_OURS = ("_", "get_", "_get_", "threading")
"""How the names begin that a getter brings along."""
_LOCK = "_lock"

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Spelled:
    """Answers for one file."""

    def __init__(self, text: str) -> None:
        """Parse it; a file that could not be parsed has no facts, and nobody asks."""
        self._tree = parse(text)
        self._lines = Lines(text)

    def leads_elsewhere(self, span: Span, name: str, own: str) -> bool:
        """Tell whether `sys.modules` at this place does not lead to that name of the module called `own`.

        `sys.modules[key].size` reads another name, `sys.modules["numpy"]` is another module, and `key in sys.modules`,
        a list of the keys, forgetting a module, and a test that puts something there read none. Whatever else a key
        leads to may be the module itself.
        """
        for node in ast.walk(self._tree):
            match node:
                case ast.Attribute(value=entry, attr=attribute) if self._key(entry, span) is not None:
                    return attribute != name and not attribute.startswith("__")
                case (
                    ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[table])
                    | ast.Attribute(value=table, attr="keys")
                ) if self._is_at(table, span):
                    return True
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=table, attr="pop"))) if self._is_at(
                    table, span
                ):
                    return True
                case ast.Call(func=ast.Attribute(attr="setitem" | "delitem" | "dict"), args=[table, *_]) if (
                    self._is_at(table, span)
                ):
                    return True
        keys = (key for node in ast.walk(self._tree) if (key := self._key(node, span)) is not None)
        match next(keys, None):
            case ast.Constant(value=str(module)):
                return module.rpartition(".")[2] not in (own, "__main__")
        return False

    def _key(self, node: ast.AST, span: Span) -> ast.expr | None:
        """Give the key with which the table at that place is asked."""
        match node:
            case ast.Subscript(value=table, slice=key, ctx=ast.Load()) if self._is_at(table, span):
                return key
            case ast.Call(func=ast.Attribute(value=table, attr="get" | "pop"), args=[key]) if self._is_at(
                table, span
            ):
                return key
        return None

    def keys(self, span: Span) -> frozenset[str] | None:
        """Give the names that `names = frame.f_globals` is asked for; None where they cannot be told."""
        for function in (node for node in ast.walk(self._tree) if isinstance(node, Function)):
            for node in ast.walk(function):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_at(value, span):
                        return _asked(function, name)
        return None

    def leaves_out(self, span: Span, name: str) -> bool:
        """Tell whether `[n for n in dir(m) if n.startswith("test_")]` gives neither the name nor a getter's names.

        Nor does `for n in ("one", "two"): assert n in dir(m)`.
        """
        for node in ast.walk(self._tree):
            match node:
                case ast.comprehension(iter=listed) if self._is_at(listed, span):
                    return any(_is_other(test, node.target, name) for test in node.ifs)
                case ast.Compare(
                    left=ast.Name(id=asked), ops=[ast.In() | ast.NotIn()], comparators=[listed]
                ) if self._is_at(listed, span):
                    names = self._looped(asked)
                    return names is not None and not any(_may_be(each, name) for each in names)
        return False

    def _looped(self, variable: str) -> list[str] | None:
        """Give the constants that loops bind the variable to, where nothing else in the file is bound to it."""
        names: list[str] = []
        targets: set[int] = set()
        for node in ast.walk(self._tree):
            match node:
                case (
                    ast.For(
                        target=ast.Name(id=bound) as target, iter=ast.Tuple(elts=given) | ast.List(elts=given)
                    )
                    | ast.comprehension(
                        target=ast.Name(id=bound) as target, iter=ast.Tuple(elts=given) | ast.List(elts=given)
                    )
                ) if bound == variable and (texts := _texts(given)) is not None:
                    names += texts
                    targets.add(id(target))
        binders = (node for node in ast.walk(self._tree) if binds(node, variable))
        return names if all(id(node) in targets for node in binders) else None

    def passes_names_to_import(self, span: Span) -> bool:
        """Tell whether it is that of `__import__(name, globals())`, which looks for the name of the package only."""
        return any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "__import__"
            and any(self._is_at(each, span) for each in node.args)
            for node in ast.walk(self._tree)
        )

    def _is_at(self, node: ast.expr, span: Span) -> bool:
        return self._lines.span(node) == span


def _texts(elements: list[ast.expr]) -> list[str] | None:
    """Give the constants of a display that has nothing else."""
    values = [each.value for each in elements if isinstance(each, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(elements) else None


def _may_be(asked: str, name: str) -> bool:
    """Tell whether a constant is the name, or may be one that a getter brings along."""
    return asked == name or asked.startswith(_OURS)


def _asked(function: Function, name: str) -> frozenset[str] | None:
    """Give the constants that a local dictionary is asked for; None where anything else is done to it."""
    keys: set[str] = set()
    known: set[int] = set()
    for node in ast.walk(function):
        match node:
            case ast.Subscript(
                value=ast.Name(id=found) as names, slice=ast.Constant(value=str(key)), ctx=ast.Load()
            ):
                pass
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=found) as names, attr="get"),
                args=[ast.Constant(value=str(key)), *_],
            ):
                pass
            case _:
                continue
        if found == name:
            keys.add(key)
            known.add(id(names))
    loads = (n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    is_told = all(id(each) in known for each in loads if each.id == name)
    is_local = not any(
        isinstance(n, ast.Global | ast.Nonlocal) and name in n.names for n in ast.walk(function)
    )
    return frozenset(keys) if is_told and is_local else None


def _is_other(test: ast.expr, target: ast.expr, name: str) -> bool:
    match test:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=asked), attr=how),
            args=[ast.Constant(value=str(affix))],
            keywords=[],
        ) if isinstance(target, ast.Name) and asked == target.id and how in _AFFIXES:
            ours = _OURS if how == "startswith" else (_LOCK, "threading", name.lower())
            if how == "startswith":
                return not (
                    name.startswith(affix) or any(o.startswith(affix) or affix.startswith(o) for o in ours)
                )
            return not (name.endswith(affix) or any(each.endswith(affix) for each in ours))
    return False
