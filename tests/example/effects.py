"""Run in the service's folder: import the modules named on the command line, and print what that touched.

A script, not a module of the tests: an audit hook cannot be taken away again.
"""

import json
import os
import secrets
import sys
import threading
from pathlib import Path
from typing import Any

TOUCHES = {
    "_thread.start_new_thread",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.system",
    "os.truncate",
    "shutil.copyfile",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "sqlite3.connect",
    "subprocess.Popen",
}
CODE = (".py", ".pyc", ".so")


def watch(touched: list[list[str]]) -> None:
    """Note every event of `TOUCHES`, and every file opened that is neither code nor an installed package's."""
    installed = tuple({os.path.realpath(path) for path in [*sys.path, sys.base_prefix] if path})

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in TOUCHES:
            touched.append([event, repr(arguments)])
        elif event == "open" and not isinstance(arguments[0], int):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.endswith(CODE) and not path.startswith(installed):
                touched.append([event, path])

    sys.addaudithook(hook)


def watch_calls(touched: list[list[str]], owner: object, name: str) -> None:
    """Note calls that raise no audit event: random numbers anywhere, threads before Python 3.12."""
    original = getattr(owner, name)

    def noted(*arguments: object, **options: object) -> object:
        touched.append([name, repr(arguments)])
        return original(*arguments, **options)

    setattr(owner, name, noted)


if __name__ == "__main__":
    found: list[list[str]] = []
    watch_calls(found, secrets, "token_urlsafe")
    watch_calls(found, threading.Thread, "start")
    watch(found)
    sys.path.insert(0, str(Path.cwd()))
    for module in sys.argv[1:]:
        __import__(module)
    print(json.dumps(found))
