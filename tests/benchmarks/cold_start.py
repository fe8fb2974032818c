"""`python -m tests.benchmarks.cold_start [NAME…]`: what `lazify apply --entry` wins on real applications.

The applications stand in cold_start.toml. Each has an environment of its own below `--environments` (made where it
is missing) and is measured as installed there: a copy of its package as it is, a copy that lazify has rewritten for
one entry module, and the first copy again with every heavy package stubbed out, which is the ideal. Every run has a
fresh process; the three take turns, `--runs` times after one that fills the caches. Medians are kept as JSON in
`--json`, beside those of other applications that stand there, and all of them are printed as a Markdown table.

Packages that are loaded nevertheless stand with the line of the application that leads to them.

Seconds are those of the processor, which a busy machine leaves alone; `wall` stands beside them in the JSON. Memory
is the largest resident set. The share is how much of the way from before to ideal lazify went.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lazify.config import Config
from lazify.knowledge.heavy import costs

HERE = Path(__file__).parent
_LINES = 12
"""So many of the lines that lead to an import are kept."""
FIGURES = ("cpu", "wall", "mib", "modules")


@dataclass(frozen=True, kw_only=True)
class Application:
    """One application, as cold_start.toml has it."""

    name: str
    version: str
    entry: str
    root: str = ""
    requires: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The folder that is rewritten."""
        return self.root or self.name

    @property
    def requirements(self) -> tuple[str, ...]:
        """What its environment is made of."""
        return self.requires or (f"{self.name}=={self.version}",)


@dataclass(kw_only=True)
class Result:
    """What was measured of one application."""

    name: str
    version: str
    entry: str
    load: float
    """The machine's load average of the last minute, when it began."""
    before: dict[str, float]
    after: dict[str, float]
    ideal: dict[str, float]
    changes: int
    left: list[str]
    """Heavy packages that are loaded nevertheless."""
    pins: list[str] = field(default_factory=list)
    """Why imports stay, as lazify says it."""
    loaders: dict[str, list[str]] = field(default_factory=dict)
    """Who loads each package that is left: the import statement, and the lines that lead to it."""

    def share(self, figure: str) -> float | None:
        """Give the part of what could be won; None where there is nothing to win."""
        possible = self.before[figure] - self.ideal[figure]
        return (self.before[figure] - self.after[figure]) / possible if possible > 0 else None


def applications() -> list[Application]:
    """Read the list."""
    tables = tomllib.loads((HERE / "cold_start.toml").read_text("utf-8"))
    return [
        Application(name=name, **{**table, "requires": tuple(table.get("requires", ()))})
        for name, table in tables.items()
    ]


def measured(application: Application, environments: Path, *, runs: int) -> Result:
    """Rewrite and measure one; raises CalledProcessError where its environment cannot be made or used."""
    python = _environment(application, environments)
    with tempfile.TemporaryDirectory() as folder:
        trees = {name: Path(folder) / name for name in ("before", "after")}
        for tree in trees.values():
            source = _package(application, python)
            shutil.copytree(source, tree / source.name, ignore=shutil.ignore_patterns("__pycache__"))
            (tree / "pyproject.toml").touch()
            (tree / "requirements.txt").write_text(_required(application, python), "utf-8")
        plan = _rewrite(application, trees["after"], python)
        stubbed = sorted(heavy_packages() - {application.package})
        states = {
            "before": (trees["before"], []),
            "after": (trees["after"], []),
            "ideal": (trees["before"], stubbed),
        }
        load = os.getloadavg()[0]
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in states}
        for _ in range(runs + 1):
            for name, (tree, stubs) in states.items():
                found[name].append(_imported(python, tree, application.entry, stubs))
        medians = {name: _medians(each[1:]) for name, each in found.items()}
        left = _heavy_among(found["after"][-1]["names"], but=application.package)
        return Result(
            name=application.name,
            version=application.version,
            entry=application.entry,
            load=round(load, 1),
            changes=len(plan.get("changes", ())),
            left=left,
            loaders=_loaders(python, trees["after"], application.entry, left),
            pins=[each["reason"] for each in plan.get("refusals", ()) if each["code"].startswith("LZ2")],
            **medians,
        )


def heavy_packages() -> set[str]:
    """Name the modules that lazify takes for heavy unless told otherwise."""
    config = Config()
    return {
        cost.module
        for cost in costs()
        if not cost.is_framework and (cost.ms >= config.heavy_milliseconds or cost.mib >= config.heavy_mib)
    }


def table(results: Sequence[Result]) -> Iterator[str]:
    """Write the results as a Markdown table."""
    yield "| application | entry | CPU s: before → after (ideal) | MiB | modules | share of s, MiB, modules | still loaded |"
    yield "|---|---|---|---|---|---|---|"
    for each in results:
        shares = ", ".join(_percent(each.share(figure)) for figure in ("cpu", "mib", "modules"))
        cells = [_cell(each, "cpu", 2), _cell(each, "mib", 0), _cell(each, "modules", 0)]
        left = ", ".join(_blamed(each, name) for name in each.left) or "nothing heavy"
        yield f"| {each.name} {each.version} | {each.entry} | {' | '.join(cells)} | {shares} | {left} |"


def _blamed(result: Result, package: str) -> str:
    """Name a package that is left, with the application's own line that leads to it."""
    lines = result.loaders.get(package, [])
    own = next((line for line in lines if line.startswith("./")), "")
    through = "" if not own or lines[0] == own else f" through {lines[0].partition('/')[0]}"
    return f"{package} ({own.removeprefix('./')}{through})" if own else package


def _cell(result: Result, figure: str, digits: int) -> str:
    before, after, ideal = (
        f"{state[figure]:.{digits}f}" for state in (result.before, result.after, result.ideal)
    )
    return f"{before} → {after} ({ideal})"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _environment(application: Application, environments: Path) -> Path:
    python = environments / application.name / "bin" / "python"
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
        _run([str(python), "-m", "pip", "install", "--quiet", *application.requirements])
    return python


def _package(application: Application, python: Path) -> Path:
    ask = "import sys, sysconfig; print(sysconfig.get_paths()['purelib'])"
    return Path(_run([str(python), "-c", ask]).strip()) / application.package


def _required(application: Application, python: Path) -> str:
    """What the distribution declares: in its own repository, that stands beside the code."""
    ask = "import sys, importlib.metadata as m; print('\\n'.join(m.requires(sys.argv[1]) or ()))"
    return _run([str(python), "-c", ask, application.name])


def _rewrite(application: Application, tree: Path, python: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "lazify", "apply", "--entry", application.entry]
    done = subprocess.run(
        [*command, "--select", "LZ1", "--select", "LZ2", "--python", str(python), "--format", "json", "."],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 2) or not done.stdout:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    plan: dict[str, Any] = json.loads(done.stdout)
    return plan


def _imported(python: Path, tree: Path, entry: str, stubs: Sequence[str]) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    script = str(HERE / "importing.py")
    with tempfile.TemporaryDirectory() as folder:
        printed = _run([str(python), "-P", script, entry, *stubs], cwd=folder, env=environment)
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def _loaders(python: Path, tree: Path, entry: str, packages: Sequence[str]) -> dict[str, list[str]]:
    """Ask who loads the packages; lines of the application are told from those of other packages by `./`."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [str(python), "-P", str(HERE / "importing.py"), entry, "--by", *packages]
    with tempfile.TemporaryDirectory() as folder:
        printed = _run(command, cwd=folder, env=environment)
    found: dict[str, list[str]] = json.loads(printed.splitlines()[-1])
    return {name: [_short(line, tree) for line in lines][:_LINES] for name, lines in found.items()}


def _short(line: str, tree: Path) -> str:
    return line.replace(f"{tree}/", "./").rpartition("/site-packages/")[2]


def _medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {figure: statistics.median(run[figure] for run in runs) for figure in FIGURES}


def _heavy_among(names: Sequence[str], *, but: str) -> list[str]:
    loaded = heavy_packages().intersection(names) - {but}
    return sorted(name for name in loaded if name.rpartition(".")[0] not in loaded)


def _run(command: Sequence[str], **options: Any) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise subprocess.CalledProcessError(done.returncode, list(command)[:4], done.stdout, tail)
    printed: str = done.stdout
    return printed


def main() -> None:
    """Measure what the command line names, one after the other."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--environments", type=Path, default=Path("/opt/lazify/envs-imports"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    kept = json.loads(arguments.json.read_text("utf-8")) if arguments.json and arguments.json.exists() else []
    results = {each["name"]: Result(**each) for each in kept}
    for application in applications():
        if arguments.names and application.name not in arguments.names:
            continue
        print(application.name, file=sys.stderr)
        try:
            results[application.name] = measured(application, arguments.environments, runs=arguments.runs)
        except subprocess.CalledProcessError as error:
            print(f"  {error}: {error.stderr}", file=sys.stderr)
        if arguments.json:
            found = [asdict(results[name]) for name in sorted(results)]
            arguments.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print("\n".join(table([results[name] for name in sorted(results)])))


if __name__ == "__main__":
    main()
