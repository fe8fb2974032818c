"""Sources to Facts: what the store knows is looked up, the rest is scanned in workers."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from lazify.executor import LITTLE_WORK, SerialExecutor, outcomes, without_garbage_collection
from lazify.index.contents import Contents, look
from lazify.index.diagnosis import mentioned_words
from lazify.index.store import Store
from lazify.index.worker import Content, Outcome, Unscannable, read_outcome, scan_all
from lazify.model.facts import Facts
from lazify.model.places import Failure, Source

_CHUNK = 300_000  # bytes: many chunks for each worker keep all of them busy to the end (tests/benchmarks)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One source and what it says."""

    source: Source
    facts: Facts
    key: bytes
    """Differs when the file's bytes do: compare with `content_key` of them."""


def load(  # noqa: PLR0913  # what to read, with what, and what to do beside it
    sources: Sequence[Source],
    *,
    executor: Executor,
    store: Store,
    contents: Contents | None = None,
    progress: Progress = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[list[Loaded], list[Failure]]:
    """Scan every source, in their order; `progress` hears of files that are done, as they are done.

    `meanwhile` is called once scanning has begun, which other processes may do.
    Never raises for what a file holds: such files are Failures. Raises LazifyError when a file does not hold what
    it held for `contents`, which are looked up now where they are not given.
    """
    contents = contents or _looked_up(sources, store)
    found = [(source.path, contents.keys[source.path]) for source in sources if source.path in contents.keys]
    counts = Counter(key for _, key in found)
    progress(len(sources) - len(found))
    with without_garbage_collection():
        known = store.get(list(counts))
        progress(sum(counts[key] for key in known))
        unknown = {key: contents.read(path) for path, key in found if key not in known}
        fresh = {}
        scanned = _scanned(list(unknown.items()), executor)
        meanwhile()
        for key, outcome in scanned:
            fresh[key] = outcome
            progress(counts[key])
        store.put({key: outcome for key, outcome in fresh.items() if outcome is not None})
        read = {key: read_outcome(outcome) for key, outcome in known.items()}
        read |= {key: _outcome(outcome, unknown[key]) for key, outcome in fresh.items()}
    return _sorted(sources, contents, read)


def _looked_up(sources: Sequence[Source], store: Store) -> Contents:
    root = sources[0].root if sources else Path()
    return look([source.path for source in sources], root=root, store=store)


def _scanned(contents: Sequence[Content], executor: Executor) -> Iterator[tuple[bytes, bytes | None]]:
    """Begin to scan, and give the outcome of each content; None where scanning it alone ends the process."""
    if sum(len(data) for _, data in contents) < LITTLE_WORK:
        executor = SerialExecutor()
    elif contents:
        import lazify.index.scan  # noqa: F401  # once, before the workers are forked, not in each of them
    return _gathered(outcomes(executor, scan_all, _chunks(contents)), executor)


def _gathered(
    chunks: Iterator[tuple[tuple[Content, ...], list[Outcome] | None]], executor: Executor
) -> Iterator[tuple[bytes, bytes | None]]:
    suspects: list[Content] = []
    for chunk, results in chunks:
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
    sources: Sequence[Source], contents: Contents, read: Mapping[bytes, Facts | Unscannable]
) -> tuple[list[Loaded], list[Failure]]:
    loaded: list[Loaded] = []
    failures: list[Failure] = []
    for source in sources:
        if source.path in contents.failures:
            failures.append(contents.failures[source.path])
            continue
        key = contents.keys[source.path]
        match read[key]:
            case Unscannable(why, line, words):
                failures.append(Failure(path=source.path, why=why, line=line, words=words))
            case facts:
                loaded.append(Loaded(source=source, facts=facts, key=key))
    return loaded, failures
