"""Where the code of one module evaluates annotations itself, and of what expression.

typing.get_type_hints(udf)          of `udf`
Model.__annotations__["x"]          of `Model`
set(Model.__annotations__)          of nothing: the keys are no annotations
f.__annotations__ = {"x": int}      of nothing: they are given
"""

import ast
from collections.abc import Iterator, Mapping

from lazify.nodes import nodes_and_parents

FUNCTIONS = frozenset({"get_type_hints", "get_annotations"})
"""What evaluates the annotations of its first argument."""
DICTIONARY = "__annotations__"
HOOKS = frozenset({"beartype_this_package", "beartype_packages", "beartype_package", "install_import_hook"})
"""What evaluates the annotations of whole packages."""
WORDS = (*sorted(FUNCTIONS), "eval_str", DICTIONARY, *sorted(HOOKS))
"""Where none of these words stands, nothing is evaluated."""
_TAKES_KEYS = frozenset({"list", "set", "frozenset", "tuple", "sorted", "len", "bool"})
_NO_VALUES = frozenset({"keys", "update", "clear", "setdefault"})
_BY_NAME = frozenset({"hasattr", "setattr", "delattr"})
_EXECUTE = frozenset({"eval", "exec", "compile"})


def readings(tree: ast.Module) -> Iterator[ast.expr | None]:
    """Yield what annotations are evaluated of; None where that may be anything."""
    nodes, parents = nodes_and_parents(tree)
    for node in nodes:
        match node:
            case ast.alias(name=name, asname=str(other)) if name in FUNCTIONS and other != name:
                yield None
            case ast.Name(id=name) if name in HOOKS or name == DICTIONARY:
                yield None
            case ast.Attribute(attr=name) | ast.alias(name=name) if name in HOOKS:
                yield None
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()) if (
                name in FUNCTIONS
            ):
                yield from _called(node, parents)
            case ast.Attribute(attr="__annotations__", ctx=ast.Load(), value=value):
                yield from () if _takes_no_values(node, parents) else (value,)
            case ast.Constant(value=str(text)) if DICTIONARY in text or not FUNCTIONS.isdisjoint(
                text.split(".")
            ):
                yield from _spelled(node, parents)
            case ast.Call(args=arguments, keywords=keywords) if any(map(_is_evaluating, keywords)):
                yield arguments[0] if arguments else None


def _called(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.expr | None]:
    match parents[node]:
        case ast.Call(func=func, args=[first, *_]) if func is node and not isinstance(first, ast.Starred):
            yield first
        case ast.Call(func=func, keywords=[ast.keyword(arg="obj", value=value), *_]) if func is node:
            yield value
        case _:
            yield None


def _takes_no_values(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Tell whether what is done with a dictionary of annotations looks at its keys, or changes it, at most."""
    match parents[node]:
        case ast.Subscript(ctx=ast.Store() | ast.Del(), value=value):
            return value is node
        case ast.Attribute(attr=name):
            return name in _NO_VALUES
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]):
            return asked is node
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return name in _TAKES_KEYS and node in arguments
        case ast.For(iter=source) | ast.AsyncFor(iter=source) | ast.comprehension(iter=source):
            return source is node
        case ast.Starred():
            return True
    return False


def _spelled(node: ast.Constant, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.expr | None]:
    """Follow a string that names the dictionary, or code that is run from a string."""
    parent = parents[node]
    match parent:
        case ast.Call(func=ast.Name(id=name)) if name in _EXECUTE:
            yield None
            return
    if node.value != DICTIONARY:
        return
    match parent:
        case ast.Call(func=ast.Name(id="getattr"), args=[value, *_]):
            yield from () if _takes_no_values(parent, parents) else (value,)
        case ast.Call(func=ast.Name(id=name)) if name in _BY_NAME:
            return
        case ast.Dict(keys=keys) if node in keys:
            return  # `type(name, bases, {"__annotations__": …})` gives them to a new class
        case ast.Compare(left=left) if left is node:
            return
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Expr():
            return
        case (
            ast.Subscript(value=ast.Attribute(attr="__dict__", value=value))
            | ast.Call(func=ast.Attribute(value=ast.Attribute(attr="__dict__", value=value)))
        ):
            yield value  # `cls.__dict__.get("__annotations__")`
        case _:
            yield None


def _is_evaluating(keyword: ast.keyword) -> bool:
    is_off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    return keyword.arg == "eval_str" and not is_off
