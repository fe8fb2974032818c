"""Import statements."""

from typing import Any

from lazify.index.positions import alias_span
from lazify.index.scopes import binder_of, settle
from lazify.index.walk import Walk
from lazify.model.facts import BindingKind, Does, Dynamic, Import


def import_(walk: Walk, node: Any) -> None:
    """`import a.b as c`."""
    _note_syntax(walk, "import")
    for alias in node.names:
        _add(walk, node, alias, alias.name, None)


def import_from(walk: Walk, node: Any) -> None:
    """`from .a import b as c`."""
    _note_syntax(walk, "import")
    if node.module == "__future__" and any(alias.name == "annotations" for alias in node.names):
        walk.future_annotations = True
    for alias in node.names:
        if alias.name == "*":
            _note_syntax(walk, "star import")
        _add(walk, node, alias, node.module or "", alias.name)
        if node.module == "sys" and alias.name == "modules" and not node.level:
            span = walk.span(alias)
            walk.dynamics.append(Dynamic("sys.modules", span, walk.draft.number, walk.statement, None, None))


def _note_syntax(walk: Walk, what: str) -> None:
    if not walk.in_function:
        walk.contains.add(what)


def _add(walk: Walk, node: Any, alias: Any, module: str, name: str | None) -> None:
    binds = "" if name == "*" else alias.asname or name or module.partition(".")[0]
    index = len(walk.imports)
    walk.words.update(module.split("."))
    if name:
        walk.words.add(name)
    frame, text = binder_of(walk, binds) if binds else (None, "")
    settle(walk, frame, text)
    span = walk.span(alias)
    if module == "sys" and not name:
        walk.sys_names.add(text)
    walk.imports.append(
        Import(
            module=module,
            name=name,
            alias=alias.asname,
            level=getattr(node, "level", 0) or 0,
            binds=text,
            span=span,
            statement_span=walk.span(node),
            statement=walk.statement,
            scope=walk.draft.number,
            is_typing=walk.is_typing,
            catches=walk.catches,
            is_lazy=node in walk.lazy,
        )
    )
    walk.emit(Does.IMPORT, None, span, index=index)
    if frame is None and binds:
        walk.add_binding(text, BindingKind.IMPORT, alias_span(walk, alias), index)
