"""The results as Markdown tables."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tests.corpus.manifest import RESULTS

_REASONS = 25


def tables() -> str:
    """Write what the results say, whatever part of them is there."""
    applications = _results("applications")
    libraries = [result for result in _results("libraries") if "passed" in result]
    return "\n".join(
        [
            "## Applications\n",
            *_table(
                ["application", "mode", "changes", "refusals", "cold s", "MiB", "new findings", "problems"],
                (_application(result) for result in applications),
            ),
            "\n## Libraries\n",
            *_table(
                ["library", "mode", "changes", "refusals", "passed before", "passed after", "lost"],
                (_library(result) for result in libraries),
            ),
            "\n## Lifespans by version\n",
            *_table(
                ["framework", "version", "shapes", "gone", "scenarios", "steps", "problems"],
                (_version(result) for result in _results("versions")),
            ),
            "\n## Applications under uvicorn, before and after\n",
            *_table(
                ["application", "version", "changes", "what happens", "problems"],
                (_served(result) for result in _results("served")),
            ),
            "\n## Why not\n",
            *_table(["refusals", "code and reason"], _reasons([*applications, *libraries])),
            "\n## Problems\n",
            *_problems([*applications, *libraries]),
            "",
        ]
    )


def _results(kind: str) -> list[dict[str, Any]]:
    paths = sorted((RESULTS / kind).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]


def _application(result: dict[str, Any]) -> list[object]:
    counts = [sum(result["changes"].values()), sum(result["refusals"].values())]
    cold = [result["cold"]["seconds"], result["cold"]["memory"]]
    return [result["name"], result["mode"], *counts, *cold, len(result["findings"]), len(result["problems"])]


def _library(result: dict[str, Any]) -> list[object]:
    counts = [sum(result["changes"].values()), sum(result["refusals"].values())]
    passed = [result["passed"]["before"], result["passed"]["after"]]
    return [result["name"], result["mode"], *counts, *passed, len(result["lost"])]


def _version(result: dict[str, Any]) -> list[object]:
    counts = [result[each] for each in ("shapes", "gone", "scenarios", "steps")]
    return [result["name"], result["version"], *counts, len(result["problems"])]


def _served(result: dict[str, Any]) -> list[object]:
    changes = sum(result["changes"].values())
    return [result["name"], result["version"], changes, " → ".join(result["steps"]), len(result["problems"])]


def _reasons(results: Iterable[dict[str, Any]]) -> list[list[object]]:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result["refusals"])
    return [[count, reason] for reason, count in total.most_common(_REASONS)]


def _problems(results: Iterable[dict[str, Any]]) -> list[str]:
    lines = []
    for result in results:
        told = [*result["problems"], *(f"lost by {found}" for found in result.get("guilty", ()))]
        lines += [f"- {result['name']} ({result['mode']}): {problem.splitlines()[0]}" for problem in told]
    return lines
