"""Files that code finds in their folder: `os.listdir("data")`, `glob.glob("data/*.db")`, `Path(DATA).iterdir()`."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.following import Change
from lazify.getter.aliases.outcomes import How
from lazify.getter.aliases.trees import Tree, Trees
from lazify.getter.aliases.writing import IS_PATTERN
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.index.words import as_word

LOOKS_THROUGH = (
    "copytree", "fnmatch", "fwalk", "glob", "iglob", "iterdir", "listdir", "make_archive", "rglob", "rmtree",
    "scandir", "walk",
)  # fmt: skip
"""What looks through folders, by the last of its names."""
_PATTERN = re.compile(r"[\w.*?\[\]!/-]+")
_ENDING = re.compile(r"\.[A-Za-z]\w{0,7}")
_STRING = re.compile(r"[\"'][^\"'\n]*[*?\[][^\"'\n]*[\"']|[\"']\.\w{1,8}[\"']|\b(?:listdir|scandir)\(\s*\)")
_WORD = re.compile(as_word(*LOOKS_THROUGH))
_HERE = frozenset({"listdir", "scandir"})
_FILE = re.compile(
    r"""(?P<before>[=(:]\s*)?["'](?P<folders>(?:[^"'\\\n/]*/)*)(?P<name>[\w.-]*\.[A-Za-z]\w{0,7})["']"""
)
"""A constant path with the name of a file."""
_JOINED = re.compile(r"\bjoinpath\(\s*$")
_FOLDER = re.compile(r"""["'](?:\./|/)?((?:[\w.-]+/)*[\w.-]+)/?["']""")
"""A constant that may name a folder, or a variable of the environment that has its path."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as code spells it."""

    name: str
    folders: tuple[str, ...]
    """Those right above it, as far as they are spelled beside it."""
    is_relative: bool
    """Nothing is above those but the working folder."""

    def is_met(self, pattern: str, *, here: bool) -> bool:
        """Tell whether a pattern of paths may mean the file; `here`: it begins in the working folder."""
        *folders, name = [each for each in pattern.split("/") if each not in ("", ".")]
        if not fnmatchcase(self.name, "*" if name == "**" else name):
            return False
        above = [*self.folders]
        while folders and above and (folder := folders.pop()) != "**":
            if not fnmatchcase(above.pop(), folder):
                return False
        if here and self.is_relative:
            return "**" in pattern or len(folders) == len(above) == 0
        return pattern.strip("*/") != ""


def files_in(text: str) -> Iterator[File]:
    """Yield the files that code spells."""
    for match in _FILE.finditer(text):
        folders = tuple(each for each in match["folders"].split("/") if each not in ("", "."))
        known = folders[max((n + 1 for n, each in enumerate(folders) if "{" in each), default=0) :]
        is_joined = _JOINED.search(text, 0, match.start(2)) is not None
        is_relative = match["before"] is not None and not is_joined and not match["folders"].startswith("/")
        yield File(match["name"], known, is_relative and known == folders)


def folders_in(text: str) -> Iterator[str]:
    """Yield the last names of the folders that may be spelled beside files."""
    for match in _FOLDER.finditer(text):
        yield match[1].rpartition("/")[2]


class Listings:
    """What a project looks for by patterns; found once, at the first question."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Nothing is looked for yet."""
        self._view, self._trees = view, trees
        self._found: list[tuple[Change, bool]] | None = None

    def of(self, files: Iterable[File]) -> Iterator[Change]:
        """Yield where one of the files may be found by a pattern, or in the working folder."""
        if self._found is None:
            self._found = [*self._all()]
        known = tuple(files)
        for change, is_here in self._found:
            if any(each.is_met(change.name, here=is_here) for each in known):
                yield change

    def _all(self) -> Iterator[tuple[Change, bool]]:
        spelling = (module for word in LOOKS_THROUGH for module in self._view.project.mentioning(word))
        for module in dict.fromkeys(each for each in spelling if not each.source.is_test):
            for passage in self._trees.passages(module).holding(_STRING):
                tree = self._trees.tree(module, passage)
                is_listing = _WORD.search(self._view.text(module).lines(*passage)) is not None
                for node in tree.nodes:
                    yield from self._listed(module, tree, node, is_listing=is_listing)

    def _listed(
        self, module: Module, tree: Tree, node: ast.AST, *, is_listing: bool
    ) -> Iterator[tuple[Change, bool]]:
        match node:
            case ast.Call(func=callee, args=[]) if last_name(callee) in _HERE:
                yield self._change(module, node, "*"), True
            case ast.Constant(value=str(text)) if is_listing and _ENDING.fullmatch(text):
                yield self._change(module, node, f"*{text}"), False
            case ast.Constant(value=str(text)) if IS_PATTERN.search(text) and _PATTERN.fullmatch(text):
                yield self._change(module, node, text), _is_for_glob(tree.parents.get(node))

    def _change(self, module: Module, node: ast.AST, pattern: str) -> Change:
        how: How = "walked" if "**" in pattern else "listed"
        return Change(module, self._trees.span(module, node), how, pattern)


def _is_for_glob(call: ast.AST | None) -> bool:
    """`glob.glob("*.db")` begins in the working folder, and `folder.glob("*.db")` in that folder."""
    match call:
        case ast.Call(func=ast.Name(id="glob" | "iglob")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="glob"), attr="glob" | "iglob")):
            return True
        case _:
            return False
