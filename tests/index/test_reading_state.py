"""Reads of names that functions change."""

from tests.index.worlds import in_app, of, state


def test_reading_what_a_function_changes_is_state() -> None:
    text = """
        limit = 5
        def set_limit(value):
            global limit
            limit = value
        def make():
            return [limit]
        x = make()
        y = limit + 1
    """
    assert in_app(text) == {state("app.limit")}
    assert in_app(text, "app.y") == {state("app.limit")}


def test_every_statement_that_reads_a_changed_name_is_told_not_only_the_first() -> None:
    text = "a = 1\ndef f():\n    global a\n    a = 2\nfirst = a\nx = a"
    assert in_app(text) == {state("app.a")}


def test_reading_what_a_function_of_another_module_changes_is_state() -> None:
    files = {
        "settings.py": "DEBUG = False",
        "cli.py": "import settings\ndef main():\n    settings.DEBUG = True",
        "app.py": "import settings\nx = settings.DEBUG",
    }
    assert of(files, "app.x") == {state("settings.DEBUG")}


def test_reading_what_only_statements_at_import_bind_is_no_state() -> None:
    assert in_app("a = [1]\na.append(2)\nx = a[0]") == set()


def test_what_tests_change_does_not_count() -> None:
    files = {
        "app.py": "limit = 5\nx = [limit]",
        "tests/test_app.py": "import app\ndef test():\n    app.limit = 1",
    }
    assert of(files, "app.x") == set()


def test_a_getter_that_remembers_what_it_made_is_no_state() -> None:
    text = """
        class A:
            pass
        _a = None
        def get():
            global _a
            if _a is None:
                _a = A()
            return _a
        x = get()
    """
    assert in_app(text) == set()


def test_a_memo_that_something_else_resets_is_state() -> None:
    text = """
        _a = None
        def get():
            global _a
            if _a is None:
                _a = []
            return _a
        def reset():
            global _a
            _a = None
        x = get()
    """
    assert in_app(text) == {state("app._a")}


def test_a_counter_that_only_one_function_writes_is_no_memo() -> None:
    text = "_n = None\ndef count():\n    global _n\n    _n += 1\n    return _n\nx = count()"
    assert in_app(text) == {state("app._n")}
