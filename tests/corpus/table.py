"""The results as Markdown tables."""

import json
import os
import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tests.corpus.manifest import RESULTS, manifest
from tests.corpus.tool import PROMISED, version

_REASONS = 25


def tables() -> str:
    """Write what the results say, whatever part of them is there."""
    applications = _results("applications")
    tried = [result for result in _results("libraries") if "passed" in result]
    tools = {each.name for each in manifest().tools}
    candidates = _results("candidates")
    return "\n".join(
        [
            f"Made {date.today().isoformat()} on {os.cpu_count()} cores, Python {platform.python_version()}, lazify's "
            f"sources {version()}. Results of other sources have theirs beside them.",
            "\n## Libraries: tests that passed and no longer do\n",
            *_lost_tests("library", [result for result in tried if result["name"] not in tools]),
            "\n## Tools and services: tests that passed and no longer do\n",
            *_lost_tests("tool", [result for result in tried if result["name"] in tools]),
            "\n## Values made at import, `--singleton '*' --risky`\n",
            *_table(
                [
                    "package",
                    "values",
                    "pinned at import",
                    "needed by some that stay",
                    "others",
                    "rewritten",
                    "%",
                ],
                _candidates(candidates),
            ),
            "\n## Why values that nothing pins stay\n",
            *_table(["values", "reason"], _refused(candidates)),
            "\n## Applications\n",
            *_table(
                ["application", "mode", "changes", "refusals", "cold s", "MiB", "new findings", "problems"],
                (_application(result) for result in applications),
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
            *_table(["refusals", "code and reason"], _reasons([*applications, *tried])),
            "\n## Problems\n",
            *_problems([*applications, *tried]),
            "",
        ]
    )


def _results(kind: str) -> list[dict[str, Any]]:
    paths = sorted((RESULTS / kind).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]


def _lost_tests(kind: str, results: Iterable[dict[str, Any]]) -> list[str]:
    return _table([kind, "tests", *(f"{mode}: lost (changes)" for mode in PROMISED)], by_mode(results))


def _application(result: dict[str, Any]) -> list[object]:
    counts = [sum(result["changes"].values()), sum(result["refusals"].values())]
    cold = [result["cold"]["seconds"], result["cold"]["memory"]]
    return [result["name"], result["mode"], *counts, *cold, len(result["findings"]), len(result["problems"])]


def by_mode(results: Iterable[dict[str, Any]]) -> Iterator[list[object]]:
    """One row for each library, and one for all of them."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for result in results:
        if result["mode"] in PROMISED:
            found[result["name"]][result["mode"]] = result
    total, lost = 0, Counter[str]()
    for name, modes in sorted(found.items(), key=lambda each: each[0].lower()):
        tests = max(result["passed"]["before"] for result in modes.values())
        total += tests
        lost.update({mode: len(result["lost"]) for mode, result in modes.items()})
        release = max(result.get("version", "") for result in modes.values())
        yield [f"{name} {release}", tests, *(_lost(modes.get(mode)) for mode in PROMISED)]
    yield [f"all {len(found)}", total, *(lost[mode] for mode in PROMISED)]


def _lost(result: dict[str, Any] | None) -> str:
    if result is None:
        return "not run"
    of_other = "" if result["lazify"] == version() else f", {result['lazify']}"
    return f"{len(result['lost'])} ({sum(result['changes'].values())}{of_other})"


def _candidates(results: Sequence[dict[str, Any]]) -> Iterator[list[object]]:
    for result in sorted(results, key=lambda each: str(each["name"]).lower()):
        yield [f"{result['name']} {result['version']}", *shares(result)]
    kinds = ("candidates", "pinned", "needed", "rewritten")
    total = {each: sum(result[each] for result in results) for each in kinds}
    yield ["all", *shares(total)]


def shares(counts: dict[str, Any]) -> list[object]:
    """All values, those that are pinned or needed, the others, and how many were rewritten, in percent of these too."""
    rest = counts["candidates"] - counts["pinned"] - counts["needed"]
    share = f"{100 * counts['rewritten'] / rest:.0f}" if rest else ""
    return [counts["candidates"], counts["pinned"], counts["needed"], rest, counts["rewritten"], share]


def _refused(results: Iterable[dict[str, Any]]) -> list[list[object]]:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result["refused"])
    return [[count, reason] for reason, count in total.most_common(_REASONS)]


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
