"""Public names that a module no longer offers, and that nothing answers for."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from lazify.getter.names import stem
from lazify.model.observations import ModuleNames


def lost_names(before: Sequence[ModuleNames], after: Sequence[ModuleNames], root: Path) -> Iterator[str]:
    """Yield `module.name` for each name that is gone from a module of `root` that is still loaded.

    Not lost is what a getter gives now, what the module's `__getattr__` still answers to, and what merely was imported
    there, unless `__all__` named it. What is no identifier was put there by a program for itself.
    """
    now = {names.name: names for names in after}
    for was in before:
        new = now.get(was.name)
        if new is None or not was.file.is_relative_to(root):
            continue
        gone = set(filter(str.isidentifier, was.values)) - set(new.values) - set(new.modules)
        if gone:
            kept = _answered(new.file) | _merely_imported(was.file)
            getters = _getters(new.file) | _named_getters(set(new.values) - set(was.values))
            yield from (
                f"{was.name}.{name}"
                for name in sorted(gone)
                if name not in kept and stem(name) not in getters
            )


def _answered(file: Path) -> set[str]:
    """The names that a module's `__getattr__` speaks of."""
    for node in _body(file):
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            return _strings(node)
    return set()


def _merely_imported(file: Path) -> set[str]:
    """The names that imports at module level bind, also inside of `try` and `if`, and `__all__` does not list."""
    bound: set[str] = set()
    listed: set[str] = set()
    for node in _statements(_body(file)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
        ):
            listed |= _strings(node.value)
    return bound - listed


def _getters(file: Path) -> set[str]:
    """The stems of what the functions of a module make on first use and keep in a global."""
    stems: set[str] = set()
    for node in _statements(_body(file)):
        if isinstance(node, ast.FunctionDef):
            kept = (name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names)
            stems.update(stem(name.removesuffix("_value").rstrip("_0123456789")) for name in kept)
    return stems


def _named_getters(names: set[str]) -> set[str]:
    """The stems of getters that a module hands on from another one."""
    return {stem(name.removeprefix("get_")) for name in names if name.startswith("get_")}


def _strings(node: ast.AST) -> set[str]:
    constants = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what stands at module level, however deep in compound statements."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, name, ()))
            for handler in getattr(node, "handlers", ()):
                yield from _statements(handler.body)


def _body(file: Path) -> list[ast.stmt]:
    try:
        return ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return []  # an extension module, or of another Python: it answers for nothing
