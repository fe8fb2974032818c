"""What tests change around the code they test: variables of the environment, the working folder, functions of Python.

A value that was made when the test imported its module did not see that; made first in the test, it would.

    import app                                      app.py: KEY = os.environ["KEY"]

    def test_key(monkeypatch):
        monkeypatch.setenv("KEY", "another")
        assert app.key() == "mine"
"""

import re
from collections.abc import Iterator
from functools import cached_property

from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.view import View

_SETENV = re.compile(r"""\b(?:setenv|delenv)\(\s*["'](\w+)["']""")
_PATCHED = re.compile(r"""\bdict\(\s*["']?(?:os\.)?environ["']?\s*,([^)]*)\)""")
"""`patch.dict(os.environ, {"KEY": "x"})`, `patch.dict("os.environ", KEY="x")`."""
_KEYS = re.compile(r"""["'](\w+)["']\s*:|\b(\w+)\s*=(?!=)""")
_EVERYTHING = re.compile(r"\bclear\s*=\s*True\b")


class Tested:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._imported: dict[Module, frozenset[Module]] = {}

    def has_imported(self, test: Module, owner: Module) -> bool:
        """Tell whether the module has been imported when a test of that file, or a fixture, runs."""
        if not test.source.is_test:
            return False
        if test not in self._imported:
            own = self._tests if test in self._fixtures else [test, *self._fixtures]
            self._imported[test] = frozenset(import_closure(self._view.project, own))
        return owner in self._imported[test]

    def variables(self, owner: Module) -> Iterator[tuple[Module, int, str | None]]:
        """Yield each variable that a test sets after it imported the module; None stands for all that it takes away."""
        for module, found in self._set.items():
            if self.has_imported(module, owner):
                yield from ((module, line, name) for line, name in found)

    @cached_property
    def _set(self) -> dict[Module, list[tuple[int, str | None]]]:
        """The variables that each test sets, and the line."""
        found = {module: list(_variables(self._view.text(module).whole)) for module in self._setting}
        return {module: variables for module, variables in found.items() if variables}

    def folders(self, owner: Module) -> Iterator[tuple[Module, int]]:
        """Yield where a test that has imported the module changes the working folder, in a function."""
        for module in self._view.project.mentioning("chdir"):
            text = self._view.text(module).whole if self.has_imported(module, owner) else ""
            functions = [scope.span for scope in module.facts.scopes if scope.kind == "function"]
            for match in re.finditer(r"\bchdir\(", text):
                line = text.count("\n", 0, match.start()) + 1
                if any(span.line <= line <= span.end_line for span in functions):
                    yield module, line

    @cached_property
    def _setting(self) -> list[Module]:
        words = ("setenv", "delenv", "environ", "patch")
        found = {module: None for word in words for module in self._view.project.mentioning(word)}
        return [module for module in found if module.source.is_test]

    @cached_property
    def _tests(self) -> list[Module]:
        return [module for module in self._view.project.modules.values() if module.source.is_test]

    @cached_property
    def _fixtures(self) -> list[Module]:
        return [module for module in self._tests if module.path.name == "conftest.py"]


def _variables(text: str) -> Iterator[tuple[int, str | None]]:
    for match in _SETENV.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1]
    for match in _PATCHED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if _EVERYTHING.search(match[1]):
            yield line, None
        for quoted, keyword in _KEYS.findall(match[1]):
            yield line, quoted or keyword
