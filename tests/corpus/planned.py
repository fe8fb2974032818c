"""What lazify plans for a tree, as counts: changes by code, refusals by reason."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from tests.corpus.tool import lazify

_NAMES = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'|[\w./-]+\.pyi?(:\d+)*|\b\w*[._\d]\w*(\.\w+)*(\(\))?|\d+")


def summary_of_plan(tree: Path, flags: tuple[str, ...]) -> dict[str, Any]:
    """Count what the plan holds."""
    plan = planned(tree, flags)
    return {
        "changes": Counter(change["code"] for change in plan["changes"]),
        "refusals": Counter(f"{refusal['code']} {shape(refusal['reason'])}" for refusal in plan["refusals"]),
        "failures": {failure["path"]: failure["why"] for failure in plan["failures"]},
    }


def planned(tree: Path, flags: tuple[str, ...]) -> dict[str, Any]:
    """Give lazify's own account of its plan; raises RuntimeError where it gives none."""
    outcome = lazify("apply", "--dry-run", "--format", "json", *flags, ".", cwd=tree)
    if not outcome.stdout.strip():
        raise RuntimeError(f"no plan for {tree}: {outcome.tail}")
    plan: dict[str, Any] = json.loads(outcome.text)
    return plan


def shape(reason: str) -> str:
    """The reason without its names and places, so that equal reasons can be counted."""
    return _NAMES.sub("…", reason.splitlines()[0] if reason else "")
