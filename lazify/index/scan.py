"""One file's text to its facts, in one pass over the tree of one `ast.parse`."""

import ast
import gc
import re
import unicodedata
from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from lazify.index import blocks, definitions, expressions, imports, references, simple, strings
from lazify.index.binders import names_of
from lazify.index.calls import call
from lazify.index.changes import changes, rebound
from lazify.index.comments import ignores_of
from lazify.index.drafts import Draft
from lazify.index.dynamics import DICTIONARIES
from lazify.index.exports import exports_of
from lazify.index.lines import NEWLINE, Lines
from lazify.index.mentions import constant
from lazify.index.parsing import Parsed, parse
from lazify.index.quoted import quoted_imports
from lazify.index.scopes import BUILTINS
from lazify.index.toplevel import statements
from lazify.index.walk import Run, Visit, Walk
from lazify.model.facts import (
    Does,
    Facts,
    LiteralRef,
    NameRef,
    Operation,
    Scope,
    Statement,
)

# Each pattern begins with a literal, which makes searching fast; what they find too much does no harm.
_PRIVATE = re.compile(r"__(?=\w)(?!\w*__\b)")
_GLOBAL = re.compile(r"global\b((?:[^\\\r\n;#]|\\(?:\r\n|\n|\r))*)")
_WORD = re.compile(r"(?:\w|[^\x00-\x7f])+")
_NAMESPACES = ("globals", "vars", "locals")
_FIRST_LINES = re.compile(r"#!|[ \t\f]*#.*?coding[:=]")


def scan(text: str) -> Facts:
    """Read what one file binds, uses, imports and runs; raises what `ast.parse` raises on bad text."""
    was_enabled = gc.isenabled()
    gc.disable()  # a tree holds no garbage: looking for it costs a third of the time
    try:
        return _facts(text, parse(text))
    finally:
        if was_enabled:
            gc.enable()


def _facts(text: str, parsed: Parsed) -> Facts:
    tree = parsed.tree
    walk = _begin(text, parsed)
    records = statements(walk, tree)
    if "global" in text:
        _forget_unbound(walk)
    scopes = tuple([_scope(draft) for draft in walk.drafts])
    exports = exports_of(walk, tree)
    ignores = ignores_of(text, _first_code_line(records, walk.lines))
    return Facts(
        statements=records,
        scopes=scopes,
        bindings={name: _in_order(found, 4) for name, found in walk.bindings.items()},
        imports=tuple(walk.imports),
        uses={name: _in_order(found, 3) for name, found in walk.uses.items()},
        mentions=tuple(walk.mentions),
        dynamics=tuple(walk.dynamics),
        exports=exports.names,
        exports_are_dynamic=exports.are_dynamic,
        words=frozenset(walk.words),
        changes=tuple(changes(scopes, walk.imports)),
        rebound=frozenset(rebound(scopes)),
        quoted_imports=_quoted(walk),
        ignores=ignores.lines,
        ignores_file=ignores.file,
        future_annotations=walk.future_annotations,
        lines=walk.lines.count,
        newline=walk.lines.newline,
        insertion_line=_insertion_line(tree, records, walk.lines),
    )


def _begin(text: str, parsed: Parsed) -> Walk:
    tree = parsed.tree
    walrus_lines: list[int] = []
    if ":=" in text:
        walrus_lines = [number for number, line in enumerate(NEWLINE.split(text), 1) if ":=" in line]
    walk = Walk(Lines(text), names_of(tree.body, walrus_lines), _EXPRESSIONS, _STATEMENTS)
    walk.walrus_lines, walk.lazy = walrus_lines, parsed.lazy
    walk.has_private_names = bool(_PRIVATE.search(text))
    walk.has_environment = "environ" in text
    walk.has_odd_attributes = any(word in text for word in DICTIONARIES) or (
        "modules" in text and "sys" in text
    )
    walk.has_steps = walk.has_odd_attributes or any(word in text for word in _NAMESPACES)
    walk.words |= walk.module_names
    if "global" in text:  # names that functions bind in the module; `_forget_unbound` mends the rest
        walk.module_names = walk.module_names | _global_names(text)
    if tree.body and definitions.is_docstring(tree.body[0]):
        walk.draft.docstring = walk.span(tree.body[0])
    return walk


def _global_names(text: str) -> set[str]:
    names = {name for match in _GLOBAL.finditer(text) for name in _WORD.findall(match.group(1))}
    return names if text.isascii() else {unicodedata.normalize("NFKC", name) for name in names}


def _forget_unbound(walk: Walk) -> None:
    """Take back what was recorded of names that a `global` statement seemed to name and nothing binds."""
    unbound = walk.module_names - set(walk.bindings)
    if not walk.draft.names.has_star:
        for name in BUILTINS & unbound:
            walk.uses.pop(name, None)
    for draft in walk.drafts if unbound else ():
        draft.operations = [one for one in draft.operations if not _reads(one, unbound)]


def _reads(operation: Operation, names: set[str]) -> bool:
    subject = operation.subject
    return operation.does is Does.READ and type(subject) is NameRef and subject.name in names


def _in_order(found: list[Any], span: int) -> tuple[Any, ...]:
    if len(found) > 1:
        found.sort(key=itemgetter(span))
    return tuple(found)


def _quoted(walk: Walk) -> frozenset[str]:
    documented = [draft.docstring for draft in walk.drafts if draft.docstring is not None]
    return quoted_imports(walk.lines, [*documented, *(item.statement_span for item in walk.imports)])


def _scope(draft: Draft) -> Scope:
    return Scope(
        kind=draft.kind,
        name=draft.name,
        parent=draft.parent,
        span=draft.span,
        statement=draft.statement,
        operations=tuple(_visible(draft) if draft.kind == "function" else draft.operations),
        parameters=draft.parameters,
        is_async=draft.is_async,
        is_generator=draft.yields is not None,
        decorators=draft.decorators,
        bases=draft.bases,
        metaclass=draft.metaclass,
        locals={name: tuple(refs) for name, refs in draft.locals.items()},
        definitions=draft.definitions,
        attributes={name: tuple(refs) for name, refs in draft.attributes.items()},
        returns=tuple(draft.returns if draft.yields is None else draft.yields),
        annotation=draft.annotation,
        only_returns=draft.only_returns,
        return_span=draft.return_span,
        docstring=draft.docstring,
        body=draft.body,
        globals=tuple(draft.globals),
    )


def _visible(draft: Draft) -> list[Operation]:
    """Leave out what only changes a builtin value that the function itself has made."""
    others = {*draft.definitions, *draft.names.imported, *[each.name for each in draft.parameters]}
    own = {
        NameRef(name, draft.number)
        for name, values in draft.locals.items()
        if name not in others and all(type(ref) is LiteralRef for ref in values)
    }
    if not own:
        return draft.operations
    return [one for one in draft.operations if one[0] is not Does.MUTATE or one[1] not in own]


def _first_code_line(records: tuple[Statement, ...], lines: Lines) -> int:
    for record in records:
        if not record.is_docstring:
            return record.span.line
    return lines.count + 1


def _insertion_line(tree: ast.Module, records: tuple[Statement, ...], lines: Lines) -> int:
    last = _last_of_preamble(tree, records)
    if last < 0:
        return _comment_lines(lines)
    while last + 1 < len(records) and records[last + 1].span.line <= records[last].span.end_line:
        last += 1  # `"""doc"""; x = 1`
    return records[last].span.end_line


def _last_of_preamble(tree: ast.Module, records: tuple[Statement, ...]) -> int:
    last = -1
    for number, node in enumerate(tree.body):
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (records[number].is_docstring or is_future):
            break
        last = number
    return last


def _comment_lines(lines: Lines) -> int:
    """`#!` and the encoding's declaration must stay on top."""
    return max([n for n in (1, 2) if n <= lines.count and _FIRST_LINES.match(lines.line(n))], default=0)


class _Table(dict[Any, Any]):
    """Handlers by node type, with one for the syntax of Pythons to come."""

    def __init__(self, handlers: dict[Any, Any], otherwise: Any) -> None:
        super().__init__(handlers)
        self._otherwise = otherwise

    def __missing__(self, kind: Any) -> Any:
        return self._otherwise


def _expression_table() -> Mapping[Any, Visit]:
    handlers: dict[Any, Visit] = {
        ast.Name: references.name,
        ast.Attribute: references.attribute,
        ast.Constant: constant,
        ast.Call: call,
        ast.Subscript: expressions.subscript,
        ast.BinOp: expressions.binary,
        ast.BoolOp: expressions.boolean,
        ast.IfExp: expressions.conditional,
        ast.UnaryOp: expressions.unary,
        ast.Compare: expressions.compare,
        ast.NamedExpr: expressions.named,
        ast.List: expressions.display("list"),
        ast.Tuple: expressions.display("tuple"),
        ast.Set: expressions.display("set"),
        ast.Dict: expressions.dictionary,
        ast.Await: expressions.awaited,
        ast.Starred: expressions.starred,
        ast.Yield: expressions.yielded,
        ast.YieldFrom: expressions.yielded_from,
        ast.Slice: expressions.slice_,
        ast.ListComp: expressions.comprehension("list", "elt"),
        ast.SetComp: expressions.comprehension("set", "elt"),
        ast.GeneratorExp: expressions.comprehension("generator", "elt"),
        ast.DictComp: expressions.comprehension("dict", "key", "value"),
        ast.Lambda: definitions.lambda_,
        ast.JoinedStr: strings.joined,
    }
    if template := getattr(ast, "TemplateStr", None):  # Python 3.14
        handlers[template] = strings.template
    return MappingProxyType(_Table(handlers, expressions.anything))


def _statement_table() -> Mapping[Any, Run]:
    handlers: dict[Any, Run] = {
        ast.Expr: simple.expression,
        ast.Assign: simple.assignment,
        ast.AnnAssign: simple.annotated,
        ast.AugAssign: simple.augmented,
        ast.Delete: simple.deletion,
        ast.Return: simple.returned,
        ast.Raise: simple.raised,
        ast.Assert: simple.asserted,
        ast.Global: simple.global_,
        ast.Nonlocal: simple.nothing,
        ast.Pass: simple.nothing,
        ast.Break: simple.nothing,
        ast.Continue: simple.nothing,
        ast.Import: imports.import_,
        ast.ImportFrom: imports.import_from,
        ast.If: blocks.branch,
        ast.While: blocks.while_,
        ast.For: blocks.for_,
        ast.AsyncFor: blocks.for_,
        ast.With: blocks.with_,
        ast.AsyncWith: blocks.with_,
        ast.Try: blocks.try_,
        ast.TryStar: blocks.try_,
        ast.Match: blocks.match,
        ast.FunctionDef: definitions.function,
        ast.AsyncFunctionDef: definitions.function,
        ast.ClassDef: definitions.class_,
    }
    if alias := getattr(ast, "TypeAlias", None):  # Python 3.12
        handlers[alias] = simple.type_alias
    return MappingProxyType(_Table(handlers, simple.unknown))


_EXPRESSIONS = _expression_table()
_STATEMENTS = _statement_table()
