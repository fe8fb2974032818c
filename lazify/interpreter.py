"""Where a Python interpreter finds what is installed for it; it is asked, and imports nothing but its own library."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lazify.errors import ConfigError

_INSIDE = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")
"""Where the interpreter lies in a virtual environment's folder."""
_PATIENCE = 20  # seconds: the first start on a slow disk

_QUESTION = """
import json, os, site, sys
prefix = sys.prefix
prefixes = [prefix]
folder = os.path.dirname(os.path.abspath(sys.executable))
for home in (os.path.dirname(folder), folder):
    settings = os.path.join(home, "pyvenv.cfg")
    if os.path.isfile(settings):
        pairs = [line.partition("=") for line in open(settings, encoding="utf-8", errors="replace")]
        shares = any(k.strip().lower() == "include-system-site-packages" and v.strip().lower() == "true"
                     for k, _, v in pairs)
        prefixes = [home, prefix] if shares else [home]
        break
print(json.dumps({"version": sys.version_info[:3], "standard": sys.path,
                  "installed": site.getsitepackages(prefixes)}))
"""
# With -S nothing of the environment's `.pth` files runs; it also leaves a virtual environment unnoticed, which
# is what the loop is for (https://docs.python.org/3/library/site.html).


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """What an interpreter says of itself."""

    path: Path
    version: tuple[int, ...]
    standard: tuple[Path, ...]
    """The folders of its standard library."""
    installed: tuple[Path, ...]
    """The folders that packages are installed to, with those that their `.pth` files name."""

    @property
    def search_path(self) -> tuple[Path, ...]:
        """The folders that it looks for modules in, in order."""
        return (*self.standard, *self.installed)


def ask(path: Path) -> Interpreter:
    """Run the interpreter, or the one of the virtual environment, at `path`.

    Raises ConfigError when there is none or it does not answer.
    """
    executable = _executable(path)
    command = [str(executable), "-I", "-S", "-c", _QUESTION]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False, text=True)
    except subprocess.TimeoutExpired as error:
        raise ConfigError(f"the interpreter {path}: no answer within {_PATIENCE} seconds") from error
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"the interpreter {path}: cannot be run: {_reason(error)}") from error
    try:
        answer = json.loads(done.stdout)
        version = tuple(int(part) for part in answer["version"])
        standard, installed = tuple(map(Path, answer["standard"])), tuple(map(Path, answer["installed"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"the interpreter {path}: does not answer as Python 3 would{_last_line(done)}"
        ) from error
    folders = tuple(folder for folder in standard if folder.is_dir())
    packages = tuple(dict.fromkeys(_with_listed(folder for folder in installed if folder.is_dir())))
    return Interpreter(path=executable, version=version, standard=folders, installed=packages)


def has_package(interpreter: Interpreter, name: str) -> bool:
    """Tell whether `import name` would find anything, be it by the import hook of an editable installation."""
    files = [file for folder in interpreter.search_path for file in _files(folder)]
    is_there = name in sys.stdlib_module_names or any(file.name.partition(".")[0] == name for file in files)
    return is_there or any(repr(name) in line for file in files if _is_hook(file) for line in _lines(file))


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _is_hook(file: Path) -> bool:
    """Tell whether setuptools keeps the packages of an editable installation there."""
    return file.name.startswith("__editable__") and file.suffix == ".py"


def _executable(path: Path) -> Path:
    if path.is_dir():
        found = next((path / each for each in _INSIDE if (path / each).is_file()), None)
        if found is None:
            raise ConfigError(f"the interpreter {path}: a folder without a Python interpreter in it")
        return found
    if not path.is_file():
        raise ConfigError(f"the interpreter {path}: no such file; --python takes the path of one")
    if not os.access(path, os.X_OK):
        raise ConfigError(f"the interpreter {path}: not executable")
    return path


def _with_listed(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders, each with those that its `.pth` files name; their lines of code do not run."""
    for folder in folders:
        yield folder
        for file in sorted(folder.glob("*.pth")):
            for line in _lines(file):
                if line.strip() and not line.startswith(("#", "import ", "import\t")):
                    listed = folder / line.strip()
                    if listed.is_dir():
                        yield listed


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _last_line(done: "subprocess.CompletedProcess[str]") -> str:
    lines = done.stderr.strip().splitlines()
    return f": {lines[-1].strip()}" if lines else ""
