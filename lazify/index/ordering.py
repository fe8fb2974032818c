"""Sorts values the same way in every run, however sets happen to be laid out in memory."""

from collections.abc import Collection
from typing import TypeVar

from lazify.index.abstract import (
    Class,
    Data,
    Function,
    Generated,
    Given,
    Instance,
    Made,
    OfFolder,
    OfModule,
    Outside,
    Shared,
    Super,
    Value,
)
from lazify.index.codes import Code

V = TypeVar("V", bound=Value)


def in_order(values: Collection[V]) -> Collection[V]:
    """The values, sorted."""
    return values if len(values) <= 1 else sorted(values, key=sort_key)


def sort_key(value: Value) -> tuple[str, ...]:
    """A key that depends on names and places alone."""
    return type(value).__name__, *_of_code(value), *_of_name(value)


def _of_code(value: Value) -> tuple[str, ...]:
    match value:
        case Function(code, bound, receiver, _, binding):
            of = sort_key(receiver) if receiver is not None else ()
            closed = (binding[0][1], *sort_key(binding[1])) if binding is not None else ()
            return *_place(code), str(bound), *of, *closed
        case Generated(function):
            return sort_key(function)
        case Super(code, receiver):
            return *_place(code), *sort_key(receiver)
        case Given(code, name, steps):
            return *_place(code), name, *(step if isinstance(step, str) else step.qualified for step in steps)
        case Class(code) | Instance(code):
            return _place(code)
        case _:
            return ()


def _of_name(value: Value) -> tuple[str, ...]:
    match value:
        case Outside(name) | Made(name) | Data(name):
            return (name,)
        case Shared(module, name):
            return str(module.path), name
        case Instance(_, Shared(_, name)):
            return (name,)
        case OfModule(module):
            return (str(module.path),)
        case OfFolder(path):
            return (str(path),)
        case _:
            return ()


def _place(code: Code) -> tuple[str, str]:
    return str(code.module.path), f"{code.number:06}"
