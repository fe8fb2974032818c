"""The entry points that a project lists of itself, for programs that look for plugins: groups, and their modules."""

import re
from collections import defaultdict
from collections.abc import Iterable

_SECTION = re.compile(r"""\[\s*(?:project\.entry-points|tool\.poetry\.plugins)\.["']?([^"'\]]+)["']?\s*\]""")
"""`[project.entry-points."shop.plugins"]`"""
_CFG = "[options.entry_points]"
_CFG_GROUP = re.compile(r"(\S+)\s*=\s*$")
_ENTRY = re.compile(r"""\s*[^\s=]+\s*=\s*["']?([^\W\d][\w.]*)""")
"""`store = "shop.store:Store"`"""


def entry_points(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Read the modules of each group from pyproject.toml and setup.cfg."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        group, is_cfg = "", False
        for line in text.splitlines():
            if line.startswith("["):
                section = _SECTION.match(line)
                group, is_cfg = section[1] if section else "", line.strip() == _CFG
            elif is_cfg and (header := _CFG_GROUP.match(line)):
                group = header[1]
            elif group and (entry := _ENTRY.match(line)):
                found[group].add(entry[1])
    return {group: frozenset(names) for group, names in found.items()}
