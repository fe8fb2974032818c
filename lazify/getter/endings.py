"""Paths of patches of which the module alone is computed: `patch(f"{module.__name__}.connect")` is for `connect`."""

import ast

_NAMES = frozenset({"__module__", "__name__"})
"""What is the name of a module, where something can be patched below it."""


def patched_names(call: str) -> tuple[str, ...]:
    """The names below some module that the code of a call patches; none where more of the path is computed."""
    match ast.parse(call.strip(), mode="eval").body:
        case ast.Call(args=[path, *_]):
            return _below_module(path)
        case ast.Call(keywords=keywords):
            paths = [each.value for each in keywords if each.arg == "target"]
            return _below_module(paths[0]) if paths else ()
    return ()


def _below_module(path: ast.expr) -> tuple[str, ...]:
    match path:
        case (
            ast.JoinedStr(
                values=[
                    ast.FormattedValue(value=module, conversion=-1, format_spec=None),
                    ast.Constant(value=str(rest)),
                ]
            )
            | ast.BinOp(left=module, op=ast.Add(), right=ast.Constant(value=str(rest)))
        ):
            is_name = isinstance(module, ast.Name) and module.id == "__name__"
            is_of_module = isinstance(module, ast.Attribute) and module.attr in _NAMES
            first, *names = rest.split(".")
            return tuple(names) if (is_name or is_of_module) and not first else ()
    return ()
