"""What the user asked for: `[tool.lazify]` of a pyproject.toml under the flags of the command line."""

import difflib
import re
import textwrap
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from lazify.errors import ConfigError

CODES = (
    *("LZ101", "LZ102", "LZ103", "LZ104", "LZ105"),
    *("LZ201", "LZ202", "LZ203", "LZ204"),
    *("LZ301", "LZ302", "LZ303", "LZ304"),
    *("LZ401", "LZ402", "LZ403"),
)
Codes = Callable[[], Collection[str]]
"""Gives the codes that can be selected; asked only where somebody selects some."""
OPT_IN = frozenset({"LZ105", "LZ401", "LZ402", "LZ403"})
"""Codes that only run when `select` names them (LZ303 runs with `on_event = "remove"`)."""

Getter = Literal["locked", "plain"]
Imports = Literal["auto", "function", "lazy", "lazy-modules"]
OnEvent = Literal["lifespan", "remove"]
KeepNames = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The flags of one project; the names are those of the command line with `_` for `-`."""

    select: tuple[str, ...] = ()
    """Code prefixes; empty for all but the opt-in ones."""
    ignore: tuple[str, ...] = ()
    """Code prefixes; they win over `select`."""
    entry: tuple[str, ...] = ()
    """Files or modules, as written."""
    heavy: tuple[str, ...] = ()
    """Patterns of modules."""
    heavy_milliseconds: int = 25
    heavy_mib: int = 10
    """What an import must cost, one or the other, in order to be heavy."""
    singleton: tuple[str, ...] = ()
    """Patterns of classes and bindings."""
    getter: Getter = "locked"
    imports: Imports = "auto"
    on_event: OnEvent = "lifespan"
    merge_lifespan: bool = False
    """Handlers beside a lifespan, which never run, become part of it."""
    risky: bool = False
    keep_names: KeepNames = "auto"
    python: Path | None = None
    """The project's interpreter; from a pyproject.toml it is relative to that file, from a flag to the
    working folder."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders as in a .gitignore beside the configuration."""

    def wants(self, code: str) -> bool:
        """Tell whether findings of this code are asked for."""
        if code.startswith(self.ignore) or (code == "LZ303" and self.on_event != "remove"):
            return False
        return code.startswith(self.select) if self.select else code not in OPT_IN


def _own_codes() -> Collection[str]:
    return CODES


def load_config(root: Path, overrides: Mapping[str, object], *, codes: Codes = _own_codes) -> Config:
    """Read `[tool.lazify]` of `root`/pyproject.toml; an override that is None or empty was not given.

    Raises ConfigError.
    """
    file = root / "pyproject.toml"
    settings = _checked(_tool_table(file), codes=codes, file=file)
    return Config(**(settings | read_overrides(overrides, codes=codes)))  # type: ignore[arg-type]  # _checked did


def read_overrides(overrides: Mapping[str, object], *, codes: Codes = _own_codes) -> dict[str, object]:
    """Check the flags of the command line alone, before any project is looked at.

    Raises ConfigError.
    """
    given = {key: value for key, value in overrides.items() if value not in (None, (), [])}
    return _checked(given, codes=codes, file=None)


def read_pyproject(file: Path) -> Mapping[str, object]:
    """Parse a pyproject.toml; empty when there is none.

    Raises ConfigError when it cannot be read or parsed, with the line.
    """
    try:
        return _loads(file.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError("not valid TOML: not UTF-8", file=file, line=line) from error
    except tomllib.TOMLDecodeError as error:
        raise _broken(file, str(error)) from error
    except RecursionError as error:
        raise ConfigError("not valid TOML: too deeply nested", file=file) from error


@lru_cache(maxsize=1)
def _loads(text: str) -> Mapping[str, object]:
    """Several readers ask for the same file, one after the other."""
    return tomllib.loads(text)


def _broken(file: Path, message: str) -> ConfigError:
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not at:
        return ConfigError(f"not valid TOML: {message}", file=file)
    line = int(at[1] or len(file.read_text("utf-8-sig").splitlines()))
    return ConfigError(f"not valid TOML: {message[: at.start()]}", file=file, line=line)


def _tool_table(file: Path) -> Mapping[str, object]:
    tools = read_pyproject(file).get("tool", {})
    table = tools.get("lazify", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"tool.lazify is {_shown(table)}; it must be a table", file=file)
    return table


# One reader for each field. `file` is None for flags of the command line.

Reader = Callable[[object], object]


def _checked(table: Mapping[str, object], *, codes: Codes, file: Path | None) -> dict[str, object]:
    readers = _readers(codes, None if file is None else file.parent)
    settings: dict[str, object] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in readers:
            raise ConfigError(_unknown(key, readers, file), file=file)
        if name in settings:
            raise ConfigError(f"{_labelled(key, file)} is given twice, with - and with _", file=file)
        try:
            settings[name] = readers[name](value)
        except ValueError as error:
            raise ConfigError(f"{_labelled(key, file)} = {_shown(value)}: {error}", file=file) from error
    return settings


def _readers(codes: Codes, folder: Path | None) -> dict[str, Reader]:
    def code_prefixes(value: object) -> tuple[str, ...]:
        return _code_prefixes(value, codes())

    def interpreter(value: object) -> Path:
        return _interpreter(value, folder)

    special: dict[str, Reader] = {
        "select": code_prefixes,
        "ignore": code_prefixes,
        "heavy_milliseconds": _whole_number,
        "heavy_mib": _whole_number,
        "risky": _boolean,
        "merge_lifespan": _boolean,
        "python": interpreter,
        "getter": _one_of(get_args(Getter)),
        "imports": _one_of(get_args(Imports)),
        "on_event": _one_of(get_args(OnEvent)),
        "keep_names": _one_of(get_args(KeepNames)),
    }
    return {field.name: special.get(field.name, _strings) for field in fields(Config)}


def _strings(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise ValueError("must be a list of strings")
    if not all(item.strip() for item in items):
        raise ValueError("has an empty entry")
    return tuple(items)


def _code_prefixes(value: object, codes: Collection[str]) -> tuple[str, ...]:
    prefixes = tuple(part.strip() for item in _strings(value) for part in item.split(","))
    for prefix in prefixes:
        if not prefix or not any(code.startswith(prefix) for code in codes):
            nearest = difflib.get_close_matches(prefix.upper(), codes, n=1, cutoff=0.5)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            raise ValueError(f"{prefix or 'an empty string'} begins no known code ({_ranges(codes)}){hint}")
    return prefixes


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004  # the caller turns it into a ConfigError
    return value


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("must be a whole number, 0 or more")
    return value


def _one_of(allowed: tuple[str, ...]) -> Reader:
    def read(value: object) -> object:
        if value not in allowed:
            raise ValueError(f"must be {' or '.join(allowed)}")
        return value

    return read


def _interpreter(value: object, folder: Path | None) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip():
        raise ValueError("must be the path of a Python interpreter")
    path = Path(value).expanduser()
    return folder / path if folder is not None else path.absolute()


def _unknown(key: str, known: Collection[str], file: Path | None) -> str:
    spelled = [name.replace("_", "-") for name in known]
    nearest = difflib.get_close_matches(key.replace("_", "-").lower(), spelled, n=1, cutoff=0)
    where = "" if file is None else "[tool.lazify]: "
    return f"{where}unknown key {key}; the nearest known one is {nearest[0]}"


def _labelled(key: str, file: Path | None) -> str:
    return f"--{key.replace('_', '-')}" if file is None else f"[tool.lazify] {key}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):  # of the command line, where a flag is repeated
        return ", ".join(str(item) for item in value)
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return textwrap.shorten(text, 60)


def _ranges(codes: Collection[str]) -> str:
    groups: dict[str, list[str]] = {}
    for code in sorted(codes):
        groups.setdefault(code[:3], []).append(code)
    return ", ".join(f"{group[0]}–{group[-1]}" if len(group) > 1 else group[0] for group in groups.values())
