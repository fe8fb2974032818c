"""Denies writes and the network from inside the project's interpreter, where the system has no way to do it.

Stands before the probe: it is run in its place, says no from then on to what its specification does not allow, and runs
the probe. Python 3.8 and newer, standard library only. Native code that opens files or connects by itself is not
heard. The specification lies beside it, as JSON: `probe`, `writable`, the folders in which files may be written, and
`protected`, those inside of them where they may not.
"""

from __future__ import annotations

import errno
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence

_CHANGES = {
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
}
"""Audit events of changes, with the arguments that are changed."""
_CONNECTIONS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_LOCAL = (1,)  # AF_UNIX


def denying(writable: Sequence[str], protected: Sequence[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """Make an audit hook that raises what a read-only file system without a network would."""
    allowed = (*_prefixes(writable), "/dev/", "/proc/")
    denied = _prefixes(protected)
    join, real, fsdecode = os.path.join, os.path.realpath, os.fsdecode

    def is_allowed(path: Any) -> bool:
        if isinstance(path, int):
            return True  # opened before
        place = join(real(fsdecode(path)), "")
        return place.startswith(allowed) and not place.startswith(denied)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            is_writing = (
                any(letter in mode for letter in "wax+") if isinstance(mode, str) else flags & _WRITES
            )
            if is_writing and path is not None and not is_allowed(path):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        elif event in _CHANGES:
            for position in _CHANGES[event]:
                if not is_allowed(args[position]):
                    raise OSError(errno.EROFS, os.strerror(errno.EROFS), args[position])
        elif event == "sqlite3.connect":
            _deny_database(args[0], is_allowed)
        elif event in _CONNECTIONS and int(args[0].family) not in _LOCAL:
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
        elif event in _LOOKUPS:
            _deny_lookup(args[0])

    return hook


def _after_the_listener(hook: Callable[[str, tuple[Any, ...]], None]) -> None:
    """Add `hook` behind the next one: what is denied must have been heard, and the first that raises ends it."""
    add = sys.addaudithook

    def addaudithook(first: Callable[[str, tuple[Any, ...]], None]) -> None:
        sys.addaudithook = add
        add(first)
        add(hook)

    sys.addaudithook = addaudithook  # type: ignore[assignment]  # until it is called


def _prefixes(folders: Sequence[str]) -> tuple[str, ...]:
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)


_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _deny_database(path: Any, is_allowed: Callable[[Any], bool]) -> None:
    """SQLite opens files by itself: where it may not write, it can make none, and change none that is there."""
    if isinstance(path, (str, bytes)) or hasattr(path, "__fspath__"):
        name = os.fsdecode(path)
        is_file = name not in ("", ":memory:") and not name.startswith("file:")
        if is_file and not is_allowed(name) and not os.path.exists(name):
            import sqlite3

            raise sqlite3.OperationalError("unable to open database file")


def _deny_lookup(host: Any) -> None:
    """What is an address already, or this machine, is looked up without a network."""
    import socket

    name = host[0] if isinstance(host, tuple) else host
    text = os.fsdecode(name) if isinstance(name, (str, bytes)) else ""
    if not text or text == "localhost":
        return
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except OSError:
            continue
        return
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def main() -> None:
    """Deny, then be the probe."""
    with open(__file__ + ".json", encoding="utf-8") as file:
        asked = json.load(file)
    for name in ("json", "json.decoder", "json.encoder", "json.scanner", "_json"):
        sys.modules.pop(name, None)  # `python -c` would not have loaded them
    with open(asked["probe"], "rb") as file:
        code = compile(file.read(), asked["probe"], "exec")
    hook = denying(asked["writable"], asked["protected"])
    if "traced" in sys.argv[:3]:  # the probe listens
        _after_the_listener(hook)
    else:
        sys.addaudithook(hook)
    names = sys.modules["__main__"].__dict__
    names["__file__"] = asked["probe"]
    exec(code, names)  # lazify's own


if __name__ == "__main__":
    main()
