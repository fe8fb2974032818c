"""What frameworks take from modules by themselves, from their names or their text: the facts of lookups.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def lookups() -> Mapping[str, frozenset[str]]:
    """Give the names that are looked up in a module, by the package that it imports."""
    return {table["package"]: frozenset(table["names"]) for table in _tables()["framework"]}


def readers() -> frozenset[str]:
    """List the classes whose subclasses stand in files that a framework reads for their imports."""
    return frozenset(table["class"] for table in _tables()["reader"])


@cache
def _tables() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("lookups.toml").read_text(encoding="utf-8"))
