from textwrap import dedent

from lazify.index.scan import scan
from lazify.index.wording import expression


def _changes(text: str) -> set[str]:
    facts = scan(dedent(text))
    return {f"{facts.scopes[number].name}: {expression(ref)}" for number, ref in facts.changes}


def test_functions_change_names_of_the_module() -> None:
    text = """
        box = {}
        def put(): box["a"] = 1
        def grow(): box.items.append(1)
        def bind():
            global box
            box = None
    """
    assert _changes(text) == {"put: box", "grow: box.items", "bind: box"}


def test_what_a_function_does_to_its_own_is_no_change_of_the_module() -> None:
    assert _changes("def f(a):\n    b = make()\n    b.x = 1\n    a.append(1)\n") == set()


def test_what_runs_at_import_is_no_change() -> None:
    assert _changes("box = []\nbox.append(1)\nclass C:\n    box.append(2)\n") == set()


def test_attributes_that_are_bound_on_classes_and_modules_are_listed() -> None:
    assert scan("class C: pass\nC.cache = {}\n").rebound == {"cache"}
    assert scan("class C:\n    cache = {}\n").rebound == frozenset()
