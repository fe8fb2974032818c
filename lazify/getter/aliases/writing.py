"""Where files are written, or asked for, whose path a name holds: `open(STATE, "w")`, `Path(STATE).exists()`."""

import ast
import re

from lazify.getter.aliases.handing import Handing, Here, Step, last_name
from lazify.getter.aliases.outcomes import Changed
from lazify.nodes import Parents

_PATHS = frozenset({"Path", "PosixPath", "str", "fspath", "abspath", "realpath", "expanduser", "expandvars"})
"""Functions that give the same path."""
_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__fspath__"})
"""Methods that do."""
_WRITES = frozenset({"write_text", "write_bytes", "unlink", "rename", "touch", "truncate"})
_WRITE_FILES = frozenset(
    {"remove", "unlink", "truncate", "rename", "replace", "move", "copy", "copy2", "copyfile"}
)
_HOMES = frozenset({"os", "shutil"})
_READ_THE_FIRST = frozenset({"copy", "copy2", "copyfile"})
_ASKS = frozenset(
    {"exists", "is_file", "is_dir", "stat", "lstat", "read_text", "read_bytes", "open", "iterdir", "glob"}
)
"""Methods of paths."""
_ASK_FILES = frozenset(
    {
        "access", "copy", "copy2", "copyfile", "exists", "getatime", "getctime", "getmtime", "getsize", "isdir",
        "isfile", "lexists", "listdir", "lstat", "open", "scandir", "stat",
    }
)  # fmt: skip
_OPENS = frozenset({"connect", "create_engine"})
"""What makes a database that is not there; who opens it may look for what somebody else put into it."""
_MODES = frozenset("wax+")
_MODE = re.compile(r"[wax][bt]?\+?|r[bt]?\+[bt]?")
"""The second argument of whatever opens files: `ZipFile(path, "w")`."""
_SAVES = re.compile(
    r"(dump|export|save)(_|\d|$)|to_(csv|disk|excel|feather|file|html|json|parquet|pickle|xml)$"
)
"""How functions and methods are called that write what they are given a path for: `joblib.dump`, `to_csv`."""


class Writing(Handing):
    """Follows paths: an outcome that changes something is a file that is written, or asked for."""

    def __init__(self, parents: Parents) -> None:
        """`parents` has the node around each node."""
        super().__init__(parents)
        self._steps = {**self._steps, ast.BinOp: self._joined}

    def _joined(self, at: ast.BinOp, here: Here) -> Step:
        is_folder = isinstance(at.op, ast.Div) and at.left is here.node and here.level == "is"
        return Step([Changed(at, "joined")] if is_folder else ())

    def _attribute(self, at: ast.Attribute, here: Here) -> Step:
        call = self._parents.get(at)
        if not isinstance(call, ast.Call) or call.func is not at or here.level != "is":
            return super()._attribute(at, here)
        if at.attr in _SAME:
            return Step((), call, here.level)
        if at.attr in _WRITES or (at.attr == "open" and _is_for_writing(call, 0)):
            return Step([Changed(call, "file")])
        if at.attr == "replace" and len(call.args) == 1:
            return Step([Changed(call, "file")])
        if at.attr in _ASKS:
            return Step([Changed(call, "asked")])
        return Step([Changed(call, "joined")] if at.attr == "joinpath" else ())

    def _argument(self, call: ast.Call, position: int | str | None, here: Here) -> Step:
        name = last_name(call.func)
        if name in _PATHS:
            return Step((), call, here.level)
        if here.level == "is" and _writes(call, name, position):
            return Step([Changed(call, "file")])
        if here.level == "is" and name in _ASK_FILES:
            return Step([Changed(call, "asked")])
        if here.level == "is" and name == "join" and position == 0:
            return Step([Changed(call, "joined")])
        if here.level == "is" and name in _OPENS:
            return Step([Changed(call, "opened")])
        return super()._argument(call, position, here)


def _writes(call: ast.Call, name: str, position: int | str | None) -> bool:
    if name == "open":
        return position in (0, "file") and _is_for_writing(call, 1)
    owner = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in _WRITE_FILES and (owner in _HOMES or isinstance(call.func, ast.Name)):
        return not (name in _READ_THE_FIRST and position in (0, "src"))
    modes = [each.value for each in call.args[1:2] if isinstance(each, ast.Constant)]
    has_mode = position == 0 and any(isinstance(each, str) and _MODE.fullmatch(each) for each in modes)
    return has_mode or _SAVES.match(name) is not None


def _is_for_writing(call: ast.Call, position: int) -> bool:
    modes = [
        *call.args[position : position + 1],
        *(each.value for each in call.keywords if each.arg == "mode"),
    ]
    texts = [each.value for each in modes if isinstance(each, ast.Constant)]
    return len(texts) < len(modes) or any(isinstance(each, str) and _MODES & set(each) for each in texts)
