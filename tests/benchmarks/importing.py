"""Imports one module in this process and prints, as one line of JSON, what that took (standard library only).

`python importing.py MODULE [STUBBED]…`: packages named STUBBED, with all below them, are replaced by modules that
have every name and do nothing. That is the ideal: what is left of the import when nobody loads them.
`python importing.py MODULE --by PACKAGE…` says instead who is the first to load each package: files and lines, from
the import statement outwards.
"""

import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import sys
import time
import types
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NoReturn


class Anything:
    """What a stubbed module gives for every name: to be called, inherited from, compared and asked for more."""

    def __getattr__(self, name: str) -> Any:
        is_special = name.startswith("__") and name.endswith("__")
        if is_special and name not in ("__attrs__", "__name__", "__qualname__", "__module__"):
            raise AttributeError(name)
        return Anything() if not is_special or name == "__attrs__" else "anything"

    def __call__(self, *given: object, **_: object) -> Any:
        return given[0] if len(given) == 1 and callable(given[0]) else Anything()

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        is_alone = all(isinstance(base, Anything) for base in bases)
        return (Plain,) if is_alone and bases[0] is self else ()

    def __setitem__(self, *_: object) -> None:
        pass

    def __instancecheck__(self, _: object) -> bool:
        return False

    __subclasscheck__ = __contains__ = __lt__ = __instancecheck__

    def __ge__(self, _: object) -> bool:
        return True

    __gt__ = __le__ = __ge__

    def __itself(self, *_: object) -> Any:
        return self

    __or__ = __ror__ = __getitem__ = __enter__ = __exit__ = __set_name__ = __itself

    def __other(self, other: object) -> Any:
        return other

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __other

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __fspath__(self) -> str:
        return "anything"

    __str__ = __fspath__

    def __int__(self) -> int:
        return 1

    __index__ = __len__ = __int__

    def __get_pydantic_core_schema__(self, *_: object) -> object:
        return {"type": "any"}

    def __get_validators__(self) -> Iterator[Any]:
        return iter(())


class Plain:
    """What inherits from such a name inherits from this."""

    def __init_subclass__(cls, **_: object) -> None:
        """Take whatever comes."""

    def __init__(self, *_: object, **__: object) -> None:
        """Take whatever comes."""

    def __getattr__(self, name: str) -> Any:
        return getattr(Anything(), name)


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module of the packages, and makes it empty-handed and generous."""

    def __init__(self, packages: "list[str]") -> None:
        """Take the packages by their dotted names."""
        self._packages = tuple(f"{package}." for package in packages)

    def find_spec(self, name: str, *_: object) -> "importlib.machinery.ModuleSpec | None":
        """Claim what lies in one of the packages."""
        if f"{name}.".startswith(self._packages):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the module."""
        return _Generous(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run nothing."""


class Witness(importlib.abc.MetaPathFinder):
    """Finds no module, and remembers who was the first to look for some."""

    def __init__(self, packages: "list[str]") -> None:
        """Take the packages by their dotted names."""
        self.found: dict[str, list[str]] = {}
        self._packages = frozenset(packages)

    def find_spec(self, name: str, *_: object) -> None:
        """Note the lines that lead to the import of a package."""
        if name in self._packages and name not in self.found:
            self.found[name] = list(_lines_around(sys._getframe(1)))


def _lines_around(frame: "types.FrameType | None") -> "Iterator[str]":
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith("<") and file != __file__ and f"{os.sep}importlib{os.sep}" not in file:
            yield f"{file}:{frame.f_lineno}"
        frame = frame.f_back


class _Generous(types.ModuleType):
    __version__ = "99.0.0"
    __build__ = 0
    __all__ = ()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        made = Anything()
        setattr(self, name, made)
        return made


def peak() -> int:
    """Give the largest resident set of this process in KiB; not `ru_maxrss`, which remembers the parent's."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1])


def _say_who_loads(name: str, packages: "list[str]") -> NoReturn:
    witness = Witness(packages)
    sys.meta_path.insert(0, witness)
    with redirect_stdout(io.StringIO()):
        importlib.import_module(name)
    print(json.dumps(witness.found), flush=True)
    os._exit(0)


def main() -> None:
    """Import what the command line names."""
    name, *stubbed = sys.argv[1:]
    if stubbed[:1] == ["--by"]:
        _say_who_loads(name, stubbed[1:])
    if stubbed:
        sys.meta_path.insert(0, Stubs(stubbed))
    start, worked = time.perf_counter(), time.process_time()
    with redirect_stdout(io.StringIO()):
        importlib.import_module(name)
    seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    names = sorted(sys.modules)
    found = {"wall": seconds, "cpu": cpu, "mib": peak() / 1024, "modules": len(names), "names": names}
    print(json.dumps(found), flush=True)
    os._exit(0)  # threads and exit handlers of what was imported are not measured, and must not end it badly


if __name__ == "__main__":
    main()
