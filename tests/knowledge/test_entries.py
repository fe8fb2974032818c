"""What holds for every entry of effects*.toml."""

import builtins
import importlib
import inspect
import re
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lazify.knowledge
from lazify.knowledge import knowledge
from lazify.knowledge.tables import Row, split
from lazify.model.effects import EffectKind

FOLDER = Path(lazify.knowledge.__file__).parent
FILES = sorted(FOLDER.glob("effects*.toml"))
TABLES: dict[str, dict[str, Any]] = {
    name: table for path in FILES for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
KINDS = {each.name.lower() for each in EffectKind}
NAMES = list(knowledge().names())
OWN = [name for name in NAMES if "*" not in name]
REMOVED = frozenset({"aifc", "asynchat", "asyncore", "cgi", "cgitb", "crypt", "imp", "imghdr", "mailcap", "nntplib", "pipes", "smtpd",
    "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"})  # fmt: skip
"""Modules of the standard library that later Pythons than 3.11 lack."""


def row(name: str) -> Row:
    found = knowledge().row(name)
    assert found is not None
    return found


def is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names | {"builtins"}


def real(name: str) -> object:
    """The object of that name in the running Python; ImportError where there is none."""
    head, *rest = name.split(".")
    found: object = importlib.import_module(head)
    for index, part in enumerate(rest, start=2):
        try:
            found = getattr(found, part)
        except AttributeError:
            found = importlib.import_module(".".join(name.split(".")[:index]))
    return found


def standard_names() -> Iterator[tuple[str, object]]:
    for name in NAMES:
        if not is_standard(name) or "*." in name:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield name, real(name.removesuffix(".*"))
        except ImportError:
            continue


def test_all_parts_of_all_files_are_read() -> None:
    cut = {name: tomllib.loads(text)[name] for path in FILES for name, text in split(path.read_text("utf-8"))}
    assert cut == TABLES
    assert sum(len(tomllib.loads(path.read_text("utf-8"))) for path in FILES) == len(TABLES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_are_installed_with_the_package(path: Path) -> None:
    project = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["lazify.knowledge"]
    assert any(path.match(pattern) for pattern in patterns)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_package_registry_is_named(path: Path) -> None:
    assert not re.search(r"pypi\.|pythonhosted|npmjs\.", path.read_text("utf-8"))


def test_every_table_says_where_its_facts_can_be_checked() -> None:
    assert [name for name, table in TABLES.items() if len(table["source"].split()) == 0] == []
    vague = [name for name, table in TABLES.items() if not re.search(r"https://|\d\.\d", table["source"])]
    assert vague == []


def test_every_name_has_a_fact_with_a_source_and_known_effects() -> None:
    for name in OWN:
        fact = knowledge().fact(name)
        if row(name).alias is not None:
            continue
        assert fact is not None, f"{name} is described, but nothing says what calling it does"
        assert fact.source, name
        assert EffectKind.UNKNOWN not in fact.effects, name


def test_no_name_is_both_harmless_and_effectful() -> None:
    for table, content in TABLES.items():
        effectful = {name for key in KINDS & content.keys() for name in content[key]}
        harmless = {name for key in ("harmless", "declaration") for name in content.get(key, ())}
        assert not effectful & set(content.get("harmless", ())), table
        assert not effectful & set(content.get("declaration", ())), table
        assert not set(content.get("mutates", ())) & harmless, table


def test_no_list_names_anything_twice() -> None:
    for table, content in TABLES.items():
        for key, items in content.items():
            if isinstance(items, list) and key != "cases":
                assert len(items) == len(set(items)), f"{table}: {key}"


def test_no_table_names_what_belongs_to_another() -> None:
    for table, content in TABLES.items():
        inner = [other[len(table) + 1 :] for other in TABLES if other.startswith(f"{table}.")]
        listed = {
            name
            for key, items in content.items()
            if key != "cases" and isinstance(items, list)
            for name in items
        }
        for name in listed:
            assert not any(name.startswith(f"{part}.") for part in inner), f"{table}: {name}"


def test_a_case_tests_one_thing_and_changes_something() -> None:
    for table, content in TABLES.items():
        for case in content.get("cases", ()):
            assert len(case.keys() & {"given", "is", "has", "starts", "passed", "words"}) == 1, (
                f"{table}: {case}"
            )
            assert case.keys() <= {
                "of",
                "argument",
                "at",
                "given",
                "is",
                "has",
                "starts",
                "passed",
                "words",
                "effects",
            }, f"{table}: {case}"
            for name in case["of"]:
                assert knowledge().fact(f"{table}.{name}") is not None or "*" in name, f"{table}: {name}"


def test_the_last_case_alone_does_not_repeat_the_effects() -> None:
    for name in OWN:
        fact = knowledge().fact(name)
        if fact is not None and len(fact.cases) == 1:
            assert set(fact.cases[0].effects) != set(fact.effects), name


def test_classes_that_are_pointed_to_are_described() -> None:
    below = {name.rpartition(".")[0] for name in NAMES} | set(OWN)
    for name in NAMES:
        here = row(name)
        for target in (here.returns, here.value, here.alias, *here.bases):
            assert target is None or target in below or target in TABLES, f"{name} leads to {target}"


def test_an_alias_is_described_under_the_name_it_stands_for_only() -> None:
    for name in OWN:
        here = row(name)
        assert here.alias is None or not (here.is_listed or here.returns or here.bases or here.cases), name


def test_names_of_the_standard_library_exist() -> None:
    found = {name for name, _ in standard_names()}
    missing = [name for name in NAMES if is_standard(name) and "*." not in name and name not in found]
    # Attributes that only instances have cannot be seen on the class; some modules are newer than this Python.
    newer = {"string.templatelib.*"} if sys.version_info < (3, 14) else set()
    moved = {"pathlib._PathParents.__getitem__"} if sys.version_info >= (3, 13) else set()
    assert {name for name in missing if not row(name).varies and row(name).value is None} == newer | moved


def test_names_that_vary_are_of_the_standard_library() -> None:
    others = [name for name in NAMES if row(name).varies and not is_standard(name)]
    assert {name.partition(".")[0] for name in others} <= REMOVED


def test_class_flags_agree_with_the_running_python() -> None:
    for name, found in standard_names():
        fact = knowledge().fact(name)
        if "*" in name or row(name).varies or row(name).alias or fact is None or fact.value is not None:
            continue
        assert fact.is_class == inspect.isclass(found), name
        assert callable(found), name


def test_bases_of_the_standard_library_are_bases() -> None:
    for name, found in standard_names():
        for base in row(name).bases:
            assert isinstance(found, type)
            ancestor = real(base)
            assert isinstance(ancestor, type)
            assert issubclass(found, ancestor), f"{name} is no {base}"


def test_every_builtin_is_known_except_those_that_run_other_code() -> None:
    unknown = {
        name
        for name in dir(builtins)
        if callable(getattr(builtins, name))
        and name != "_IncompleteInputError"
        and knowledge().fact(f"builtins.{name}") is None
    }
    assert unknown - {"copyright", "credits", "license"} == {
        "__build_class__", "__import__", "__loader__", "breakpoint", "eval", "exec",
    }  # fmt: skip
