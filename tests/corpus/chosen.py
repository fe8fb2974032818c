"""Apply only a part of a plan: `python -m tests.corpus.chosen TREE FLAGS DECLINED` (the last two as JSON).

A process of its own, so that a search over many parts neither grows nor crashes with one of them.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.corpus.process import run
from tests.corpus.tool import REPOSITORY

Flags = Mapping[str, object]


def apply_without(declined: Iterable[str], *, tree: Path, flags: Flags) -> None:
    """Apply the plan for `tree` but for the changes of these keys; raises RuntimeError where that fails."""
    outcome = run(
        [sys.executable, "-m", "tests.corpus.chosen", str(tree), json.dumps(flags), json.dumps([*declined])],
        cwd=REPOSITORY,
        env={"LAZIFY_CACHE_DIR": str(tree.with_name(f"{tree.name}.cache"))},
    )
    if outcome.code:
        raise RuntimeError(f"applying a part to {tree} ended with {outcome.code}\n{outcome.tail}")


def main(tree: str, flags: str, declined: str) -> None:
    """The other side of `apply_without`."""
    from lazify import api

    request = api.Request(paths=(Path(tree),), flags=json.loads(flags))
    loaded = api.load(request, progress=api.NoProgress())
    plan = api.plan(loaded, declined=frozenset(json.loads(declined)))
    _, patches = api.patches(loaded, plan, progress=api.NoProgress())
    api.apply(loaded, patches)


if __name__ == "__main__":
    main(*sys.argv[1:])
