"""The scanner against two oracles: the interpreter's own symbol table, and the text itself."""

import ast
import builtins
import dis
import io
import os
import random
import symtable
import sys
import sysconfig
import tokenize
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import CodeType

import pytest

from lazify.index.lines import Lines
from lazify.index.scan import scan
from lazify.model.facts import MODULE, Facts, Role
from lazify.model.places import Span

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SAMPLE = int(os.environ.get("LAZIFY_ORACLE_FILES", "150"))
"""How many files of the standard library the oracles look at; 0 stands for all, third-party packages included."""

DUNDERS = {"__file__", "__path__", "__builtins__", "__annotations__", "__dict__"}


def texts() -> Iterator[tuple[str, str]]:
    """Give the path and text of files that the running Python compiles."""
    paths = sorted(
        path for path in STANDARD_LIBRARY.rglob("*.py") if SAMPLE == 0 or "site-packages" not in path.parts
    )
    if SAMPLE:
        paths = random.Random(4).sample(paths, SAMPLE)
    for path in paths:
        raw = path.read_bytes()
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
            text = raw.decode(encoding).removeprefix("\ufeff")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield str(path), text


@pytest.fixture(scope="module")
def scanned() -> list[tuple[str, str, Facts]]:
    return [(path, text, scan(text)) for path, text in texts()]


def test_the_sample_is_not_empty(scanned: list[tuple[str, str, Facts]]) -> None:
    assert len(scanned) > 100


def test_the_names_that_modules_bind_are_those_of_the_symbol_table(
    scanned: list[tuple[str, str, Facts]],
) -> None:
    for path, text, facts in scanned:
        inlined = _inlined(text) if sys.version_info >= (3, 12) else set()
        assert set(facts.bindings) - inlined == _bound_in_module(_table(text, path)) - inlined, path


def test_the_names_that_functions_take_from_the_module_are_those_of_the_symbol_table(
    scanned: list[tuple[str, str, Facts]],
) -> None:
    for path, text, facts in scanned:
        table = _table(text, path)
        known = set(dir(builtins)) | DUNDERS
        skipped = set() if any(item.name == "*" for item in facts.imports) else known - set(facts.bindings)
        expected = Counter(_globals_by_function(table, skipped))
        exact = Counter(_global_uses_by_function(facts, skipped, with_annotations=False))
        wide = Counter(_global_uses_by_function(facts, skipped, with_annotations=True))
        assert _fits(expected, exact, wide), path


def test_every_use_stands_where_it_says(scanned: list[tuple[str, str, Facts]]) -> None:
    for path, text, facts in scanned:
        lines = Lines(text)
        for uses in facts.uses.values():
            for use in uses:
                if use.role is Role.UNLOCATED:
                    continue
                assert _is_spelled(lines.cut(use.span), use.name), (path, use)
                assert len(use.ends) == len(use.attributes)
                for (line, column), attribute in zip(use.ends, use.attributes, strict=True):
                    before = lines.text[: lines.offset(line, column)]
                    assert _is_spelled(_last_identifier(before), attribute), (path, use)


def test_no_two_uses_stand_at_one_place(scanned: list[tuple[str, str, Facts]]) -> None:
    for path, _, facts in scanned:
        located = [use.span for uses in facts.uses.values() for use in uses if use.role is not Role.UNLOCATED]
        assert len(located) == len(set(located)), path


def test_every_binding_stands_where_it_says(scanned: list[tuple[str, str, Facts]]) -> None:
    for path, text, facts in scanned:
        lines = Lines(text)
        for bindings in facts.bindings.values():
            for binding in bindings:
                assert _is_spelled(lines.cut(binding.span), binding.name), (path, binding)


def test_every_load_of_a_module_level_name_in_the_bytecode_is_a_use(
    scanned: list[tuple[str, str, Facts]],
) -> None:
    for path, text, facts in scanned:
        if not text.isascii():  # bytecode counts bytes
            continue
        lines = Lines(text)
        recorded = {(use.name, use.span) for uses in facts.uses.values() for use in uses}
        for name, span in _loads(_code(text, path), is_module=True):
            # Before Python 3.12 positions within f-strings are wrong: there the text says something else.
            if name in facts.bindings and lines.cut(span) == name:
                assert (name, span) in recorded, (path, name, span)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_make_no_difference(scanned: list[tuple[str, str, Facts]], newline: str) -> None:
    for path, text, facts in scanned[::8]:
        if "\r" not in text and "\n" in text:
            assert replace(scan(text.replace("\n", newline)), newline="\n") == facts, path


def test_wide_characters_make_no_difference(scanned: list[tuple[str, str, Facts]]) -> None:
    for path, text, facts in scanned[::8]:
        if text.isascii() and text.endswith("\n"):
            assert replace(scan(f"{text}# é\n"), lines=facts.lines) == facts, path


def test_words_hold_every_identifier(scanned: list[tuple[str, str, Facts]]) -> None:
    for path, text, facts in scanned:
        missing = set(_identifiers(text)) - facts.words
        assert not missing, (path, missing)


def _code(text: str, path: str) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text, path, "exec", dont_inherit=True)


def _loads(code: CodeType, *, is_module: bool) -> Iterator[tuple[str, Span]]:
    """Give each instruction that reads or writes a name of the module, with its position."""
    own = {i.argval for i in dis.get_instructions(code) if i.opname in ("STORE_NAME", "DELETE_NAME")}
    for instruction in dis.get_instructions(code):
        position = instruction.positions
        kind, _, where = instruction.opname.partition("_")
        if where not in ("NAME", "GLOBAL") or position is None or None in position:
            continue
        if kind == "LOAD" and (where == "GLOBAL" or is_module or instruction.argval not in own):
            yield instruction.argval, Span(*_ordered(position))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _loads(constant, is_module=False)


def _ordered(position: dis.Positions) -> tuple[int, int, int, int]:
    assert position.lineno is not None
    assert position.col_offset is not None
    assert position.end_lineno is not None
    assert position.end_col_offset is not None
    return position.lineno, position.col_offset, position.end_lineno, position.end_col_offset


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _table(text: str, path: str) -> symtable.SymbolTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return symtable.symtable(text, path, "exec")


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _bound_in_module(top: symtable.SymbolTable) -> set[str]:
    bound = {
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_annotated()
    }
    for table in _tables(top):
        for symbol in table.get_symbols():
            is_bound = symbol.is_assigned() or symbol.is_imported()
            if table is not top and symbol.is_declared_global() and is_bound:
                bound.add(symbol.get_name())
    return bound


def _inlined(text: str) -> set[str]:
    """Since Python 3.12 the symbol table lists the variables of comprehensions among the module's own."""
    targets = [node.target for node in ast.walk(_tree(text)) if isinstance(node, ast.comprehension)]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _kind(table: symtable.SymbolTable) -> str:
    kind = table.get_type()
    return getattr(kind, "value", kind)


def _is_comprehension(table: symtable.SymbolTable) -> bool:
    return ".0" in table.get_identifiers()  # its first iterable


def _is_own_scope(table: symtable.SymbolTable) -> bool:
    return _kind(table) == "class" or (_kind(table) == "function" and not _is_comprehension(table))


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.get_name() != "__class__"}
    for child in table.get_children():
        if not _is_own_scope(child):
            found |= _globals_of(child)
    return found


def _globals_by_function(
    top: symtable.SymbolTable, skipped: set[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    for table in _tables(top):
        # The standard library takes every function of that name for the module.
        if _kind(table) == "function" and _is_own_scope(table) and table.get_name() != "top":
            name = "<lambda>" if table.get_name() == "lambda" else table.get_name()
            yield name, frozenset(_globals_of(table) - skipped)


def _global_uses_by_function(
    facts: Facts, skipped: set[str], *, with_annotations: bool
) -> Iterator[tuple[str, frozenset[str]]]:
    found: dict[int, set[str]] = {
        n: set() for n, s in enumerate(facts.scopes) if s.kind in ("function", "lambda")
    }
    for uses in facts.uses.values():
        for use in uses:
            is_plain = use.role not in (Role.ANNOTATION, Role.UNLOCATED)
            if use.scope in found and use.bound == MODULE and (with_annotations or is_plain):
                found[use.scope].add(use.name)
    for bindings in facts.bindings.values():
        for binding in bindings:
            if binding.scope in found:
                found[binding.scope].add(binding.name)
    for number, names in found.items():
        own = facts.scopes[number].name.rpartition(".")[2]
        declared = {name for _, group in facts.scopes[number].globals for name in group}
        if own != "top":
            yield own, frozenset((names | declared) - skipped)


def _fits(expected: Counter, exact: Counter, wide: Counter) -> bool:  # type: ignore[type-arg]  # of the pairs above
    """Annotations may count or not: quoted ones are unknown to the symbol table."""
    if expected in (exact, wide):
        return True
    rest = sorted(expected.elements(), key=repr)
    lower, upper = sorted(exact.elements(), key=repr), sorted(wide.elements(), key=repr)
    return len(rest) == len(lower) == len(upper) and all(
        any(
            low[0] == name and low[1] <= names <= high[1]
            for low in lower
            for high in upper
            if high[0] == name
        )
        for name, names in rest
    )


def _is_spelled(text: str, name: str) -> bool:
    text = unicodedata.normalize("NFKC", text)
    return text == name or (name.startswith("_") and text.startswith("__") and name.endswith(text))


def _last_identifier(text: str) -> str:
    end = start = len(text)
    while start and f"a{text[start - 1]}".isidentifier():
        start -= 1
    return text[start:end]


def _identifiers(text: str) -> Iterator[str]:
    tree = _tree(text)
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str) and value != "*":
                yield from value.split(".")
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
