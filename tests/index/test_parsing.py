"""Bad text raises, `lazy import` is read on every Python, and nothing of the interpreter's state changes."""

import gc
import sys
import warnings

import pytest

from lazify.index.lines import Lines
from lazify.index.scan import scan
from lazify.model.places import Span


@pytest.mark.parametrize(
    "text",
    ["def", "x = (", "print 'a'", "x = \x00", "\ud800", "if x:\npass", "lazy import", "lazy x", "x = '\x00'"],
)
def test_bad_text_raises(text: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        scan(text)


@pytest.mark.parametrize("text", ["(" * 3000 + ")" * 3000, "[" * 3000, "x = " + "-" * 100_000 + "1"])
def test_deep_nesting_raises(text: str) -> None:
    with pytest.raises((SyntaxError, RecursionError, MemoryError)):
        scan(text)


def test_a_sum_of_thousands_needs_no_deep_stack() -> None:
    facts = scan("x = 0\ny = " + " + ".join(["x"] * 900) + "\n")
    assert len(facts.uses["x"]) == 901


def test_a_long_chain_of_calls_gives_no_deep_reference() -> None:
    import pickle

    facts = scan("x = 0\ny = x" + ".a()" * 200 + "\n")
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(400)
        pickle.dumps(facts)
    finally:
        sys.setrecursionlimit(limit)


def test_warnings_of_the_parser_are_not_the_callers() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scan("x = '\\d'\ny = 1if x else 2\nf'\\d{x}'\n")


@pytest.mark.parametrize("enable", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enable: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if enable else gc.disable)()
        scan("x = 1\n")
        assert gc.isenabled() is enable
        with pytest.raises(SyntaxError):
            scan("x = (")
        assert gc.isenabled() is enable
    finally:
        (gc.enable if was else gc.disable)()


def test_lazy_imports_are_read() -> None:
    text = "'''Doc.'''\nlazy import a.b as c, d\nlazy  from .e import (f,\n  g)\nimport h\nc.x\n"
    facts = scan(text)
    assert [(item.binds, item.is_lazy) for item in facts.imports] == [
        ("c", True), ("d", True), ("f", True), ("g", True), ("h", False),
    ]  # fmt: skip
    assert facts.imports[0].statement_span == Span(2, 0, 2, 23)
    assert facts.imports[0].span == Span(2, 12, 2, 20)
    assert facts.statements[2].span == Span(3, 0, 4, 4)
    assert [statement.kind for statement in facts.statements] == [
        "Expr",
        "Import",
        "ImportFrom",
        "Import",
        "Expr",
    ]
    assert facts.uses["c"][0].span == Span(6, 0, 6, 1)
    assert facts.insertion_line == 1


@pytest.mark.parametrize(
    "text",
    [
        "if x:\n    lazy import a\n", "if x: lazy import a\n", "y = 1; lazy import a; z = 2\n", "lazy \\\n import a\n",
        "with x:\n\tlazy from b import a\r\n", "é = 1; lazy import a\n", "lazy = 1\nlazy import a\nlazy.b = lazy\n",
        "if x:\n  pass\nelse:\n  lazy import a\n", "try:\n  pass\nfinally:\n  lazy import a\n", "if x:\r  lazy import a\r",
        "x = '''\nlazy import b\n'''\nlazy import a\n", "# lazy import b\nlazy import a # lazy import c\n",
        "x = 1\n\x0clazy import a\n", "x = (1,\n 2)\nlazy import a\n",
    ],
)  # fmt: skip
def test_lazy_imports_are_read_wherever_a_statement_may_stand(text: str) -> None:
    facts = scan(text)
    (item,) = facts.imports
    lines = Lines(text)
    assert item.is_lazy
    assert lines.cut(item.statement_span).startswith("lazy")
    assert lines.cut(item.span) == "a"
    assert lines.cut(facts.bindings["a"][0].span) == "a"


def test_text_in_strings_is_no_lazy_import() -> None:
    text = 'lazy import a\nb = """\nlazy import c"""\n'
    facts = scan(text)
    assert [item.module for item in facts.imports] == ["a"]


def test_lazy_is_an_ordinary_name_elsewhere() -> None:
    facts = scan("lazy = 1\nprint(lazy)\nfrom lazy import lazy\n")
    assert not any(item.is_lazy for item in facts.imports)
    assert len(facts.uses["lazy"]) == 2


def test_the_error_of_a_file_with_lazy_imports_is_that_of_the_file() -> None:
    with pytest.raises(SyntaxError):
        scan("lazy import a\nx = (\n")
