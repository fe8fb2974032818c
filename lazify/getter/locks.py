"""Locks that the making of a value takes, and that may be held where somebody asks for it first.

_lock = threading.Lock()

def load():                     def find(key):
    with _lock:                     with _lock:
        return json.load(…)             return table[key]

table = load()                  made in `find`, it would wait for what `find` holds
"""

import re
from collections.abc import Container, Iterable, Iterator

from lazify.getter.class_state import reached_scopes, text_of
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Ref

_CLASSES = frozenset(
    External(f"threading.{kind}") for kind in ("BoundedSemaphore", "Condition", "Lock", "RLock", "Semaphore")
)
_TAKES = frozenset({"__enter__", "acquire"})

Code = tuple[Module, int]
Key = Target | str
"""The name of a lock of a module, or how attributes that hold locks are called."""


def lock_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what takes a lock that other code takes, too, unless the lock is made along with it."""
    making = reached_scopes(view, group)
    users = {(use.module, use.use.scope) for found in group.occurrences for use in found.uses}
    for module, number in making:
        for key, _ in _taken(view, module, number):
            if isinstance(key, str) and _is_made(view, making, key):
                continue
            for other, scope, operation in _takers(view, key):
                is_held = (other, scope) not in making and _reaches(view, (other, scope), users)
                if is_held or _hands_over(other, scope):
                    reason = (
                        f"making it takes a lock that others hold while they may ask for {group.names[0]}"
                    )
                    yield problem(reason, other, operation.span)


def _taken(view: View, module: Module, number: int) -> Iterator[tuple[Key, Operation]]:
    for operation in module.facts.scopes[number].operations:
        match operation:
            case Operation(does=Does.CALL, subject=AttributeRef(lock, name)) if name in _TAKES:
                key = _key(view, module, lock)
                if key is not None and view.effects.class_of(module, lock, number) in _CLASSES:
                    yield key, operation


def _key(view: View, module: Module, lock: Ref | None) -> Key | None:
    found = resolve(view.project, module, lock) if isinstance(lock, NameRef | AttributeRef) else None
    if isinstance(found, Defined):
        return found
    return lock.name if isinstance(lock, AttributeRef) else None


def _takers(view: View, key: Key) -> Iterator[tuple[Module, int, Operation]]:
    word = key if isinstance(key, str) else key.name if isinstance(key, Defined) else ""
    for module in view.project.mentioning(word):
        for number in range(len(module.facts.scopes)):
            for found, operation in _taken(view, module, number):
                if found == key:
                    yield module, number, operation


def _is_made(view: View, making: Iterable[tuple[Module, int]], attribute: str) -> bool:
    """Tell whether the making binds `self.lock` itself: nobody else has that lock yet."""
    binds = re.compile(rf"\.\s*{re.escape(attribute)}\s*(:[^=\n]+)?=[^=]")
    return any(binds.search(text_of(view, *each)) for each in making)


def _reaches(view: View, start: Code, users: Container[Code]) -> bool:
    """Tell whether a function uses the value, or calls one by its name that does."""
    queue, seen = [start], {start}
    while queue:
        module, number = at = queue.pop()
        if at in users:
            return True
        for operation in module.facts.scopes[number].operations:
            called = resolve(view.project, module, operation.subject) if operation.does is Does.CALL else None
            if isinstance(called, Defined):
                body = called.module.facts.scopes[MODULE].definitions.get(called.name)
                if body is not None and (called.module, body) not in seen:
                    seen.add((called.module, body))
                    queue.append((called.module, body))
    return False


def _hands_over(module: Module, number: int) -> bool:
    """Tell whether others run while the function holds the lock: `with locked(): …`."""
    return any(
        getattr(each, "name", "").endswith("contextmanager")
        for each in module.facts.scopes[number].decorators
    )
