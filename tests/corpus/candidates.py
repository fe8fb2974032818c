"""What becomes of every value that is made at import: `python -m tests.corpus.candidates TREE` prints it as JSON.

A process of its own, as in `chosen.py`. A value is pinned when code that runs at import needs it, directly or by
what it calls, even if all others could wait. It is needed when only a value which stays for another reason needs
it. Of the rest, what is not rewritten is refused for another reason.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.corpus.fetch import fetch
from tests.corpus.manifest import Application, Library
from tests.corpus.planned import shape
from tests.corpus.process import run
from tests.corpus.tool import REPOSITORY, recorded

if TYPE_CHECKING:
    from lazify.getter.groups import Group
    from lazify.index.view import View

_HOSTILE = {"singleton": ["*"], "risky": True}


def try_candidates(package: Application | Library, folder: Path, *, stale: bool) -> dict[str, Any]:
    """Give the recorded counts, or make them now; raises RuntimeError where lazify has no plan."""
    kind = "libraries" if isinstance(package, Library) else "applications"
    tree = fetch(package, folder / kind)
    cache = folder / "runs" / f"{package.name}.candidates.cache"
    return recorded(f"candidates/{package.name}", lambda: _counted(package, tree, cache), stale=stale)


def _counted(package: Application | Library, tree: Path, cache: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.corpus.candidates", str(tree)]
    outcome = run(command, cwd=REPOSITORY, env={"LAZIFY_CACHE_DIR": str(cache)}, timeout=1200)
    if outcome.code:
        raise RuntimeError(f"{package.name}: {outcome.tail}")
    rows = json.loads(outcome.text)
    open_to = [row for row in rows if not row["pinned"] and not row["needed"]]
    return {
        "name": package.name,
        "version": package.version,
        "candidates": len(rows),
        "pinned": sum(row["pinned"] for row in rows),
        "needed": sum(row["needed"] for row in rows),
        "rewritten": sum(row["rewritten"] for row in open_to),
        "refused": Counter(shape(row["reason"]) for row in open_to if not row["rewritten"]),
        "places": [row for row in open_to if not row["rewritten"]],
    }


def main(tree: str) -> None:
    """The other side of `try_candidates`."""
    print(json.dumps([*_rows(Path(tree))], indent=1))


def _rows(tree: Path) -> Iterator[dict[str, Any]]:
    from lazify import api
    from lazify.codemod import load
    from lazify.getter.candidates import candidates
    from lazify.getter.pins import Waiting
    from lazify.model.changes import Change

    singletons = next(each for each in load() if "LZ101" in each.codes)
    loaded = api.load(api.Request(paths=(tree,), flags=_HOSTILE), progress=api.NoProgress())
    for project in loaded.projects:
        view = project.view
        said = {(each.at.path, each.at.span.line): each for each in singletons.plan(view)}
        groups = [each.group for each in candidates(view, {})]
        pinned = Waiting(view, groups, {}).problems
        results = {group: said.get((group.module.path, group.first.span.line)) for group in groups}
        going = [group for group, result in results.items() if isinstance(result, Change)]
        for group, result in results.items():
            if result is None:
                continue  # what goes along with another value is counted with that
            is_going, is_pinned = isinstance(result, Change), group in pinned
            yield {
                "path": str(group.module.path.relative_to(tree)),
                "line": group.first.span.line,
                "names": group.names,
                "pinned": is_pinned,
                "needed": not is_going and not is_pinned and _is_needed(view, group, going),
                "rewritten": is_going,
                "reason": "" if isinstance(result, Change) else result.reason,
            }


def _is_needed(view: "View", group: "Group", going: list["Group"]) -> bool:
    """Tell whether it could not wait with those that do, whatever else keeps it: a value that stays needs it."""
    from lazify.getter.pins import Waiting

    return group in Waiting(view, [*going, group], {}).problems


if __name__ == "__main__":
    main(*sys.argv[1:])
