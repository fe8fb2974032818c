"""Registries that a function fills while their module is imported: whoever reads them further down finds them full."""

import pytest

from lazify.testing import check, refused

RUN = "import main; print(main.names()); print(main.names())"
FILLED = """
codes = {{}}


def {name}():
    codes["a"] = 1
    codes["b"] = 2


{name}()
{between}


class Names:
    def __init__(self):
        self.text = open("pyproject.toml").read()
        self.names = sorted(codes)


listing = Names()
{below}


def names():
    return listing.names
"""
PROJECT = {"pyproject.toml": ""}


@pytest.mark.parametrize(
    ("name", "between"), [("_fill", ""), ("fill", "del fill")], ids=["private", "deleted"]
)
def test_what_is_filled_above_is_full_later_too(name: str, between: str) -> None:
    """As in werkzeug 3.1.9: `_find_exceptions()` fills `default_exceptions`."""
    main = FILLED.format(name=name, between=between, below="")
    outcome = check({**PROJECT, "main.py": main}, run=RUN)
    assert [change.title for change in outcome.plan.changes] == ["listing becomes get_listing()"]


AGAIN = {
    "below": ("_fill", "codes.clear()", "_fill()"),
    "by a public function": ("fill", "", ""),
    "by a function that others call": ("_fill", "", "\n\ndef refill():\n    codes.clear()\n    _fill()\n"),
    "by a function that is handed on": ("_fill", "hook = _fill", ""),
    "by a function that another changes it with": ("_fill", "", "\n\ndef drop():\n    codes.clear()\n"),
    "by the making": ("_fill", "", "\n\ndef _count():\n    codes.setdefault('c', 3)\n"),
}


@pytest.mark.parametrize(("name", "between", "below"), AGAIN.values(), ids=list(AGAIN))
def test_what_is_filled_again_is_read_when_it_was(name: str, between: str, below: str) -> None:
    main = FILLED.format(name=name, between=between, below=below)
    refused({**PROJECT, "main.py": main}, because="")


def test_what_a_making_changes_by_a_parameter_is_shared() -> None:
    main = FILLED.format(name="_fill", between="\n\ndef add(table):\n    table['c'] = 3\n", below="")
    main = main.replace("sorted(codes)", "sorted(codes)\n        add(codes)")
    refused({**PROJECT, "main.py": main}, because="reads or writes what others share")


@pytest.mark.parametrize("use", ["import main\nmain._fill()\n", "from main import _fill\n_fill()\n"])
def test_what_another_module_fills_is_read_when_it_was(use: str) -> None:
    main = FILLED.format(name="_fill", between="", below="")
    refused({**PROJECT, "main.py": main, "other.py": use}, because="reads or writes what others share")


def test_a_registry_that_imports_its_readers_is_read_when_it_was() -> None:
    registry = (
        "codes = {}\n\n\ndef _fill():\n    codes['a'] = 1\n    import main\n    codes['b'] = 2\n\n\n_fill()\n"
    )
    main = FILLED.format(name="unused", between="", below="").partition("class Names")
    text = f"from registry import codes\n\n\n{main[1]}{main[2]}"
    refused({**PROJECT, "registry.py": registry, "main.py": text}, because="is changed by registry")
