"""Imports one entry and keeps a journal of what that does. Runs in the user's interpreter: Python 3.8 to 3.15.

It is run by its path, needs nothing but the standard library, and leaves to the imported code what
`python -c "import ENTRY"` would: `sys.argv`, `sys.path`, `__main__` and the list of modules.

    probe.py JOURNAL plain|traced MODULE FILE [path=FOLDER…] [own=FOLDER…] [package=NAME]

JOURNAL is the number of an open file. Each of its lines is a tuple in ASCII, written at once, so what was seen is there
when the process ends in any way; a forked child writes nothing. FILE is given where MODULE cannot be imported by name.
`path` folders come after '' in `sys.path`; files below `own` folders, and of the package, are first-party.

A plain run only measures. A traced one blames. Time: between two lines of a module's body (`sys.monitoring`, or
`sys.settrace` below 3.12, in first-party `<module>` frames only). Modules: around `_find_and_load`. Effects: by an
audit hook. Each is blamed on the frames of first-party module bodies on the stack, the nearest first, and on the
nearest first-party line of any kind, which may stand in a function.

All of it stands in one file, however long: a sandbox shows this file alone to the interpreter.
"""

from __future__ import annotations

import _frozen_importlib
import _frozen_importlib_external as external
import _signal  # type: ignore[import-not-found]  # `signal` itself is not loaded yet
import _thread
import builtins
import faulthandler
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Iterator, Tuple, Union

    Line = Tuple[str, int]
    Blame = Tuple[Tuple[Line, ...], Union[Line, None]]

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # tested where it is used

for _name in ("__future__", "faulthandler", "resource"):
    sys.modules.pop(_name, None)  # `python -c` would not have loaded them
globals()["__builtins__"] = dict(vars(builtins))  # the imported code may replace them

HERE = __file__
bootstrap: Any = _frozen_importlib  # whose private names are meant here
STACK_SIGNAL = getattr(_signal, "SIGURG", None)
"""Makes a hanging import write its stack into the journal; it does nothing to a process that does not ask for it."""
HIGH = 900
"""The number of the journal's file: out of the way of what the imported code opens."""
LEAST = 0.001
"""Seconds after which the cost of a line is written at once; the rest is written with its module."""
LONGEST = 500

_clock, _fstat, _getpid, _ident = time.perf_counter, os.fstat, os.getpid, _thread.get_ident
_write, _exit, _getframe = os.write, os._exit, sys._getframe
_pread: Any = getattr(os, "pread", None)  # not on Windows
_Module = type(sys)


class Journal:
    """The open file that everything is reported to."""

    def __init__(self, number: int) -> None:
        """Take the file over."""
        self.owner = _getpid()
        self.path = f"/proc/{os.getppid()}/fd/{number}"
        try:
            os.dup2(number, HIGH, inheritable=False)
            os.close(number)
            number = HIGH
        except OSError:
            os.set_inheritable(number, False)  # noqa: FBT003  # takes no keyword
        self.number = number
        self.identity = _fstat(number)[1:3]

    def write(self, *record: object) -> None:
        """Write a line, unless this is a forked child or the file is lost."""
        if _getpid() == self.owner and (self.is_open() or self.opens_again()):
            _write(self.number, (ascii(record) + "\n").encode())

    def is_mine(self) -> bool:
        """Tell whether this is the process that it was made in."""
        return _getpid() == self.owner

    def is_open(self) -> bool:
        """Tell whether the number still stands for the same file."""
        try:
            return _fstat(self.number)[1:3] == self.identity
        except OSError:
            return False

    def opens_again(self) -> bool:
        """Open the file of the parent process again; what was imported has closed all that it found."""
        try:
            self.number = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))
        except Exception:  # of the operating system, or of an audit hook
            return False
        return self.is_open()


def text(value: object) -> str:
    """Show an argument of an audit event without running much of the imported code."""
    if isinstance(value, str):
        return str.__getitem__(value, slice(LONGEST))
    if isinstance(value, bytes):
        return bytes.decode(value, "utf-8", "backslashreplace")[:LONGEST]
    if value is None or type(value) in (int, float, bool):
        return repr(value)
    if type(value) in (tuple, list):
        return " ".join(map(text, value))[:LONGEST]  # type: ignore[call-overload]  # just tested
    if hasattr(type(value), "__fspath__"):
        return text(os.fspath(value))  # type: ignore[call-overload]  # just tested
    return text(getattr(value, "__qualname__", type(value).__qualname__))


class Memory:
    """What this process has of it, in bytes; 0 where the system does not say."""

    def __init__(self) -> None:
        """Open what is read later: the imported code may have audit hooks that forbid it then."""
        self._files = [self._open(name, HIGH + place) for place, name in enumerate(("statm", "status"), 1)]
        self._page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0

    def _open(self, name: str, high: int) -> int:
        try:
            number = os.open(f"/proc/self/{name}", os.O_RDONLY)
            os.dup2(number, high, inheritable=False)
            os.close(number)
        except OSError:
            return -1
        return high

    def resident(self) -> int:
        """Give what is resident now."""
        try:
            return int(_pread(self._files[0], 64, 0).split()[1]) * self._page
        except (OSError, ValueError, IndexError, TypeError):
            return 0

    def peak(self) -> int:
        """Give the most that was ever resident; not by `resource` where possible, which counts the parent's too."""
        try:
            return int(_pread(self._files[1], 10_000, 0).split(b"VmHWM:")[1].split()[0]) * 1024
        except (OSError, ValueError, IndexError, TypeError):
            if resource is None:
                return 0
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return most if sys.platform == "darwin" else most * 1024


class Owner:
    """Tells first-party files from others."""

    def __init__(self, folders: list[str], package: str) -> None:
        """`package` is one that is installed, whose files count as well."""
        spec = external.PathFinder.find_spec(package) if package else None
        found = list(spec.submodule_search_locations or ()) if spec else []
        self._single = spec.origin if spec and not found else None
        self._inside = tuple(each + os.sep for each in found)
        self._folders = tuple(each + os.sep for each in folders)
        self._known: dict[str, bool] = {}

    def has(self, file: str) -> bool:
        """Tell whether `file` is first-party."""
        if file not in self._known:
            is_installed = "/site-packages/" in file or "/dist-packages/" in file
            is_own = file.startswith(self._folders) and not is_installed
            self._known[file] = is_own or file.startswith(self._inside) or file == self._single
        return self._known[file]


class Body:
    """The body of a first-party module that is running."""

    def __init__(self, code: CodeType) -> None:
        """Begin before its first line."""
        self.code = code
        self.line = 0
        self.began = self.since = _clock()
        self.inside = 0.0
        self.costs: dict[int, tuple[float, float]] = {}
        self.ran: dict[int, None] = {}


class Import:
    """A module that is being loaded."""

    def __init__(self, name: str, began: float, before: int) -> None:
        """Begin with `before` bytes resident."""
        self.name, self.began, self.before = name, began, before
        self.seconds_inside = 0.0
        self.bytes_inside = 0


class Costs:
    """Times what modules, and the lines of first-party module bodies, take; each second is one line's own."""

    def __init__(self, journal: Journal, owner: Owner, memory: Memory) -> None:
        """Begin with nothing loaded."""
        self._journal, self._owner, self._thread = journal, owner, _ident()
        self._memory = memory.resident
        self._imports: list[Import] = []
        self._bodies: list[Body] = []

    def watch_imports(self) -> None:
        """Stand before the import machinery's `_find_and_load`, and look like one more of its frames."""
        original, modules, costs = bootstrap._find_and_load, sys.modules, self

        def _find_and_load(name: str, import_: object) -> object:
            if name in modules or not costs.is_mine():
                return original(name, import_)
            depth = costs.enter(name)
            try:
                return original(name, import_)
            finally:
                costs.leave(name, depth)

        code = _find_and_load.__code__
        _find_and_load.__code__ = code.replace(co_filename="<frozen importlib._bootstrap>")
        bootstrap._find_and_load = _find_and_load

    def is_mine(self) -> bool:
        """Tell whether this is the thread that imports the entry, in the process that does."""
        return not self._is_over and _ident() == self._thread and self._journal.is_mine()

    def enter(self, name: str) -> int:
        """Begin an import."""
        self._imports.append(Import(name, _clock(), self._memory()))
        return len(self._bodies)

    def leave(self, name: str, depth: int) -> None:
        """End the import that began last, and the bodies that began in it."""
        while len(self._bodies) > depth:
            self.end_body()
        done, around = self._imports.pop(), self._imports[-1] if self._imports else None
        took, growth = _clock() - done.began, self._memory() - done.before
        if around is not None:
            around.seconds_inside += took
            around.bytes_inside += growth
        if name in sys.modules:
            chain, _ = blame(self._owner, _getframe(1))
            costs = (took - done.seconds_inside, took, growth - done.bytes_inside, growth)
            parent = around and around.name
            self._journal.write("module", name, file_of(sys.modules[name]), *costs, parent, chain[:1])

    def begin_body(self, code: CodeType) -> None:
        """Begin to time a module's body."""
        if self.is_mine():
            self._bodies.append(Body(code))

    def line(self, code: CodeType, line: int) -> None:
        """End the line before, and begin this one."""
        if _ident() == self._thread and any(body.code is code for body in self._bodies):
            while self._bodies[-1].code is not code:
                self.end_body()
            self._end_line(self._bodies[-1])
            self._bodies[-1].line = line
            self._bodies[-1].ran[line] = None

    def end_body(self, code: CodeType | None = None) -> None:
        """End the innermost body; what it took is no longer the own time of the line that imported it."""
        if not self._bodies or (code and (self._bodies[-1].code is not code or _ident() != self._thread)):
            return
        body = self._bodies.pop()
        self._end_line(body)
        self._journal.write("ran", body.code.co_filename, *body.ran)
        for line, (own, total) in body.costs.items():
            if total >= LEAST / 20:
                self._journal.write("line", body.code.co_filename, line, own, total)
        if self._bodies:
            self._bodies[-1].inside += body.since - body.began

    def _end_line(self, body: Body) -> None:
        now = _clock()
        own, total = body.costs.pop(body.line, (0.0, 0.0))
        own, total = own + now - body.since - body.inside, total + now - body.since
        body.since, body.inside = now, 0.0
        if total >= LEAST:
            self._journal.write("line", body.code.co_filename, body.line, own, total)
        else:
            body.costs[body.line] = own, total

    def stop(self) -> None:
        """End all that runs."""
        self._is_over = True
        if self._is_tracing:
            sys.settrace(None)
        while self._bodies:
            self.end_body()

    def watch_lines(self) -> None:
        """Have `begin_body`, `line` and `end_body` called; below 3.12 by tracing, which also begins bodies."""
        if sys.version_info < (3, 12):
            self._is_tracing = True
            sys.settrace(self._trace)
            return
        monitoring = sys.monitoring
        tool = next((number for number in (4, 3, 5, 2, 1) if monitoring.get_tool(number) is None), None)
        if tool is None:
            return
        events = monitoring.events
        monitoring.use_tool_id(tool, "lazify")
        monitoring.register_callback(tool, events.LINE, self.line)
        monitoring.register_callback(tool, events.PY_RETURN, lambda code, *_: self.end_body(code))
        self._watch = lambda code: monitoring.set_local_events(tool, code, events.LINE | events.PY_RETURN)

    def executes(self, code: Any) -> None:
        """Hear that `exec` runs this code: the body of a module, if it is one's."""
        if self._watch and getattr(code, "co_name", "") == "<module>" and self._owner.has(code.co_filename):
            self._watch(code)
            self.begin_body(code)

    _watch: Callable[[Any], None] | None = None
    _is_tracing = False
    _is_over = False

    def _trace(self, frame: FrameType, *_: object) -> Any:
        if frame.f_code.co_name != "<module>" or not self._owner.has(frame.f_code.co_filename):
            return None
        self.begin_body(frame.f_code)
        return self._trace_body

    def _trace_body(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            self.line(frame.f_code, frame.f_lineno)
        elif event == "return":
            self.end_body(frame.f_code)
        return self._trace_body


def blame(owner: Owner, frame: FrameType | None) -> Blame:
    """Find the first-party lines of module bodies on the stack, and the nearest first-party line of all."""
    chain: list[Line] = []
    doer: Line | None = None
    while frame is not None:
        code = frame.f_code
        if owner.has(code.co_filename):
            at = (code.co_filename, frame.f_lineno or 0)
            doer = doer or at
            if code.co_name == "<module>":
                chain.append(at)
        frame = frame.f_back
    return tuple(chain), doer


READERS = (
    "importlib/metadata",
    "importlib_metadata",
    "importlib/resources",
    "/pkg_resources/",
    "warnings.py",
)
"""Code that looks for what is installed, or for the lines of a warning: who asks it matters, not whom it asks."""


def between(owner: Owner, frame: FrameType | None) -> tuple[str | None, str | None]:
    """Find what stands between an event and the nearest first-party line: the file, and the module being imported."""
    by: str | None = None
    while frame is not None and not owner.has(frame.f_code.co_filename):
        file = frame.f_code.co_filename
        if file != HERE and (by is None or any(each in file for each in READERS)):
            by = file
        if frame.f_code.co_name == "<module>" and file != "<string>":
            return by, text(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    return by, None


def content(module: object) -> dict[str, Any]:
    """Give the names of a module; nothing that it computes when it is asked, and no lazy one is loaded."""
    if not issubclass(type(module), _Module):  # `isinstance` believes what an object says of itself
        return {}
    return _Module.__getattribute__(module, "__dict__")  # type: ignore[no-any-return]  # of a module


def file_of(module: object) -> str | None:
    """Give the file of a module, where it says so."""
    file = content(module).get("__file__")
    return text(file) if isinstance(file, str) else None


NAMED: dict[str, tuple[str, int]] = {}
"""Audit events, with the kind of the effect and the position of the argument that tells it."""
for _kind, _position, _events in (
    (
        "file write",
        0,
        "os.mkdir os.rename os.remove os.rmdir os.link os.symlink os.truncate os.chmod os.chown",
    ),
    ("file write", 0, "os.utime os.setxattr os.removexattr os.chflags"),
    ("file read", 0, "os.listdir os.scandir os.getxattr os.listxattr ctypes.dlopen"),
    ("database", 0, "sqlite3.connect"),
    ("network", 1, "socket.connect socket.bind socket.sendto socket.sendmsg"),
    ("network", 0, "socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr socket.getnameinfo"),
    ("network", 0, "urllib.Request"),
    ("process", 1, "subprocess.Popen os.posix_spawn os.spawn"),
    ("process", 0, "os.system os.exec os.fork os.forkpty pty.spawn"),
    ("thread", 0, "_thread.start_new_thread _thread.start_joinable_thread"),
    ("sleep", 0, "time.sleep"),
    ("entropy", 0, "os.urandom"),
    ("shared state", 0, "os.putenv os.unsetenv os.chdir"),
):
    NAMED.update((_event, (_kind, _position)) for _event in _events.split())


class Effects:
    """Hears what the imported code does to the world."""

    def __init__(self, journal: Journal, owner: Owner, costs: Costs) -> None:
        """Report to `journal`; `costs` hears of the bodies that are executed."""
        self._journal, self._owner, self._costs = journal, owner, costs
        self._seen: set[object] = set()
        self._threads: dict[int, Blame] = {}
        self._main = _ident()
        self.is_over = False

    def watch(self) -> None:
        """Listen to audit events, and stand before what raises none in this version."""
        if sys.version_info < (3, 13):
            time.sleep = Heard(time.sleep, self.hook)
        if sys.version_info < (3, 12):
            _thread.start_new_thread = Heard(_thread.start_new_thread, self.hook)
            threading: Any = sys.modules.get("threading")
            if threading:
                threading._start_new_thread = _thread.start_new_thread
        os.urandom = Heard(os.urandom, self.hook)
        variables: Any = os.environ
        variables._data = Variables(variables._data)
        variables._data.hear = self.variable
        if hasattr(os, "environb"):
            os.environb._data = variables._data  # type: ignore[attr-defined]
        sys.addaudithook(self.hook)

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """Report an event, if it is one of those that matter."""
        if event == "exec":
            if not self.is_over:
                self._costs.executes(args[0])
        elif event == "open" or event in NAMED:
            try:
                self._hear(event, args, _getframe(1))
            except Exception:  # the imported code must not see what goes wrong here
                self._journal.write("deaf", event)

    def _hear(self, event: str, args: tuple[Any, ...], frame: FrameType) -> None:
        if self.is_over or is_importing(frame) or not self._journal.is_mine():
            return
        if event == "open":
            if isinstance(args[0], int):
                return
            kind, position = ("file write" if is_writing(args[1], args[2]) else "file read"), 0
        else:
            kind, position = NAMED[event]
        detail = text(args[position]) if len(args) > position else ""
        who = self.blame(frame)
        if kind == "thread":
            detail = self._thread(args[0], who)
        is_threaded = _ident() != self._main
        self._report("effect", kind, event, detail, *who, *between(self._owner, frame), is_threaded)

    def blame(self, frame: FrameType) -> Blame:
        """Blame first-party lines; in a thread, those that started it come after its own."""
        chain, doer = blame(self._owner, frame)
        if not chain and self._threads:
            bottom = frame
            while bottom.f_back is not None:
                bottom = bottom.f_back
            started = self._threads.get(id(bottom.f_locals.get("self")))
            if started:
                return started[0], doer or started[1]
        return chain, doer

    def _thread(self, function: object, who: Blame) -> str:
        thread = getattr(function, "__self__", None)
        self._threads[id(thread)] = who
        target = getattr(thread, "_target", None)
        return text(target or (function if thread is None else thread))

    def variable(self, name: object, is_there: bool) -> None:  # noqa: FBT001  # one of two kinds of lookups
        """Report the look-up of a variable; only a plain subscript requires it."""
        try:
            asker: Any = _getframe(2).f_back  # of __getitem__ in os.py
            # Libraries ask whether it is there before they take it.
            is_required = self._owner.has(asker.f_code.co_filename)
            if not self.is_over and self._journal.is_mine():
                self._report("variable", text(name), is_required, is_there, *self.blame(asker))
        except Exception:  # the imported code must not see what goes wrong here
            self._journal.write("deaf", "variable")

    def _report(self, *record: object) -> None:
        if record not in self._seen:
            self._seen.add(record)
            self._journal.write(*record)


def is_importing(frame: FrameType) -> bool:
    """Tell whether the import machinery reads for itself, and not for somebody who calls its loaders."""
    machinery, back = "<frozen importlib._bootstrap_external>", frame.f_back
    return (
        frame.f_code.co_filename == machinery
        and back is not None
        and back.f_code.co_filename.startswith("<frozen importlib")
    )


def is_writing(mode: object, flags: int) -> bool:
    """Tell whether a file is opened for writing: by the flags, or the mode where there are none."""
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))


class Heard:
    """Stands for a builtin function that raises no audit event; no function, so that no class binds it."""

    def __init__(self, function: Any, hook: Callable[[str, tuple[Any, ...]], None]) -> None:
        """Take the place of `function`."""
        self._function, self._hook = function, hook
        self._event = f"{function.__module__.replace('posix', 'os')}.{function.__name__}"
        self.__name__, self.__qualname__ = function.__name__, function.__qualname__
        self.__module__, self.__doc__ = function.__module__, function.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Report the call, and make it."""
        self._hook(self._event, args)
        return self._function(*args, **kwargs)

    def __reduce__(self) -> str:
        """Pickle by name, as a function is."""
        return str(self.__name__)


def is_of_mappings(frame: FrameType) -> bool:
    """Tell whether a frame is one of `os.environ`'s own, or of a method that all mappings have, such as `get`."""
    file = frame.f_code.co_filename
    return file in (os.__file__, "<frozen os>", "<frozen _collections_abc>") or file.endswith(
        "_collections_abc.py"
    )


class Variables(dict):  # type: ignore[type-arg]  # as os.environ holds them
    """The dictionary inside `os.environ`, which hears who looks for what."""

    hear: Any = None
    reader: Any = None
    """The frame and instruction that began to read all of them, such as that of `dict(os.environ)`."""

    def __iter__(self) -> Iterator[Any]:
        """Remember who reads all."""
        frame: Any = _getframe(1)
        while frame is not None and is_of_mappings(frame):
            frame = frame.f_back
        self.reader = frame and (id(frame), frame.f_lasti)
        return dict.__iter__(self)

    def __getitem__(self, key: Any) -> Any:
        """Report the look-up of one."""
        frame: Any = _getframe(1).f_back
        if frame is None or self.reader != (id(frame), frame.f_lasti):
            self.hear(key, key in self)
        return dict.__getitem__(self, key)


def public_names(module: object) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """List what a module offers: names of values, names of modules, and whether it answers to others as well."""
    names = content(module)
    listed = names.get("__all__")
    if isinstance(listed, (list, tuple)):
        public = [name for name in listed if type(name) is str]
    else:
        public = [name for name in list(names) if type(name) is str and not name.startswith("_")]
    modules = [name for name in public if issubclass(type(names.get(name)), _Module)]
    values = [name for name in public if name not in modules]
    return tuple(sorted(values)), tuple(sorted(modules)), "__getattr__" in names


def routes(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the methods and paths that an app of Starlette's or Flask's kind answers to."""
    for _ in range(5):  # what wraps an app often calls it so
        if hasattr(app, "routes") or hasattr(app, "url_map") or not hasattr(app, "app"):
            break
        app = app.app
    if hasattr(app, "url_map"):
        for rule in app.url_map.iter_rules():
            for method in sorted(rule.methods or ()):
                yield text(method), prefix + text(rule.rule)
        return
    listed = list(getattr(app, "routes", None) or ())
    for route in listed:
        path = prefix + text(getattr(route, "path", ""))
        if getattr(route, "routes", None):
            yield from routes(route, path)
        else:
            methods = sorted(getattr(route, "methods", None) or ()) or ["*"]
            for method in methods:
                yield text(method), path


class Run:
    """One import of the entry, and the report on it."""

    def __init__(self, arguments: list[str]) -> None:
        """Read the command line."""
        number, mode, self.module, self.file, *settings = arguments
        pairs = [each.partition("=")[::2] for each in settings]
        self.folders = [value for key, value in pairs if key == "path"]
        package = next((value for key, value in pairs if key == "package"), "")
        self.journal = Journal(int(number))
        self.is_traced = mode == "traced"
        self.owner = Owner([value for key, value in pairs if key == "own"], package)
        self.memory = Memory()
        self.costs = Costs(self.journal, self.owner, self.memory)
        self.effects = Effects(self.journal, self.owner, self.costs)

    def main(self) -> None:
        """Import, report, and leave without waiting for threads or handlers that the entry has left."""
        names = self.prepare()
        if STACK_SIGNAL is not None:
            faulthandler.register(STACK_SIGNAL, self.journal.number, all_threads=False)
        faulthandler.enable(self.journal.number, all_threads=False)
        before = frozenset(sys.modules)
        self.journal.write("begin", sys.version_info[:3], self.memory.peak())
        if self.is_traced:
            self.watch()
        error: BaseException | None = None
        since = _clock()
        try:
            self.bring(names)
        except BaseException as raised:  # also what it exits by
            error = raised
        took = _clock() - since
        if not self.journal.is_mine():
            _exit(0)  # a child that was forked at import, and came back
        try:
            self.tell(took, error, before)
        except BaseException as problem:  # of what apps compute for those who look at them, or of audit hooks
            self.journal.write("blind", type(problem).__name__, text(str(problem)))
        self.leave()

    def tell(self, took: float, error: BaseException | None, before: frozenset[str]) -> None:
        """Report how it ended, and what is there now."""
        self.effects.is_over = True
        self.costs.stop()
        self.journal.write("total", took, self.memory.peak())
        modules: dict[str, object] = dict(sys.modules)
        self.journal.write(*(("imported",) if error is None else failure(error, self.owner)))
        loaded = [each for each in modules.items() if each[0] not in before]
        self.journal.write("loaded", *((name, file_of(module)) for name, module in loaded))
        if error is None:
            self.look(loaded)

    def prepare(self) -> dict[str, Any]:
        """Leave of this script what `python -c` would have, and return the names of its `__main__`."""
        sys.argv = ["-c"]
        if hasattr(sys, "orig_argv"):
            sys.orig_argv = [sys.executable, "-c", f"import {self.module}"]
        if not getattr(sys.flags, "safe_path", False):
            sys.path[0] = ""
        at = 1 if sys.path[:1] == [""] else 0
        sys.path[at:at] = self.folders
        self.script = sys.modules["__main__"]  # whose names must live on
        main = sys.modules["__main__"] = _Module("__main__")
        main.__dict__.update(__builtins__=sys.modules["builtins"], __loader__=bootstrap.BuiltinImporter)
        os._exit = self.exit  # type: ignore[assignment]  # never returns either
        return main.__dict__

    def watch(self) -> None:
        """Begin to blame."""
        self.costs.watch_imports()
        self.effects.watch()
        self.costs.watch_lines()

    def bring(self, names: dict[str, Any]) -> None:
        """Import the entry: by its name, or from its file where no name leads to it."""
        if self.file:
            bootstrap._load(external.spec_from_file_location(self.module, self.file))
        else:
            exec(compile(f"__import__({self.module!r})", "<string>", "exec"), names)

    def look(self, loaded: list[tuple[str, object]]) -> None:
        """Report the names of modules, and the routes of the entry's app."""
        for name, module in loaded:
            file = file_of(module)
            if file and self.owner.has(file):
                self.journal.write("names", name, file, *public_names(module))
        entry = content(sys.modules.get(self.module))
        for name in ("app", "application", "handler"):
            if name in entry:
                self.journal.write("routes", name, *routes(entry[name]))

    def leave(self) -> None:
        """End the process with what it has printed."""
        self.journal.write("end")
        for stream in (sys.__stdout__, sys.__stderr__):
            try:
                if stream is not None:
                    stream.flush()
            except Exception:  # closed, or replaced by something else
                continue
        _exit(0)

    def exit(self, code: int = 0) -> None:
        """Report who ends the process at once, and end it."""
        if not self.effects.is_over:
            chain, doer = self.effects.blame(_getframe(1))
            self.journal.write("exits", "os._exit", code, chain, doer)
        _exit(code)


def failure(error: BaseException, owner: Owner) -> tuple[object, ...]:
    """Report what came out of the import, with the first-party lines that it passed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in (HERE, "<string>"):
        trace = trace.tb_next
    chain: list[Line] = []
    doer: Line | None = None
    at = trace
    while at is not None:
        code = at.tb_frame.f_code
        if owner.has(code.co_filename):
            doer = (code.co_filename, at.tb_lineno or 0)
            if code.co_name == "<module>":
                chain.insert(0, doer)
        at = at.tb_next
    if isinstance(error, SyntaxError) and owner.has(error.filename or ""):
        doer = (text(error.filename), error.lineno or 0)
    if isinstance(error, SystemExit):
        code_or_text = error.code if isinstance(error.code, int) else int(error.code is not None)
        return "exits", "sys.exit", int(code_or_text), tuple(chain), doer
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "raised", kind.replace("builtins.", ""), *told(error, trace), tuple(chain), doer


def told(error: BaseException, trace: Any) -> tuple[str, str]:
    """Give the message of an error, and its traceback as Python prints it, as far as the error lets itself."""
    message = ""
    try:
        message = text(str(error))
        import traceback

        return message, "".join(traceback.format_exception(type(error), error, trace))[-20_000:]
    except BaseException as another:  # of a __str__ of theirs, or of audit hooks
        return message, f"{type(error).__name__}, which cannot be shown: {type(another).__name__}"


if __name__ == "__main__":
    # From other globals: below 3.10 a frame shares the builtins of the one before it in the same ones.
    exec("main()", {"main": Run(sys.argv[1:]).main})
