from textwrap import dedent

from lazify.index.scan import scan


def _quoted(text: str) -> set[str]:
    return set(scan(dedent(text)).quoted_imports)


def test_code_in_a_string_imports_a_module_and_what_is_around_it() -> None:
    assert _quoted("""run("from app.db import box")""") >= {"app", "app.db"}
    assert _quoted("""run("import os; import app.db")""") == {"os", "app", "app.db"}


def test_import_statements_are_no_quoted_code() -> None:
    assert _quoted("import a\nfrom b import (\n    c,\n)\ndef f():\n    from d import e\n") == set()


def test_documentation_is_no_quoted_code() -> None:
    assert _quoted('"""\nimport a\n"""\ndef f():\n    """from b import c"""\n') == set()


def test_code_beside_statements_on_one_line_is_found() -> None:
    assert _quoted('import a; run("import b")') == {"b"}


def test_a_string_that_is_no_documentation_counts_wherever_it_stands() -> None:
    assert _quoted('def f():\n    x = 1\n    """import a"""\n') == {"a"}
    assert _quoted('x = f"""\nfrom a import {name}\n"""\n') == {"a"}
