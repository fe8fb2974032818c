"""Imports an entry in a copy of the project as a serverless platform would, and says what was seen."""

import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import lazify
from lazify.interpreter import Interpreter
from lazify.knowledge.platforms import Platform
from lazify.model.observations import Exited, Imported, Killed, Observation, OutOfMemory, TimedOut
from lazify.observing.entries import Entry
from lazify.observing.observe import PROBE, Conditions, observe
from lazify.processes import Limits
from lazify.sandbox import OVERHEAD, Box, Isolation, denial, enclosed
from lazify.verify.copies import copy_tree

_SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_SLOWDOWN = 4
"""How much longer a traced import may take: only one that is not traced tells whether the platform's limit holds."""
_SIGNALLED = 128
"""What shells, and what encloses, add to the number of the signal that ended a process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an import finds around it."""

    platform: Platform
    isolation: Isolation
    interpreter: Interpreter
    added: Mapping[str, str] = field(default_factory=dict)
    """Variables beside those of the platform."""
    runs: int = 3
    """How often time and memory are measured."""


def look_at_both(
    entry: Entry, before: Path, after: Path, surroundings: Surroundings
) -> tuple[Observation | None, Observation | None]:
    """Import the entry on both sides, in turns, so that a busy machine is busy for both; None where it is missing.

    `before` and `after` are copies of the entry's root.
    """
    sides = [each for each in (moved(entry, before), moved(entry, after)) if _is_there(each)]
    plain = {side.root: [look(side, surroundings, is_traced=False)] for side in sides}
    traced = {
        side.root: look(side, surroundings, is_traced=True)
        for side in sides
        if not isinstance(plain[side.root][0].outcome, TimedOut | OutOfMemory)  # it would, and slower
    }
    for _ in range(surroundings.runs - 1):
        for side in sides:
            if isinstance(plain[side.root][0].outcome, Imported):
                plain[side.root].append(look(side, surroundings, is_traced=False))
    seen = {root: _together(traced.get(root), looks) for root, looks in plain.items()}
    return seen.get(before), seen.get(after)


def moved(entry: Entry, tree: Path) -> Entry:
    """Give the entry as it is in a copy of its root."""

    def there(path: Path) -> Path:
        inside = os.path.relpath(path, entry.root)
        return Path(os.path.normpath(tree / inside))

    return replace(
        entry,
        root=tree,
        file=None if entry.file is None else there(entry.file),
        folder=None if entry.folder is None else there(entry.folder),
    )


def look(entry: Entry, surroundings: Surroundings, *, is_traced: bool) -> Observation:
    """Import the entry once, where nothing that it does stays."""
    with _workplace(entry, surroundings) as work:
        conditions = _conditions(entry, surroundings, work, patience=_SLOWDOWN if is_traced else 1)
        seen = observe(entry, conditions, is_traced=is_traced)
    outcome = seen.outcome
    is_enclosed = surroundings.isolation is not Isolation.NONE
    if is_enclosed and isinstance(outcome, Exited) and outcome.how is None and outcome.code > _SIGNALLED:
        return replace(seen, outcome=Killed(signal=outcome.code - _SIGNALLED, at=outcome.at))
    return seen


@contextmanager
def _workplace(entry: Entry, surroundings: Surroundings) -> Iterator[Path]:
    """A folder for what a run needs; what it changes in the copy, where the platform lets it, is taken back."""
    with tempfile.TemporaryDirectory(prefix="lazify-run-", ignore_cleanup_errors=True) as folder:
        work = Path(folder).resolve()
        if not surroundings.platform.writes_everywhere:
            yield work
            return
        copy_tree(entry.root, work / "pristine")
        try:
            yield work
        finally:
            shutil.rmtree(entry.root)
            shutil.move(work / "pristine", entry.root)


def _conditions(entry: Entry, surroundings: Surroundings, work: Path, *, patience: float) -> Conditions:
    platform, isolation = surroundings.platform, surroundings.isolation
    is_enclosed = isolation is not Isolation.NONE
    temporary = platform.temporary[0] if is_enclosed else work / "temporary"
    temporary.mkdir(exist_ok=True)
    box = Box(
        folder=entry.root,
        writable=(entry.root,) if platform.writes_everywhere else (),
        temporary=platform.temporary,
        size=platform.size,
        visible=tuple(_needed(entry, surroundings.interpreter, work)),
    )
    return Conditions(
        interpreter=surroundings.interpreter,
        limits=Limits(seconds=platform.seconds * patience, bytes=platform.memory + OVERHEAD[isolation]),
        environment=_environment(entry, surroundings, temporary),
        prefix=tuple(enclosed((), box, isolation)),
        probe=PROBE if is_enclosed else _denied(work, box, temporary),
    )


def _needed(entry: Entry, interpreter: Interpreter, work: Path) -> Iterator[Path]:
    """What must be seen although it may lie in a temporary folder."""
    yield entry.root.parent
    yield work
    yield Path(lazify.__file__).parent
    for python in (interpreter.path.absolute(), interpreter.path.resolve()):
        yield python.parent.parent
    yield from (folder for folder in interpreter.search_path if folder.is_dir())


def _environment(entry: Entry, surroundings: Surroundings, temporary: Path) -> dict[str, str]:
    platform = surroundings.platform
    folders = dict.fromkeys((str(surroundings.interpreter.path.parent), *_SYSTEM_PATH))
    filled = {
        name: value.format(root=entry.root, memory=platform.memory // 2**20)
        for name, value in platform.environment.items()
    }
    own = {"PATH": os.pathsep.join(folders), "TMPDIR": str(temporary)}
    return {**own, **filled, **surroundings.added}


def _denied(work: Path, box: Box, temporary: Path) -> Path:
    """Put the file that denies before the probe."""
    file = work / "denied_probe.py"
    shutil.copyfile(denial.__file__, file)
    is_protected = box.folder not in box.writable
    specification = {
        "probe": str(PROBE),
        "writable": [str(folder) for folder in (temporary, *box.temporary, *box.writable)],
        "protected": [str(box.folder)] if is_protected else [],
    }
    file.with_name(f"{file.name}.json").write_text(json.dumps(specification), encoding="utf-8")
    return file


def _is_there(entry: Entry) -> bool:
    return entry.file is None or entry.file.is_file()


def _together(traced: Observation | None, plain: Sequence[Observation]) -> Observation:
    """What the traced run saw, with the time and memory of the others, which are not slowed down by looking."""
    if traced is None:
        return plain[0]
    odd = next((each for each in plain if type(each.outcome) is not type(traced.outcome)), None)
    if odd is not None:
        note = "one run of the same import ended otherwise than another"
        return replace(odd, notes=(*odd.notes, note))
    return replace(
        traced,
        seconds=statistics.median(each.seconds for each in plain),
        peak_bytes=round(statistics.median(each.peak_bytes for each in plain)),
    )
