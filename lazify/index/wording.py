"""Puts what happens at a place into a few words of source: `Manager()`, `sqlite3.connect("audit.db")`."""

import json
from collections.abc import Sequence

from lazify.model.facts import (
    Argument,
    AttributeRef,
    CallRef,
    ChoiceRef,
    EnterRef,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Ref,
    SuperRef,
)

_LONGEST = 60
_MOST_ARGUMENTS = 3


def call(subject: Ref | None, arguments: Sequence[Argument] = ()) -> str:
    """A call as it is written, its arguments left out unless they are few and constant."""
    name = expression(subject)
    shown = [_shown(argument) for argument in arguments]
    if None in shown or len(shown) > _MOST_ARGUMENTS:
        return f"{name}(…)"
    text = f"{name}({', '.join(each for each in shown if each)})"
    return text if len(text) <= _LONGEST else f"{name}(…)"


def item(subject: Ref | str | None, arguments: Sequence[Argument]) -> str:
    """A constant subscript: `os.environ["KEY"]`."""
    key = _constant(arguments[0].constant) if arguments else "…"
    return f"{subject if isinstance(subject, str) else expression(subject)}[{key}]"


def expression(ref: Ref | None) -> str:
    """An expression, shortened where it is not made of names."""
    match ref:
        case NameRef(name, _):
            return name
        case AttributeRef(value, name):
            return f"{expression(value)}.{name}"
        case CallRef(callee):
            return f"{expression(callee)}(…)"
        case ItemRef(value):
            return f"{expression(value)}[…]"
        case EnterRef(value):
            return expression(value)
        case LiteralRef(type_name):
            return type_name
        case SuperRef():
            return "super()"
        case LambdaRef():
            return "lambda"
        case ChoiceRef(options):
            return next((expression(option) for option in options if option is not None), "…")
        case None:
            return "…"


def _shown(argument: Argument) -> str | None:
    if argument.constant is not None:
        value = _constant(argument.constant)
    elif argument.ref == LiteralRef("None"):
        value = "None"
    else:
        return None
    if argument.keyword in ("*", "**"):
        return None
    return value if argument.keyword is None else f"{argument.keyword}={value}"


def _constant(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
