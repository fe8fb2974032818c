"""What is done with the file whose path a name holds: `open(STATE, "w")`, `Path(STATE).exists()`, `os.listdir(DATA)`.

An expression *is* the path, or a *part* of it, a folder that it leads through; what lies in such a folder *shares* it.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.handing import Handing, Here, Step
from lazify.getter.aliases.outcomes import Changed, How, Level
from lazify.nodes import Parents

_PATHS = frozenset({"Path", "PosixPath", "str", "fspath", "abspath", "realpath", "expanduser", "expandvars"})
"""Functions that give the same path."""
_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "rstrip", "strip", "__fspath__"})
"""Methods that do."""
_WRITES = frozenset({"write_text", "write_bytes", "unlink", "rename", "touch", "truncate"})
_WRITE_FILES = frozenset(
    {"remove", "unlink", "truncate", "rename", "replace", "move", "copy", "copy2", "copyfile"}
)
_HOMES = frozenset({"os", "shutil"})
_READ_THE_FIRST = frozenset({"copy", "copy2", "copyfile"})
_ASKS = frozenset(
    {"exists", "is_file", "is_dir", "stat", "lstat", "read_text", "read_bytes", "open", "chmod", "lchmod"}
)
"""Methods of paths, some of which fail where no file is."""
_ASK_FILES = frozenset(
    {
        "access", "chmod", "chown", "copy", "copy2", "copyfile", "exists", "getatime", "getctime", "getmtime",
        "getsize", "isdir", "isfile", "lchmod", "lchown", "lexists", "lstat", "open", "stat", "utime",
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
_KEEPS_OPEN = frozenset(
    {"FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "WatchedFileHandler", "basicConfig"}
)
"""What writes into a file from then on."""
_RUNS = frozenset(
    {"Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput", "popen", "run", "system"}
)
_COMMANDS = (
    "cp",
    "curl",
    "dd",
    "install",
    "ln",
    "mv",
    "rm",
    "rsync",
    "sed",
    "tee",
    "touch",
    "truncate",
    "wget",
)
_COMMAND = re.compile(rf">|(?:^|[;&|]|\bsudo\b)\s*(?:{'|'.join(_COMMANDS)})\s")
"""What writes files, in the text that a shell gets: whatever else a process is given it is taken to read."""
_LIST: dict[str, How] = {
    **dict.fromkeys(("glob", "iglob", "iterdir", "listdir", "scandir"), "listed"),
    **dict.fromkeys(("copytree", "fwalk", "make_archive", "rglob", "rmtree", "walk"), "walked"),
}
"""Functions and methods that look through a folder, or through all that is below it."""
_MAKES = frozenset(
    {"makedirs", "mkdir", "rmdir", "symlink_to", "hardlink_to", "symlink", "link", "removedirs"}
)
"""What makes or removes something that is no file, and is in a folder then, or no more."""
_FILLS = frozenset(
    {
        "NamedTemporaryFile", "TemporaryDirectory", "copytree", "extract", "extractall", "mkdtemp", "mkstemp", "rmtree",
        "unpack_archive", "urlretrieve",
    }
)  # fmt: skip
"""What puts something into a folder that it gets, or empties it."""
_GLOBS = frozenset({"glob", "iglob"})
_FOLDERS = frozenset({"dirname", "split"})
_PARENTS = frozenset({"parent", "parents"})
WRITES = _WRITES | _WRITE_FILES | _MAKES | _FILLS | {"open"}
"""The names of what writes."""
IS_PATTERN = re.compile(r"[*?\[]")


def written(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the paths of what a call writes, makes or removes, by whatever way it gets them."""
    name = last_name(call.func)
    if isinstance(call.func, ast.Attribute):
        is_open = name == "open" and _is_for_writing(call, 0)
        if name in _WRITES | _MAKES or is_open or (name == "replace" and len(call.args) == 1):
            yield call.func.value
    places: list[tuple[int | str | None, ast.expr]] = [*enumerate(call.args)]
    for place, each in (*places, *((keyword.arg, keyword.value) for keyword in call.keywords)):
        if _does(call, name, place, "is") in ("file", "made") or name in _FILLS:
            yield each


class Writing(Handing):
    """Follows paths: an outcome that changes something is a file that is written, or asked for."""

    def __init__(self, parents: Parents) -> None:
        """`parents` has the node around each node."""
        super().__init__(parents)
        self._steps = {
            **self._steps,
            ast.BinOp: self._operator_of_paths,
            ast.FormattedValue: lambda at, here: Step((), at, here.level),
            ast.JoinedStr: self._formatted,
            ast.Dict: self._configured,
            ast.List: self._command,
        }

    def _operator_of_paths(self, at: ast.BinOp, here: Here) -> Step:
        """`FOLDER / "a.txt"`, `FOLDER + "/*.txt"`, `"%s/*.txt" % FOLDER`."""
        if at.left is not here.node and not isinstance(at.op, ast.Mod):
            return self._with_beginning(at, here)
        step = self._with_rest(at, _text(at.right if at.left is here.node else at.left), here)
        is_folder = isinstance(at.op, ast.Div) and at.left is here.node and here.level == "is"
        return Step([*step.outcomes, Changed(at, "joined")], *step[1:]) if is_folder else step

    def _formatted(self, at: ast.JoinedStr, here: Here) -> Step:
        call = self._parents.get(at)
        if isinstance(call, ast.Call) and last_name(call.func) in _RUNS and here.level == "is":
            command = "".join(_text(each) or "x" for each in at.values)
            return Step([Changed(call, "file")] if _COMMAND.search(command) else ())
        place = [*at.values].index(here.node)
        if place and not isinstance(here.node, ast.Constant):
            return self._with_beginning(at, here)
        return self._with_rest(at, _joined(at.values[place + 1 :]), here)

    def _configured(self, at: ast.Dict, here: Here) -> Step:
        """`{"handlers": {"file": {"filename": PLACE}}}`: a handler of logging writes there."""
        named = dict(zip(map(id, at.values), at.keys, strict=True)).get(id(here.node))
        is_file = here.level == "is" and isinstance(named, ast.Constant) and named.value == "filename"
        return Step([Changed(at, "file", is_later=True)] if is_file else (), at, here.put)

    def _command(self, at: ast.List, here: Here) -> Step:
        """`["cp", NEW, PLACE]`"""
        writes = here.level == "is" and _text(at.elts[0]) in _COMMANDS
        return Step([Changed(at, "file")] if writes else (), at, here.put)

    def _with_beginning(self, at: ast.expr, here: Here) -> Step:
        """`ROOT + "/a.txt"` is a path of that file, whatever its folder; what a name is the end of may be none."""
        return Step((), at, here.level if isinstance(here.node, ast.Constant) else here.put)

    def _with_rest(self, at: ast.expr, rest: str | None, here: Here) -> Step:
        """A path is made longer by what is known, or not: then it is at most for something in the folder."""
        if here.level not in ("is", "part"):
            return Step((), at, here.level)
        if rest is not None and IS_PATTERN.search(rest):
            return Step([Changed(at, "walked" if "**" in rest else "listed", rest)])
        if rest is not None and not rest.strip("./"):
            return Step((), at, here.level)
        return Step((), at if rest is None or here.level == "part" else None, here.put)

    def _attribute(self, at: ast.Attribute, here: Here) -> Step:
        call = self._parents.get(at)
        if here.level == "holds":
            return super()._attribute(at, here)
        if not isinstance(call, ast.Call) or call.func is not at:
            return Step((), at, "part") if at.attr in _PARENTS and here.level != "shares" else Step()
        if at.attr in _SAME:
            return Step((), call, here.level)
        if at.attr == "joinpath":
            step = self._with_rest(call, _joined(call.args), here)
            return Step([*step.outcomes, Changed(call, "joined")], *step[1:]) if here.level == "is" else step
        if at.attr in _LIST and here.level != "shares":
            pattern = _text(call.args[0]) if call.args else None
            return Step([_listed(call, at.attr, pattern or "")])
        is_open = at.attr == "open" and _is_for_writing(call, 0)
        writes = at.attr in _WRITES or is_open or (at.attr == "replace" and len(call.args) == 1)
        if here.level == "is":
            other: How | None = "made" if at.attr in _MAKES else "asked" if at.attr in _ASKS else None
            does: How | None = "file" if writes else other
            return Step([Changed(call, does)] if does else ())
        return Step([Changed(call, "inside")] if writes or at.attr in _MAKES else ())

    def _subscript(self, at: ast.Subscript, here: Here) -> Step:
        return Step() if here.level == "is" else super()._subscript(at, here)

    def _argument(self, call: ast.Call, position: int | str | None, here: Here) -> Step:
        name = last_name(call.func)
        if here.level in ("is", "part") and name in _LIST:
            return Step([*_filled(call, name, here.level), _listed(call, name)])
        if here.level == "shares" and name in _GLOBS:
            return Step([_listed(call, name)])
        if here.level == "holds":
            step = super()._argument(call, position, here)
            return Step([*step.outcomes, _listed(call, name)], *step[1:]) if name in _GLOBS else step
        if name in _FOLDERS and here.level != "shares":
            return Step((), call, "part")
        if name == "join" or (name in _PATHS and len(call.args) > 1):
            step = self._with_rest(call, _joined(call.args[1:]) if position == 0 else None, here)
            is_folder = position == 0 and here.level == "is"
            return Step([*step.outcomes, Changed(call, "joined")], *step[1:]) if is_folder else step
        if name in _PATHS:
            return Step((), call, here.level)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
            return self._with_rest(call, _text(call.func.value), here)
        if name in _KEEPS_OPEN and here.level == "is" and position in (0, "filename"):
            return Step([Changed(call, "file", is_later=True)])
        if how := _does(call, name, position, here.level):
            return Step([Changed(call, how)])
        return super()._argument(call, position, here)


def _does(call: ast.Call, name: str, position: int | str | None, level: Level) -> How | None:
    if level != "is":
        is_made = name in _MAKES and level == "shares"
        is_inside = is_made or name in _FILLS or _writes(call, name, position)
        return "inside" if is_inside else None
    if _writes(call, name, position):
        return "file"
    if name in _ASK_FILES:
        return "asked"
    if name in _MAKES:
        return "made"
    return "opened" if name in _OPENS else None


def _filled(call: ast.Call, name: str, level: Level) -> Iterator[Changed]:
    if name in _FILLS:
        yield Changed(call, "inside")
        if level == "is":
            yield Changed(call, "made")


def _listed(call: ast.Call, name: str, pattern: str = "") -> Changed:
    return Changed(call, "walked" if "**" in pattern else _LIST[name], pattern)


def _joined(nodes: Iterable[ast.expr]) -> str | None:
    texts = [_text(each) for each in nodes]
    return None if None in texts else "/".join(map(str, texts))


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


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
