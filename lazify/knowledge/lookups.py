"""Names that frameworks look up in modules that they load by themselves: the facts of lookups.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def lookups() -> Mapping[str, frozenset[str]]:
    """Read the names by the package that a module imports."""
    text = Path(__file__).with_name("lookups.toml").read_text(encoding="utf-8")
    return {table["package"]: frozenset(table["names"]) for table in tomllib.loads(text)["framework"]}
