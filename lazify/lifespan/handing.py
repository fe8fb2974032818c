"""A function that registered handlers hands them to its only caller instead.

def register(app: FastAPI) -> tuple[Callable[[], Awaitable[object]], ...]:
    async def close(): ...

    return connect, close

connect, close = register(app)
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.index.view import View
from lazify.lifespan.registrations import Registrar
from lazify.lifespan.trees import Tree
from lazify.model.changes import HOLE, AddImport, Edit, InsertAfter, Move, Replace
from lazify.model.facts import MODULE

_SOURCES = {"Callable": "collections.abc", "Awaitable": "collections.abc", "Any": "typing"}
_SUBSCRIPTABLE = (3, 9)
"""The first Python whose `tuple` and `collections.abc.Callable` take brackets when they run (PEP 585)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One handler on its way to the caller."""

    name: str
    """That it has there."""
    is_awaited: bool


def handing(view: View, registrar: Registrar, handed: Mapping[str, Handed]) -> Iterator[Edit]:
    """Let the function return the handlers, by their texts in it, and the caller name what it gets."""
    targets = ", ".join(each.name for each in handed.values())
    span = registrar.caller.span(registrar.call)
    yield Move(path=registrar.caller.module.path, spans=(span,), code=f"{targets} = {HOLE}\n")
    tree, last = registrar.tree, registrar.function.body[-1]
    given = last.value if isinstance(last, ast.Return) else None
    values = ", ".join(handed)
    if given is not None and ast.unparse(given) == values:
        return  # it returned its only handler before
    path = tree.module.path
    if given is not None:
        yield Replace(path=path, span=tree.span(given), code=values)
    elif isinstance(last, ast.Return):
        yield Replace(path=path, span=tree.span(last), code=f"return {values}\n")
    else:
        yield InsertAfter(path=path, span=tree.span(last), code=f"return {values}\n")
    if registrar.function.returns is not None:
        yield from _annotated(view, registrar, [each.is_awaited for each in handed.values()])


def _annotated(view: View, registrar: Registrar, awaited: list[bool]) -> Iterator[Edit]:
    """Say the type of what is returned now, where the type of what was returned stood."""
    tree, returns = registrar.tree, registrar.function.returns
    assert returns is not None
    given = "object" if not any(awaited) else "Awaitable" if all(awaited) else "Any"
    known = {"object": "object"}
    for word in sorted({"Callable", given} - known.keys()):
        imported = _imported(tree, word, registrar.function)
        known[word] = imported or _free(view, tree.module, word)
        if imported is None:
            alias = None if known[word] == word else known[word]
            yield AddImport(path=tree.module.path, module=_SOURCES[word], name=word, alias=alias)
    value = f"{known[given]}[object]" if given == "Awaitable" else known[given]
    text = f"{known['Callable']}[[], {value}]"
    text = text if len(awaited) == 1 else f"tuple[{text}, ...]"
    yield Replace(path=tree.module.path, span=tree.span(returns), code=_quoted(view, tree, text))


def _imported(tree: Tree, word: str, function: ast.FunctionDef) -> str | None:
    """How the module calls the type already, above the function."""
    for item in tree.module.facts.imports:
        is_above = item.scope == MODULE and item.statement_span.line < function.lineno
        is_certain = is_above and not item.is_typing and item.catches is None
        if is_certain and item.name == word and item.module in ("typing", _SOURCES[word]) and not item.level:
            return item.binds if len(tree.bindings.get((item.binds, MODULE), ())) == 1 else None
    return None


def _free(view: View, module: Module, word: str) -> str:
    """The name to import it by: the same for every function of the module."""
    stems = (word, f"{word}Type", *(f"{word}Type{number}" for number in range(2, 100)))
    return next(each for each in stems if each not in view.taken(module))


def _quoted(view: View, tree: Tree, text: str) -> str:
    is_late = any(
        item.module == "__future__" and item.name == "annotations" for item in tree.module.facts.imports
    )
    is_new = view.oldest_python is not None and view.oldest_python >= _SUBSCRIPTABLE
    return text if is_late or is_new else f'"{text}"'
