"""Where one file takes the name of a module to do something with it: `found(__name__)`, `kept = cls.__module__`.

What is only shown in a text, compared, or moved to another `__module__` tells nobody.
"""

import ast
import re
from collections.abc import Container, Iterator
from typing import Literal, NamedTuple

from lazify.getter.passages import Passages
from lazify.index.modules import Module
from lazify.index.view import Text
from lazify.index.words import as_word
from lazify.nodes import Parents, nodes_and_parents

WORDS = frozenset({"__module__", "__name__", "__spec__", "__package__", "__globals__", "f_globals"})
"""One of these stands in every such file."""
_TAKES = re.compile(as_word(*sorted(WORDS), "globals"))
_CHAIN = re.compile(r"[\w.]+\Z")
_LONGEST = 100
_HARMLESS = ("getLogger(__name__)", '__name__ == "__main__"', "__name__ == '__main__'")
"""What most files do with their names."""
_OTHERS = (*sorted(WORDS - {"__name__"}), "globals(")
_DICTIONARIES = frozenset({"__globals__", "f_globals"})
_OF_FUNCTIONS = _DICTIONARIES | {"__module__"}
_SHOWS = frozenset({"format", "startswith", "endswith"})
_KEEPS = frozenset({"add", "append", "appendleft", "extend", "insert", "put", "setdefault", "update"})
"""Methods of what holds others."""
_ASKS = frozenset({"getattr", "attrgetter"})
Whose = Literal["own", "definition", "module", "value"]


class Site(NamedTuple):
    """One such place."""

    line: int
    whose: Whose
    """Of the file itself; of what is defined anywhere; of a module that is imported; of some value."""
    receiver: str
    """The last name of what is called with it; empty where something else is done with it."""


def sites(module: Module, text: Text, modules: Container[str], *, has_values: bool) -> Iterator[Site]:
    """Yield those of a file, which has `modules` under these names, and others as values, perhaps."""
    attributes = has_values or any(root in modules for root in _roots(text.whole))
    if not _is_possible(text.whole, attributes=attributes):
        return
    passages = Passages(module, text)
    nodes, around = nodes_and_parents(passages.parsed(passages.holding(_TAKES)))
    for node in nodes:
        whose = _whose(node, modules)
        is_other = whose is not None and _is_asked_for_another(node, around)
        if whose is not None and isinstance(node, ast.expr) and not (is_other or _is_shown(node, around)):
            yield Site(node.lineno, whose, _receiver(node, around[node]))


def _is_possible(text: str, *, attributes: bool) -> bool:
    """Tell whether the text takes a name at all: `attributes` called so count only where these may be modules."""
    left = text.count("__name__") - sum(map(text.count, _HARMLESS))
    left -= 0 if attributes else text.count(".__name__")
    return left > 0 or any(word in text for word in _OTHERS)


def _roots(text: str) -> Iterator[str]:
    """Yield the first names of the chains that end in `.__name__`."""
    end = text.find(".__name__")
    while end >= 0:
        if chain := _CHAIN.search(text[max(0, end - _LONGEST) : end]):
            yield chain[0].partition(".")[0]
        end = text.find(".__name__", end + 1)


def _whose(node: ast.AST, modules: Container[str]) -> Whose | None:
    match node:
        case ast.Name(id="__name__" | "__spec__" | "__package__", ctx=ast.Load()):
            return "own"
        case ast.Attribute(value=thing, attr=name, ctx=ast.Load()) if name in WORDS:
            if name in _OF_FUNCTIONS:
                return "definition"
            return "module" if _root(thing) in modules else "value"
        case ast.Call(func=ast.Name(id=how) | ast.Attribute(attr=how), args=arguments) if how in _ASKS:
            names = {each.value for each in arguments if isinstance(each, ast.Constant)}
            return "definition" if names & WORDS else None
        case ast.Subscript(slice=ast.Constant(value="__name__" | "__spec__" | "__package__")):
            return "definition"
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]) if (
            key in WORDS
        ):
            return "definition"
        case ast.Call(func=ast.Name(id="globals")):
            return "own"
    return None


def _is_asked_for_another(node: ast.AST, around: Parents) -> bool:
    """`frame.f_globals["settings"]`, `globals().get("size")`: a constant key; that of a name is a place of its own."""
    if not isinstance(node, ast.Call) and getattr(node, "attr", "") not in _DICTIONARIES:
        return False
    match around[node]:
        case ast.Subscript(value=names, slice=ast.Constant()):
            return names is node
        case ast.Attribute(attr="get") as method:
            match around[method]:
                case ast.Call(func=called, args=[ast.Constant(), *_]):
                    return called is method
    return False


def _receiver(node: ast.AST, outside: ast.AST) -> str:
    if isinstance(outside, ast.keyword):
        return ""
    match outside:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments) if node in arguments:
            return "" if name in _KEEPS else name
    return ""


def _root(value: ast.expr) -> str:
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def _is_shown(node: ast.expr, around: Parents) -> bool:
    inside: ast.AST = node
    outside = around[node]
    if isinstance(outside, ast.Tuple):
        inside, outside = outside, around[outside]
    match outside:
        case ast.FormattedValue() | ast.Compare():
            return True
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=right):
            return right is inside
        case ast.Assign(targets=[ast.Attribute(attr="__module__" | "__name__")]):
            return True
        case ast.Assign(targets=[ast.Name() as variable]):
            return _is_variable_shown(variable, around)
        case ast.Call(func=ast.Attribute(attr=how), args=arguments):
            return how in _SHOWS and inside in arguments
        case ast.Attribute(attr=how):
            return how in _SHOWS
    return False


def _is_variable_shown(variable: ast.Name, around: Parents) -> bool:
    """Tell whether the function around has it for itself, and only shows it."""
    function: ast.AST = variable
    while not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        if (outer := around.get(function)) is None:
            return False
        function = outer
    is_own, uses = True, list[ast.Name]()
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            is_own = is_own and variable.id not in node.names
        elif isinstance(node, ast.Name) and node.id == variable.id and isinstance(node.ctx, ast.Load):
            uses.append(node)
    # A variable that gets another one is not followed further.
    return is_own and all(not isinstance(around[use], ast.Assign) and _is_shown(use, around) for use in uses)
