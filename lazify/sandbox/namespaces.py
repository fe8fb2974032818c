"""Runs as the first process of new namespaces: makes the file system read-only, then runs a command in it.

Started by `unshare --user --map-root-user --mount --net --pid --ipc --fork`, alone and with the standard library
only: it sees nothing else of lazify. What it may need is written on its command line as JSON.

Sources: mount(2), mount_setattr(2), user_namespaces(7), pid_namespaces(7).
"""

import contextlib
import ctypes
import json
import os
import signal
import sys

_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_SETATTR = (
    442  # the number of the system call on every architecture that Python runs on, since Linux 5.12
)
_READ_ONLY = 1
_CLONE_NEWUSER = 0x10000000
_KILLED = 128
"""What shells add to the number of the signal that ended a process."""


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("namespace", ctypes.c_uint64),
    )


def main(specification: str, command: list[str]) -> int:
    """Enclose this process, run the command, and end with its exit code; whatever it left dies with this one."""
    asked = json.loads(specification)
    libc = ctypes.CDLL(None, use_errno=True)
    _mount(libc, None, "/", _MS_REC | _MS_PRIVATE)
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in asked["visible"] + asked["writable"]}
    for folder in asked["temporary"]:
        size = f",size={asked['size']}" if asked["size"] else ""
        _mount(libc, "tmpfs", folder, 0, f"mode=1777{size}")
    for path, descriptor in held.items():
        os.makedirs(path, exist_ok=True)  # pathlib takes 20 ms to load
        _mount(libc, f"/proc/self/fd/{descriptor}", path, _MS_BIND | _MS_REC)
        os.close(descriptor)
    _protect(libc, "/", _Attributes(set=_READ_ONLY), _AT_RECURSIVE)
    for path in [*asked["temporary"], *asked["writable"], "/proc"]:
        _protect(libc, path, _Attributes(clear=_READ_ONLY), 0)
    os.chdir(asked["folder"])
    child = os.fork()
    if child:
        return _wait_for(child)
    _give_up_power(libc, asked["user"], asked["group"])
    os.execvp(command[0], command)
    return None  # never reached: execvp returns only by raising


def _mount(
    libc: ctypes.CDLL, source: "str | None", target: str, flags: int, tmpfs: "str | None" = None
) -> None:
    """Mount a tmpfs with these options, or else bind."""
    arguments = [None if text is None else os.fsencode(text) for text in (source, target, tmpfs and "tmpfs")]
    if libc.mount(*arguments, ctypes.c_ulong(flags), None if tmpfs is None else os.fsencode(tmpfs)):
        _fail(f"mount {target}")


def _protect(libc: ctypes.CDLL, path: str, attributes: _Attributes, flags: int) -> None:
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    if libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, os.fsencode(path), flags, ctypes.byref(attributes), size):
        _fail(f"mount_setattr {path}")


def _give_up_power(libc: ctypes.CDLL, user: int, group: int) -> None:
    """Enter a user namespace that owns none of the mounts: nothing can make them writable again."""
    mine = (os.getuid(), os.getgid())
    if libc.unshare(_CLONE_NEWUSER):
        _fail("unshare")
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {mine[0]} 1"),
        ("gid_map", f"{group} {mine[1]} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as opened:
            opened.write(text)


def _wait_for(child: int) -> int:
    """Reap what falls to the first process, until the command has ended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(ValueError):
            signal.signal(number, lambda *_: os.kill(child, signal.SIGKILL))
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else _KILLED - code


def _fail(what: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
