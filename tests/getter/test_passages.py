"""What of a file is parsed for a question, and that it stands where it stood."""

import ast
import re
from pathlib import Path
from textwrap import dedent

from lazify.getter.passages import Passages
from lazify.index.modules import Module
from lazify.index.scan import scan
from lazify.index.view import Text
from lazify.model.places import Source


def _passages(text: str) -> Passages:
    source = Source(path=Path("app.py"), module="app", root=Path())
    return Passages(Module(source=source, facts=scan(text)), Text(text))


def _names(tree: ast.Module) -> list[tuple[str, int, int]]:
    return [(node.id, node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _parsed(text: str, word: str) -> list[tuple[str, int, int]]:
    passages = _passages(dedent(text))
    return _names(passages.parsed(passages.holding(re.compile(rf"\b{word}\b"))))


def test_only_the_statement_that_holds_the_word_is_parsed_where_it_stands() -> None:
    assert _parsed("a = 1\nb = 2\n\nc = a\n", "c") == [("c", 4, 0), ("a", 4, 4)]


def test_of_a_class_only_the_method_is_parsed() -> None:
    text = """
        class A:
            x = one

            @first
            def f(self):
                return two

            def g(self):
                return three
    """
    assert _parsed(text, "two") == [("first", 5, 5), ("two", 7, 15)]
    assert _parsed(text, "one") == [("x", 3, 4), ("one", 3, 8)]


def test_a_class_that_begins_with_a_method_can_be_asked_for_its_bases() -> None:
    text = """
        class A(Base):
            def f(self):
                return 1
    """
    assert _parsed(text, "Base") == [("Base", 2, 8)]


def test_what_stands_between_two_methods_is_parsed_alone() -> None:
    text = """
        class A:
            def f(self): return one
            # two is a number
            x = two
            def g(self): return three
    """
    assert _parsed(text, "two") == [("x", 5, 4), ("two", 5, 8)]
    assert _parsed(text, "one|three") == [("one", 3, 24), ("three", 6, 24)]


def test_a_comment_between_two_methods_holds_nothing() -> None:
    text = """
        class A:
            def f(self): return one
            # two is a number
            def g(self): return three
    """
    assert _parsed(text, "two") == []


def test_half_of_a_condition_in_a_class_is_not_parsed_alone() -> None:
    text = """
        class A:
            if one:
                def f(self): return two
            else:
                g = three
    """
    assert ("three", 6, 12) in _parsed(text, "three")
    assert ("one", 3, 7) in _parsed(text, "one")


def test_statements_that_share_lines_are_parsed_together() -> None:
    found = _parsed("a = (one,\n2); b = (two,\n3)\nc = 3\n", "one")
    assert [name for name, _, _ in found] == ["a", "b", "one", "two"]


def test_a_statement_that_begins_in_the_line_above_by_a_backslash_is_read_with_the_file() -> None:
    assert ("b", 2, 1) in _parsed("a = one; \\\n b = two\n", "two")


def test_docstrings_and_comments_of_the_file_hold_nothing() -> None:
    text = '''
        """About one."""

        # one more
        def f():
            """Give one."""
            return 1
    '''
    assert _passages(dedent(text)).holding(re.compile("one")) == []


def test_names_in_another_spelling_are_found_wherever_they_may_stand() -> None:
    assert ("file", 2, 0) in _parsed("a = 1\nﬁle = 2\n", "file")


def test_lines_end_as_the_file_says() -> None:
    assert _parsed("a = 1\r\nb = 2\r\nc = a", "c") == [("c", 3, 0), ("a", 3, 4)]
