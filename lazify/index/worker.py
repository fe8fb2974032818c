"""What runs in a worker: bytes to an outcome in bytes. Nothing raises: what goes wrong is an outcome too."""

import gc
import json
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lazify.index.diagnosis import diagnose, mentioned_words
from lazify.index.packing import pack, unpack
from lazify.index.reading import decode
from lazify.model.facts import Facts

Content = tuple[bytes, bytes]
"""The key and the bytes of one file."""
Outcome = tuple[bytes, bytes]
"""The key, and what `read_outcome` reads."""

A = TypeVar("A")
R = TypeVar("R")

_FACTS, _UNSCANNABLE = b"F", b"U"
_DEEP_RECURSION = 20_000
_DEEP_STACK = 512 * 2**20  # bytes; only the pages that are used take memory


@dataclass(frozen=True, slots=True)
class Unscannable:
    """Why no facts could be learned from some bytes."""

    why: str
    line: int | None
    words: frozenset[str]


def scan_all(contents: Sequence[Content]) -> list[Outcome]:
    """Scan some files, then let go of what their trees and scopes left behind.

    What was there before is not searched for garbage: in the process of a run that is the facts of whole projects.
    Who calls this in a process that lives on thaws it, as `without_garbage_collection` does.
    """
    gc.freeze()
    outcomes = [(key, _scan(data)) for key, data in contents]
    gc.collect()
    return outcomes


def scan_one(data: bytes) -> bytes:
    """Scan the bytes of one file; its tree is left to the garbage collector, which a big heap makes slow."""
    return _scan(data)


def read_outcome(outcome: bytes) -> Facts | Unscannable:
    """Read what `scan_all` gave for one file."""
    if outcome[:1] == _FACTS:
        return unpack(outcome[1:])
    why, line, words = json.loads(outcome[1:])
    return Unscannable(why, line, frozenset(words))


def _scan(data: bytes) -> bytes:
    text = ""
    try:
        text = decode(data).text
        return _FACTS + _with_a_deep_stack_if_needed(_packed_facts, text)
    except Exception as error:  # the file boundary: it becomes the file's outcome
        why, line = diagnose(error, text)
        words = sorted(mentioned_words(data))
        return _UNSCANNABLE + json.dumps([why, line, words]).encode()


def _packed_facts(text: str) -> bytes:
    from lazify.index.scan import scan  # a run that finds everything in the store never needs it

    return pack(scan(text))


def _with_a_deep_stack_if_needed(function: Callable[[A], R], argument: A) -> R:
    """Call it again where the tree is deep, such as a sum of some thousand terms."""
    try:
        return function(argument)
    except RecursionError:
        return _with_a_deep_stack(function, argument)


def _with_a_deep_stack(function: Callable[[A], R], argument: A) -> R:
    results: list[R] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(function(argument))
        except Exception as error:  # raised again in the caller's thread
            errors.append(error)

    stack, recursion = threading.stack_size(_DEEP_STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEP_RECURSION)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(recursion)
    if errors:
        raise errors[0]
    return results[0]
