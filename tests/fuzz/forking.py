"""Runs drivers in forks of a process that has the frameworks loaded: `python forking.py`, one JSON object a line.

Asked {"root": folder, "driver": text}, it answers {"code": …, "out": text, "err": text}.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import traceback
import warnings
from typing import Any

SECONDS = 30
"""After which a driver is ended."""


def main() -> None:
    """Answer until nobody asks any more."""
    sys.path.pop(0)  # the folder of this file
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    import asyncio  # noqa: F401 (loaded for those who come)

    import fastapi  # noqa: F401
    import starlette.applications  # noqa: F401

    gc.freeze()  # what a fork does not touch it need not copy
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(_answer(asked["root"], asked["driver"])), flush=True)


def _answer(root: str, driver: str) -> Any:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            _run(root, driver)
        _, status = os.waitpid(child, 0)
        found = [(each.seek(0), each.read())[1].decode(errors="replace") for each in (out, err)]
    return {"code": os.waitstatus_to_exitcode(status), "out": found[0], "err": found[1]}


def _run(root: str, driver: str) -> None:
    """Be `python -c driver` in that folder."""
    code = 0
    try:
        os.chdir(root)
        sys.path.insert(0, root)
        sys.stdin.close()
        exec(compile(driver, "driver", "exec"), {"__name__": "__main__"})
    except SystemExit as leaving:
        code = 1
        print(leaving.code, file=sys.stderr)
    except BaseException:
        code = 1
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


main()
