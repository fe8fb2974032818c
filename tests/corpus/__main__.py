"""`python -m tests.corpus fetch|baseline|apps|libs|candidates|lifespans|served|table`: lazify on real code, see README.md beside this file."""

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.corpus import oracles
from tests.corpus.applications import try_application
from tests.corpus.candidates import try_candidates
from tests.corpus.fetch import fetch
from tests.corpus.libraries import baseline, known_seconds, try_library
from tests.corpus.manifest import RESULTS, Application, Framework, Library, Served, default_folder, manifest
from tests.corpus.served import try_served
from tests.corpus.table import tables
from tests.corpus.tool import MODES, PROMISED
from tests.corpus.versions import try_version

Job = Callable[[], str]


def main() -> int:
    """Do what the command line says; 1 where something failed or a promise does not hold."""
    options = _parser().parse_intermixed_args()
    match options.command:
        case "table":
            RESULTS.mkdir(parents=True, exist_ok=True)
            RESULTS.joinpath("table.md").write_text(tables(), encoding="utf-8")
            print(tables())
            return 0
        case "fetch":
            oracles.install(options.folder)
            jobs = _fetching(options)
        case "baseline":
            jobs = [partial(_baseline, library, options.folder) for library in _libraries(options)]
        case "apps":
            modes = options.mode or ["normal"]
            jobs = [partial(_application, e, options, mode) for e in _applications(options) for mode in modes]
        case "served":
            jobs = [partial(_serving, each, options) for each in _served(options)]
        case "candidates":
            jobs = [partial(_candidates, each, options) for each in _packages(options)]
        case "lifespans":
            jobs = [partial(_version, each, options) for each in _frameworks(options)]
        case _:
            modes = options.mode or PROMISED
            jobs = [partial(_library, e, options, modes) for e in _cheapest_first(_libraries(options))]
    return _run(jobs, processes=options.processes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument(
        "command",
        choices=["fetch", "baseline", "apps", "libs", "candidates", "lifespans", "served", "table"],
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these packages")
    parser.add_argument(
        "--mode",
        action="append",
        choices=sorted(MODES),
        help="may be repeated; if not given: apps normal, libs all of " + ", ".join(PROMISED),
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="where the fetched trees lie")
    parser.add_argument("--processes", type=int, choices=[1, 2], default=1)
    parser.add_argument("--slow", action="store_true", help="the slow libraries, too")
    parser.add_argument("--tools", action="store_true", help="tools and services instead of libraries")
    parser.add_argument("--stale", action="store_true", help="keep results of an older state of lazify")
    return parser


def _applications(options: argparse.Namespace) -> list[Application]:
    return [each for each in manifest().applications if not options.names or each.name in options.names]


def _libraries(options: argparse.Namespace) -> list[Library]:
    """Those that are named; else the tools, or the libraries."""
    known = manifest()
    if options.names:
        return [each for each in (*known.libraries, *known.tools) if each.name in options.names]
    chosen = known.tools if options.tools else known.libraries
    return [each for each in chosen if options.slow or not each.slow]


def _packages(options: argparse.Namespace) -> list[Application | Library]:
    """Libraries, and the applications that are named."""
    applications = _applications(options) if options.names else []
    return [*_libraries(options), *applications]


def _frameworks(options: argparse.Namespace) -> list[Framework]:
    """By name, `fastapi`, or by name and version, `fastapi-0.93.0`."""
    return [
        each
        for each in manifest().frameworks
        if not options.names or {each.name, f"{each.name}-{each.version}"} & set(options.names)
    ]


def _served(options: argparse.Namespace) -> list[Served]:
    return [each for each in manifest().served if not options.names or each.name in options.names]


def _fetching(options: argparse.Namespace) -> list[Job]:
    wanted: list[tuple[Application | Library, str]] = [
        *((each, "applications") for each in _applications(options)),
        *((each, "libraries") for each in _libraries(options)),
    ]
    return [partial(_fetch, each, options.folder / kind) for each, kind in wanted]


def _fetch(package: Application | Library, folder: Path) -> str:
    return f"{package.name}: {fetch(package, folder)}"


def _baseline(library: Library, folder: Path) -> str:
    run = baseline(library, folder)[1]
    return f"{library.name}: {len(run.passed)} of {len(run.outcomes)} pass, {run.seconds} s"


def _application(application: Application, options: argparse.Namespace, mode: str) -> str:
    result = try_application(application, options.folder, mode=mode, stale=options.stale)
    return _verdict(result, result["problems"], f"{result['cold']['seconds']} s cold")


def _cheapest_first(libraries: Sequence[Library]) -> list[Library]:
    """Those whose tests are known to be fast come first; slow ones stay at the end."""
    return sorted(libraries, key=lambda library: (library.slow, known_seconds(library)))


def _library(library: Library, options: argparse.Namespace, modes: Sequence[str]) -> str:
    """One library in all modes, one after the other: they share its tree."""
    said, failed = [], False
    for mode in modes:
        result = try_library(library, options.folder, mode=mode, stale=options.stale)
        passed = f"{result['passed']['before']} → {result['passed']['after']} pass"
        try:
            said.append(_verdict(result, [*result["problems"], *result["lost"], *result["guilty"]], passed))
        except AssertionError as error:
            failed = True
            said.append(str(error))
    if failed:
        raise AssertionError("\n      ".join(said))
    return "\n      ".join(said)


def _candidates(package: Application | Library, options: argparse.Namespace) -> str:
    result = try_candidates(package, options.folder, stale=options.stale)
    rest = result["candidates"] - result["pinned"] - result["needed"]
    return f"{package.name}: {result['candidates']} candidates, {result['rewritten']} of {rest} that nothing pins rewritten"


def _version(framework: Framework, options: argparse.Namespace) -> str:
    result = try_version(framework, options.folder, stale=options.stale)
    line = (
        f"{framework.name} {framework.version}: {result['scenarios']} scenarios of {result['shapes']} shapes"
    )
    if result["problems"]:
        raise AssertionError("\n  ".join([line, *result["problems"][:20]]))
    return line


def _serving(served: Served, options: argparse.Namespace) -> str:
    result = try_served(served, options.folder, stale=options.stale)
    asked = f"{result['answers']} answers, {result['values']} values, {len(result['left out'])} left out"
    line = f"{served.name} {served.version}: {asked}; {' → '.join(result['steps'])}"
    if result["problems"]:
        raise AssertionError("\n  ".join([line, *result["problems"]]))
    return line


def _verdict(result: dict[str, Any], problems: Sequence[object], said: str) -> str:
    counts = f"{sum(result['changes'].values())} changes, {sum(result['refusals'].values())} refusals"
    line = f"{result['name']} ({result['mode']}): {counts}, {said}"
    if problems:
        raise AssertionError("\n  ".join([f"{line}, {len(problems)} problems", *map(str, problems[:20])]))
    return line


def _run(jobs: Sequence[Job], *, processes: int) -> int:
    failed = 0
    with ThreadPoolExecutor(processes) as executor:
        for done in [executor.submit(job) for job in jobs]:
            try:
                print(f"ok    {done.result()}", flush=True)
            except (AssertionError, RuntimeError, OSError) as error:
                failed += 1
                print(f"FAIL  {error}", flush=True)
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
