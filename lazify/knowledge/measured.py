"""What `lazify profile --save` measured in a project's own environment, which wins over heavy.toml."""

import json
from collections.abc import Iterable
from pathlib import Path

from lazify.errors import ConfigError
from lazify.knowledge.heavy import Cost

FILE = "profile.json"
"""In the project's `.lazify` folder."""
_VERSION = 1


def read_measured(root: Path) -> tuple[Cost, ...]:
    """Read the costs that were saved for the project at `root`; none where nothing was.

    Raises ConfigError for a file that is damaged.
    """
    file = root / ".lazify" / FILE
    try:
        content = json.loads(file.read_bytes())
        if content["version"] != _VERSION:
            raise ValueError(content["version"])  # noqa: TRY301  # said below
        python = str(content["python"])
        return tuple(_cost(module, table, python) for module, table in sorted(content["modules"].items()))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            "is no profile of this version of lazify: delete it, or run `lazify profile --save` again",
            file=file,
        ) from error


def measured_text(measured: Iterable[Cost], python: str) -> str:
    """Give the content of the file; `python` is the version of the interpreter."""
    modules = {cost.module: {"ms": cost.ms, "mib": cost.mib} for cost in measured}
    return (
        json.dumps({"version": _VERSION, "python": python, "modules": modules}, indent=2, sort_keys=True)
        + "\n"
    )


def measured_cost(module: str, *, ms: int, mib: int, python: str) -> Cost:
    """Give the cost of importing a module, as measured with this version of Python."""
    basis = f"measured here by lazify profile, Python {python}"
    return Cost(module=module, ms=ms, mib=mib, basis=basis, is_measured=True)


def _cost(module: str, table: dict[str, int], python: str) -> Cost:
    return measured_cost(module, ms=int(table["ms"]), mib=int(table["mib"]), python=python)
