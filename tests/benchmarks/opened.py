"""`python -m tests.benchmarks.opened FOLDER…`: which submodules a plain import of each package in there loads.

It prints the table `[opened]` of heavy.toml for the packages that the file has estimates of. Nothing is imported: the
sources tell, followed through what the package's own modules import of each other at their top level. `*` stands for
all, where the package imports its submodules when they are asked for, and `a.*` for all of `a`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lazify.knowledge.heavy import costs

_LAZY = re.compile(
    r"_LazyModule|lazy_loader|attach_stub|LazyLoader|lazy_import|def __getattr__(?s:.{0,600})import_module"
)

_LEVELS = 2


def main() -> None:
    """Print what the packages in the folders of the command line load."""
    estimated = {cost.module for cost in costs() if not cost.is_measured and "." not in cost.module}
    folders = [Path(each) for each in sys.argv[1:]]
    found = {p.name: p for f in folders for p in sorted(f.iterdir()) if p.name in estimated}
    print("[opened]")
    for name, package in sorted(found.items()):
        if (package / "__init__.py").is_file() and (opened := opened_by(package)):
            print(_row(name, opened))


def opened_by(package: Path) -> list[str]:
    """List the submodules of a package that are there after a plain import of it, or `*` for all."""
    if _LAZY.search((package / "__init__.py").read_text(encoding="utf-8", errors="replace")):
        return ["*"]
    loaded: set[tuple[str, ...]] = set()
    queue: list[tuple[str, ...]] = [()]
    while queue:
        at = queue.pop()
        if at in loaded:
            continue
        loaded.add(at)
        queue += [at[:depth] for depth in range(len(at))]
        if (path := _file(package, at)) is not None:
            queue += _imported(package, at, path)
    shown = {each[:_LEVELS] for each in loaded if each and not any(s.startswith("_") for s in each[:_LEVELS])}
    whole = {each for each in shown if len(each) == 1 and _modules(package, each) <= shown}
    rest = {each for each in shown if each[:1] not in whole}
    return sorted(".".join(each) for each in rest | {(*each, "*") for each in whole})


def _modules(package: Path, at: tuple[str, ...]) -> set[tuple[str, ...]]:
    """List the modules in a package of the package, but private ones and tests."""
    inside = package.joinpath(*at).glob("*")
    names = {path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()}
    return {(*at, name) for name in names if not name.startswith(("_", "test", "conftest"))}


def _imported(package: Path, at: tuple[str, ...], path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the modules of the package that a file of it imports at its top level."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    owner = at if path.name == "__init__.py" else at[:-1]
    for node in _at_import(tree.body):
        if isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        else:
            steps = tuple(node.module.split(".")) if node.module else ()
            base = (package.name, *owner[: len(owner) - node.level + 1], *steps) if node.level else steps
            names = [base, *((*base, alias.name) for alias in node.names)]
        for name in names:
            if name[:1] == (package.name,) and _file(package, name[1:]) is not None:
                yield name[1:]


def _at_import(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.Try):
            yield from _at_import([*node.body, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            yield from _at_import(node.body)


def _file(package: Path, steps: tuple[str, ...]) -> Path | None:
    folder = package.joinpath(*steps)
    files = (folder / "__init__.py", folder.with_name(f"{folder.name}.py"))
    return next((each for each in files if each.is_file()), None) if steps else package / "__init__.py"


def _row(name: str, opened: list[str]) -> str:
    whole = f"{name} = [" + ", ".join(f'"{each}"' for each in opened) + "]"
    if len(whole) <= 118:
        return whole
    lines, line = [f"{name} = ["], " "
    for each in opened:
        if len(line) + len(each) + 4 > 118:
            lines.append(line)
            line = " "
        line += f' "{each}",'
    return "\n".join((*lines, line, "]"))


if __name__ == "__main__":
    main()
