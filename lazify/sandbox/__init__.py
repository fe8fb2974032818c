"""Where foreign code runs: a read-only file system, no network, nothing of the user's environment.

The system does it where it can: bubblewrap, or namespaces of our own through `unshare`. Where it cannot, the probe
denies the same from inside, by an audit hook, which native code gets around; a verdict says which it was.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lazify.sandbox import namespaces

_PATIENCE = 10
"""Seconds for a trial: what hangs does not work."""


class Isolation(StrEnum):
    """What keeps a command from the rest of the system, best first."""

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"
    NONE = "none"

    def __str__(self) -> str:
        """Say it as a verdict does."""
        return {
            Isolation.BUBBLEWRAP: "bubblewrap",
            Isolation.NAMESPACES: "Linux namespaces (unshare)",
            Isolation.NONE: "an audit hook inside the interpreter; native code is not held back",
        }[self]


OVERHEAD = {Isolation.BUBBLEWRAP: 4 * 2**20, Isolation.NAMESPACES: 14 * 2**20, Isolation.NONE: 0}
"""Bytes that the processes around the command hold, roughly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What a command may touch; all paths are absolute and exist."""

    folder: Path
    """Where it starts."""
    writable: tuple[Path, ...] = ()
    """What it writes there stays."""
    temporary: tuple[Path, ...] = (Path("/tmp"),)  # the platforms' one
    """Empty and writable for it, and gone with it."""
    size: int | None = None
    """Bytes that fit into each of the temporary ones; None for half of the memory."""
    visible: tuple[Path, ...] = ()
    """What it may read although it lies in a temporary one."""


def strongest() -> Isolation:
    """Try what this system has, the best first."""
    with tempfile.TemporaryDirectory(prefix="lazify-") as folder:
        box = Box(folder=Path(folder), writable=(Path(folder),), size=2**20)
        for isolation in (Isolation.BUBBLEWRAP, Isolation.NAMESPACES):
            if works(isolation, box):
                return isolation
    return Isolation.NONE


def enclosed(command: Sequence[str], box: Box, isolation: Isolation) -> list[str]:
    """Give the command that runs `command`, whose first word is a path, in the box.

    What `command` is may also be put behind the result.

    It ends with the exit code of `command`, or 128 and the number of the signal that ended it. All that it started
    ends with it.
    """
    match isolation:
        case Isolation.BUBBLEWRAP:
            return [*_bubblewrap(box), "--", *command]
        case Isolation.NAMESPACES:
            return [*_unshare(), namespaces.__file__, _specification(box), *command]
        case Isolation.NONE:
            return list(command)


def works(isolation: Isolation, box: Box) -> bool:
    """Tell whether a command is alone there, may write where it should and nowhere else, and has no network."""
    trial = [sys.executable, "-I", "-S", "-c", _TRIAL, str(box.folder)]
    try:
        done = subprocess.run(
            enclosed(trial, box, isolation), capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout == b"enclosed"


_TRIAL = """
import os, sys
home = os.path.dirname(os.path.abspath(os.__file__))
def may_write(folder):
    path = os.path.join(folder, f"lazify-trial-{os.getpid()}")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        return False
    os.unlink(path)
    return True
outside = [line for line in open("/proc/self/net/dev").readlines()[2:] if line.split(":")[0].strip() != "lo"]
is_alone = os.getpid() < 10 and not outside
is_enclosed = is_alone and may_write("/tmp") and may_write(sys.argv[1]) and not (may_write("/") or may_write(home))
print("enclosed" if is_enclosed else "open", end="")
"""


def _bubblewrap(box: Box) -> list[str]:
    command = [
        _program("bwrap"),
        "--unshare-all",
        "--unshare-user",
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--ro-bind",
        "/",
        "/",
    ]
    command += ["--dev", "/dev", "--remount-ro", "/dev", "--proc", "/proc"]
    for folder in box.temporary:
        command += [*(("--size", str(box.size)) if box.size else ()), "--tmpfs", str(folder)]
    for path in _uncovered(box):
        command += ["--ro-bind", str(path), str(path)]
    for path in box.writable:
        command += ["--bind", str(path), str(path)]
    return [*command, "--chdir", str(box.folder)]


def _unshare() -> list[str]:
    namespaces_ = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc"]
    return [
        _program("unshare"),
        *namespaces_,
        "--fork",
        "--kill-child",
        "--mount-proc",
        sys.executable,
        "-I",
        "-S",
    ]


def _program(name: str) -> str:
    """Its path: the command may be run with another search path."""
    return shutil.which(name) or name


def _specification(box: Box) -> str:
    return json.dumps(
        {
            "folder": str(box.folder),
            "writable": [str(path) for path in box.writable],
            "temporary": [str(path) for path in box.temporary],
            "visible": [str(path) for path in _uncovered(box)],
            "size": box.size,
            "user": os.getuid(),
            "group": os.getgid(),
        }
    )


def _uncovered(box: Box) -> list[Path]:
    """What would be hidden, outermost first: inner ones are shown on top of it."""
    hidden = {path for path in box.visible if any(path.is_relative_to(each) for each in box.temporary)}
    return sorted(hidden - set(box.writable), key=lambda path: len(path.parts))
