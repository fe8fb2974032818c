"""What an expression says of the name of a module that it computes, and what finds modules that nobody names."""

import ast
from collections.abc import Sequence

_OWN = frozenset({"__name__", "__package__"})
_OF_OBJECTS = frozenset({"__module__", "__name__", "__qualname__", "__package__", "name"})
LISTING = frozenset({"iter_modules", "walk_packages"})
FOLDERS = frozenset({"listdir", "scandir", "walk", "glob", "iglob", "rglob", "iterdir"})
"""What finds modules that nobody names, the latter in a folder."""
HERE = frozenset({"__file__", "__path__"})
"""What says where a module lies."""
_HOPS = 3
"""From `__file__` to the variable of a folder."""


def lists_modules(nodes: Sequence[ast.AST]) -> bool:
    """Tell whether the file finds modules beside itself: `(Path(__file__).parent / "plugins").glob("*.py")`."""
    here = set(HERE)
    for _ in range(_HOPS):
        here |= {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign) and _mentions(node.value, here)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in LISTING or (name in FOLDERS and _mentions(node, here)):
                return True
    return False


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def is_known(key: ast.expr | None) -> bool:
    """Tell whether it is a constant, or the name of the module itself."""
    return isinstance(key, ast.Constant) or (isinstance(key, ast.Name) and key.id == "__name__")


def is_own(key: ast.expr | None) -> bool:
    """Tell whether the name is a part of the holder's own, or begins with that: `__name__ + ".x"`."""
    match key:
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=name)), *_]):
            return name in _OWN
        case ast.BinOp(op=ast.Add(), left=left):
            return is_own(left) and not _is_cut(left)
    return _is_cut(key) or (isinstance(key, ast.Name) and key.id in _OWN)


def _is_cut(key: ast.expr | None) -> bool:
    """Tell whether it is what is left of the own name: `__name__.rpartition(".")[0]`."""
    if key is None or isinstance(key, ast.Name):
        return False
    parts = list(ast.walk(key))
    names = {node.id for node in parts if isinstance(node, ast.Name)}
    texts = {node.value for node in parts if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return bool(names) and names <= _OWN and texts <= {"."}


def is_given(key: ast.expr) -> bool:
    """Tell whether it is not the name of a module that an object of the library comes from."""
    return not any(isinstance(each, ast.Attribute) and each.attr in _OF_OBJECTS for each in ast.walk(key))


def is_from_here(call: ast.Call) -> bool:
    """Tell whether a relative name that is imported is one below the package of the file."""
    packages = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "package")]
    return all(isinstance(each, ast.Name) and each.id in _OWN for each in packages)


def listing_prefix(listing: ast.expr) -> str | None:
    """Read the constant prefix of `walk_packages(path, prefix)`."""
    match listing:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=keywords):
            if name in LISTING:
                given = [*arguments[1:2], *(each.value for each in keywords if each.arg == "prefix")]
                return next((beginning(each) for each in given), None)
    return None


def beginning(name: ast.expr | None) -> str:
    """Give how a computed name begins, where that is a constant."""
    while isinstance(name, ast.BinOp) and isinstance(name.op, ast.Add | ast.Mod):
        name = name.left
    match name:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text
        case ast.Constant(value=str(text)):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0]
    return ""
