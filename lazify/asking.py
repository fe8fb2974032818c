"""What the user wants verified: which entries, in what surroundings, with which tests."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lazify.config import Config, load_config
from lazify.discover import Territory, stake
from lazify.errors import ConfigError
from lazify.interpreter import Interpreter, ask
from lazify.knowledge.platforms import DEFAULT, MIB, platforms
from lazify.observing.entries import Entry, locate
from lazify.sandbox import Isolation, strongest
from lazify.verify.looking import Surroundings
from lazify.verify.named import named_entries
from lazify.verify.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the user typed."""

    python: Path | None = None
    """The project's interpreter; None for the configured one, or else lazify's own."""
    entries: tuple[str, ...] = ()
    """Files or modules; empty for the configured ones, or else those that the files of platforms name."""
    before: Path | None = None
    platform: str = DEFAULT
    seconds: float | None = None
    """Of one import; None for the platform's limit."""
    memory: int | None = None
    """MiB; None for the platform's limit."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables beside the platform's."""
    isolation: Isolation | None = None
    """None for the strongest that works here."""
    runs: int = 3
    test: str | None = None
    test_seconds: float = 1800.0


def variables(texts: Iterable[str]) -> dict[str, str]:
    """Read what `--env` was given; raises ConfigError for what is no KEY=VALUE."""
    pairs = [text.partition("=") for text in texts]
    for name, is_set, value in pairs:
        if not (name and is_set):
            raise ConfigError(f"--env {name}{is_set}{value}: must be KEY=VALUE")
    return {name: value for name, _, value in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of one project."""

    root: Path
    entries: tuple[Entry, ...]
    surroundings: Surroundings
    suite: Suite | None


def question(trial: Trial, *, root: Path | None = None) -> Question:
    """Find the project of the entries, or the one at `root`, and what to ask of it.

    Raises ConfigError for what is not there or not known, and where nothing is left to ask.
    """
    territory = _territory_of(root) if root else _territory(trial)
    config = load_config(territory.config_root, {})
    entries = _entries(trial, territory, config)
    interpreter = ask(trial.python or config.python or Path(sys.executable))
    return Question(
        root=territory.root,
        entries=entries,
        surroundings=_surroundings(trial, interpreter),
        suite=_suite(trial, territory.root, interpreter),
    )


def _territory(trial: Trial) -> Territory:
    """The project of the entries, or of the working folder."""
    roots = list(dict.fromkeys(locate(name, base=Path.cwd()).root for name in trial.entries))
    if len(roots) > 1:
        raise ConfigError(f"the entries belong to {len(roots)} projects: verify them one by one")
    return _territory_of(roots[0] if roots else Path.cwd())


def _territory_of(path: Path) -> Territory:
    territories, failures = stake([path])
    if failures:
        raise ConfigError(f"{path}: {failures[0].why}")
    return territories[0]


def _entries(trial: Trial, territory: Territory, config: Config) -> tuple[Entry, ...]:
    base = Path.cwd() if trial.entries else territory.root
    names = trial.entries or config.entry or tuple(named_entries(territory))
    entries = tuple(locate(name, base=base) for name in names)
    outside = next((entry for entry in entries if entry.file is None), None)
    if outside is not None:
        raise ConfigError(f"{outside.name}: no module of that name or path is in {territory.root}")
    if not entries and not trial.test:
        raise ConfigError(
            f"nothing in {territory.root} names an entry point: name one, such as api/index.py, or --test"
        )
    return entries


def _surroundings(trial: Trial, interpreter: Interpreter) -> Surroundings:
    known = platforms()
    if trial.platform not in known:
        raise ConfigError(f"--platform {trial.platform}: not known; there are {', '.join(known)}")
    platform = known[trial.platform]
    platform = replace(
        platform,
        seconds=trial.seconds or platform.seconds,
        memory=trial.memory * MIB if trial.memory else platform.memory,
    )
    return Surroundings(
        platform=platform,
        isolation=trial.isolation or strongest(),
        interpreter=interpreter,
        added=trial.variables,
        runs=trial.runs,
    )


def _suite(trial: Trial, root: Path, interpreter: Interpreter) -> Suite | None:
    if trial.test is None:
        return None
    here = Path.cwd()
    return Suite(
        command=trial.test,
        python=interpreter.path,
        origin=root,
        inside=here.relative_to(root) if here.is_relative_to(root) else Path(),
        seconds=trial.test_seconds,
    )
