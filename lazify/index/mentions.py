"""String constants that may name something, and the words in them."""

import ast
import re
from typing import Any

from lazify.index.walk import CallForm, Walk
from lazify.model.facts import LiteralRef, Mention, Operation, Ref

_NAME = r"[^\W\d]\w*"
_DOTTED = re.compile(rf"{_NAME}(?:[.:]{_NAME})+")
_IDENTIFIER = re.compile(_NAME)
_EXTERNAL = "ext://"
"""Begins a path in a configuration of logging."""
_CODE = re.compile(r"(?:^|[;\n])\s*(?:from\s+[\w.]+\s+)?import\s+\w")
"""Text that is code and imports something."""
_LONGEST = 200  # characters; nobody writes a longer path

TAKES_NAMES = frozenset(
    {
        "getattr", "setattr", "delattr", "hasattr", "patch", "object", "multiple", "setitem", "delitem",
        "attrgetter", "methodcaller", "import_module", "__import__", "find_spec", "run_module", "spy",
        "resolve_name", "__setattr__", "__getattribute__", "__getattr__", "__delattr__", "getattr_static",
    }
)  # fmt: skip
"""Callables whose string arguments name attributes or modules, by their last name."""

LITERALS: dict[type, LiteralRef] = {
    kind: LiteralRef(name)
    for kind, name in (
        (str, "str"), (bytes, "bytes"), (int, "int"), (float, "float"), (complex, "complex"),
        (bool, "bool"), (type(None), "None"), (type(...), "ellipsis"),
    )
}  # fmt: skip


def constant(walk: Walk, node: Any) -> Ref | None:
    """A constant."""
    kind = type(node.value)
    if kind is str:
        note_string(walk, node)
    return LITERALS[kind]


def note_string(walk: Walk, node: ast.Constant, *, is_key: bool = False) -> None:
    """Keep the words of a string, and mention it if it is a dotted path."""
    if isinstance(node.value, str) and note_words(walk, node.value):
        _add(
            walk,
            Mention(
                node.value.removeprefix(_EXTERNAL),
                walk.span(node),
                walk.draft.number,
                walk.statement,
                is_key=is_key,
            ),
        )


def note_words(walk: Walk, text: str) -> bool:
    """Keep the identifiers of a name, a dotted path or code that imports; tell whether it is a dotted path."""
    if text.isidentifier():
        walk.words.add(text)
        return False
    text = text.removeprefix(_EXTERNAL)
    if ("." in text or ":" in text) and len(text) < _LONGEST and _DOTTED.fullmatch(text):
        walk.words.update(_IDENTIFIER.findall(text))
        return True
    if "import " in text and _CODE.search(text):
        walk.words.update(_IDENTIFIER.findall(text))
    return False


def note_piece(walk: Walk, text: str) -> None:
    """Keep the identifiers of a piece of an f-string that may be part of a dotted path."""
    if "." in text and len(text) < _LONGEST:
        walk.words.update(_IDENTIFIER.findall(text))


def mention_arguments(
    walk: Walk, strings: list[tuple[int, ast.Constant]], call: Operation, form: CallForm
) -> None:
    """Mention strings that are direct arguments of one call, given with their positions."""
    for position, node in strings:
        if walk.is_unlocated:  # neither the string nor its call can be edited
            _add(walk, Mention(str(node.value), call.span, walk.draft.number, walk.statement))
            continue
        _add(
            walk,
            Mention(
                text=str(node.value),
                span=call.arguments[position].span,
                scope=walk.draft.number,
                statement=walk.statement,
                callee=call.subject,
                call=call.span,
                position=position,
                arguments=call.arguments,
                form=form.form,
                target=form.target,
                holder=form.holder,
                body=form.body,
            ),
        )


def _add(walk: Walk, mention: Mention) -> None:
    walk.mentions.append(mention)
