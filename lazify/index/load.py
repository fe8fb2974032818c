"""Sources to Facts: what the store knows is looked up, the rest is scanned in workers."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from lazify.executor import LITTLE_WORK, SerialExecutor, outcomes
from lazify.index.diagnosis import mentioned_words
from lazify.index.store import Store, content_key, scanner_version
from lazify.index.worker import Content, Unscannable, read_outcome, scan_all
from lazify.model.facts import Facts
from lazify.model.places import Failure, Source

LARGEST = 32 * 2**20
"""Bytes above which a file is refused: its syntax tree would take some gigabytes."""
_CHUNK = 300_000  # bytes: many chunks for each worker keep all of them busy to the end (tests/benchmarks)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One source and what it says."""

    source: Source
    facts: Facts
    key: bytes
    """Differs when the file's bytes do: compare with `content_key` of them."""


def load(
    sources: Sequence[Source],
    *,
    executor: Executor,
    store: Store,
    progress: Progress = lambda _: None,
    given: Mapping[Path, bytes] = MappingProxyType({}),
) -> tuple[list[Loaded], list[Failure]]:
    """Read and scan every source, in their order; `progress` hears of files that are done, as they are done.

    What is `given` is not read from the disk. Never raises for what a file holds: such files are Failures.
    """
    version = scanner_version()
    read = {s.path: given[s.path] if s.path in given else _read(s.path) for s in sources}
    keys = {path: content_key(data, version) for path, data in read.items() if isinstance(data, bytes)}
    contents = {keys[path]: data for path, data in read.items() if isinstance(data, bytes)}
    counts = Counter(keys.values())
    progress(len(read) - len(keys))
    with _without_garbage_collection():
        known = store.get(list(contents))
        progress(sum(counts[key] for key in known))
        fresh = {}
        for key, outcome in _scanned([item for item in contents.items() if item[0] not in known], executor):
            fresh[key] = outcome
            progress(counts[key])
        store.put({key: outcome for key, outcome in fresh.items() if outcome is not None})
        read_outcomes = {key: _outcome(outcome, contents[key]) for key, outcome in (known | fresh).items()}
    return _sorted(sources, read, keys, read_outcomes)


def _read(path: Path) -> bytes | Failure:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        return Failure(path=path, why=f"cannot be read: {error.strerror}")
    if len(data) > LARGEST:
        why = f"larger than {LARGEST // 2**20} MiB"
        return Failure(path=path, why=why, words=mentioned_words(path.read_bytes()))
    return data


def _scanned(contents: Sequence[Content], executor: Executor) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the outcome of each content; None where scanning it alone ends the process."""
    if sum(len(data) for _, data in contents) < LITTLE_WORK:
        executor = SerialExecutor()
    elif contents:
        import lazify.index.scan  # noqa: F401  # once, before the workers are forked, not in each of them
    suspects: list[Content] = []
    for chunk, results in outcomes(executor, scan_all, _chunks(contents)):
        if results is None:
            suspects.extend(chunk)
        yield from results or ()
    for suspect in suspects:
        ((_, results),) = outcomes(executor, scan_all, [(suspect,)])
        yield results[0] if results else (suspect[0], None)


def _chunks(contents: Sequence[Content]) -> list[tuple[Content, ...]]:
    """Group by size, the big ones first: no worker is left alone with a big file at the end."""
    chunks: list[list[Content]] = []
    room = 0
    for content in sorted(contents, key=lambda content: len(content[1]), reverse=True):
        if room < len(content[1]) or not chunks:
            chunks.append([])
            room = _CHUNK
        chunks[-1].append(content)
        room -= len(content[1])
    return [tuple(chunk) for chunk in chunks]


def _outcome(outcome: bytes | None, data: bytes) -> Facts | Unscannable:
    if outcome is None:
        why = "scanning it ended the process: out of memory, or a crash of the Python parser"
        return Unscannable(why, None, mentioned_words(data))
    return read_outcome(outcome)


def _sorted(
    sources: Sequence[Source],
    read: Mapping[Path, bytes | Failure],
    keys: Mapping[Path, bytes],
    read_outcomes: Mapping[bytes, Facts | Unscannable],
) -> tuple[list[Loaded], list[Failure]]:
    loaded: list[Loaded] = []
    failures: list[Failure] = []
    for source in sources:
        match read[source.path]:
            case Failure() as failure:
                failures.append(failure)
                continue
        match read_outcomes[keys[source.path]]:
            case Unscannable(why, line, words):
                failures.append(Failure(path=source.path, why=why, line=line, words=words))
            case facts:
                loaded.append(Loaded(source=source, facts=facts, key=keys[source.path]))
    return loaded, failures


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Facts hold no cycles: looking for some among millions of new records would take most of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
