"""`python -m tests.benchmarks.together PYTHON…`: which heavy packages load each other where both are installed.

PYTHON is the interpreter of an environment with many packages. Each module of lazify/knowledge/heavy.toml that can be
imported there is, in a fresh process; what it loads beyond the tables of that file is printed as a table of it: only
what it loads in every one of the environments that have both.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence

from lazify.knowledge.heavy import Costs, costs
from tests.benchmarks.heavy import listed

_IMPORT = "import importlib, sys; importlib.import_module(sys.argv[1]); print('\\n', *sys.modules)"
_SECONDS = 300


def together(python: str, known: Costs) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each module that loads others, with these; a module that cannot be imported loads nothing."""
    listed = {cost.module for cost in known}
    for cost in known:
        own = cost.module.partition(".")[0]
        done = subprocess.run(
            [python, "-c", _IMPORT, cost.module],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            loaded = listed.intersection(done.stdout.splitlines()[-1].split())
            others = frozenset(each for each in loaded if each.partition(".")[0] != own)
            yield cost.module, others - cost.loads


def table(found: dict[str, set[str]]) -> Iterator[str]:
    """Write the table for heavy.toml."""
    yield "[together]"
    for module, others in sorted(found.items()):
        yield from listed(f'"{module}"' if "." in module else module, sorted(others))


def main(pythons: Sequence[str]) -> None:
    """Import everything everywhere, and print the table."""
    everywhere = [dict(together(python, costs())) for python in pythons]
    found: dict[str, set[str]] = {}
    for loaded in everywhere:
        for module, others in loaded.items():
            for other in others:
                if all(other in each[module] for each in everywhere if {module, other} <= each.keys()):
                    found.setdefault(module, set()).add(other)
    print("\n".join(table(found)))


if __name__ == "__main__":
    main(sys.argv[1:])
