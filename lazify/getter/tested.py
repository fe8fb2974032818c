"""What tests change around the code they test: variables of the environment, the working folder, functions of Python.

A value that was made when the test imported its module did not see that; made first in the test, it would.

    import app                                      app.py: KEY = os.environ["KEY"]

    def test_key(monkeypatch):
        monkeypatch.setenv("KEY", "another")
        assert app.key() == "mine"
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from lazify.getter.blocks import Blocks
from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import MODULE

_SETENV = re.compile(r"""\b(?:setenv|delenv)\(\s*["'](\w+)["']""")
_PATCHED = re.compile(r"""\bdict\(\s*["']?(?:os\.)?environ["']?\s*,([^)]*)\)""")
"""`patch.dict(os.environ, {"KEY": "x"})`, `patch.dict("os.environ", KEY="x")`."""
_STORED = re.compile(
    r"""\benviron(?:\[\s*["'](\w+)["']\s*\]\s*=[^=]|\.(?:pop|setdefault)\(\s*["'](\w+)["'])"""
    r"""|\bdel\s+(?:os\.)?environ\[\s*["'](\w+)["']\s*\]"""
)
_HOOK = "pytest_"
"""How functions begin that pytest calls before it imports any test."""
_DROPPED = re.compile(r"""\bpatch\.dict\(\s*["']?sys\.modules\b""")
_KEYS = re.compile(r"""["'](\w+)["']\s*:|\b(\w+)\s*=(?!=)""")
MOVES = ("chdir", "fchdir", "isolated_filesystem")
"""What changes the working folder: functions of `os` and `contextlib`, methods of pytest's `monkeypatch` and of Click's
`CliRunner`."""
_MOVED = re.compile(rf"\b(?:{'|'.join(MOVES)})\(")
_EVERYTHING = re.compile(r"\bclear\s*=\s*True\b")


class Tested:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._imported: dict[Module, frozenset[Module]] = {}
        self._imported_above: dict[tuple[Module, int], frozenset[Module]] = {}

    def has_imported(self, test: Module, owner: Module, *, line: int | None = None) -> bool:
        """Tell whether the module has been imported when a test of that file, or a fixture, runs.

        When it reaches that line, if there is one: the function itself may have imported the module above.
        """
        if not test.source.is_test:
            return False
        if line is not None and owner in self._above(test, line):
            return True
        if test not in self._imported:
            own = self._tests if test in self._fixtures else [test, *self._fixtures]
            self._imported[test] = frozenset(import_closure(self._view.project, own))
        return owner in self._imported[test]

    def _above(self, test: Module, line: int) -> frozenset[Module]:
        """The modules that the functions around a line, or the fixtures they ask for, have imported before it.

        Where no function is around it, those that the file has.
        """
        if (test, line) not in self._imported_above:
            around = [n for n, s in enumerate(test.facts.scopes) if s.span.line <= line <= s.span.end_line]
            functions = [number for number in around if test.facts.scopes[number].kind == "function"]
            scopes = functions or [MODULE]
            items = [(test, i) for i in test.facts.imports if i.scope in scopes and i.span.line < line]
            for module, number in self._asked_for(test, functions):
                items += [(module, item) for item in module.facts.imports if item.scope == number]
            imported = (each for item in items for each in self._view.project.imported_modules(*item))
            self._imported_above[test, line] = frozenset(import_closure(self._view.project, imported))
        return self._imported_above[test, line]

    def _asked_for(self, test: Module, functions: Iterable[int]) -> Iterator[tuple[Module, int]]:
        """Yield the functions of the file, and of every conftest.py, that are called like parameters of these."""
        queue, seen = [(test, number) for number in functions], set[str]()
        while queue:
            module, number = queue.pop()
            for name in (each.name for each in module.facts.scopes[number].parameters):
                owners = (test, *self._fixtures) if name not in seen else ()
                seen.add(name)
                defined = ((each, each.facts.scopes[MODULE].definitions.get(name)) for each in owners)
                found = [(each, fixture) for each, fixture in defined if fixture is not None]
                yield from found
                queue += found

    def variables(self, owner: Module) -> Iterator[tuple[Module, int, str | None]]:
        """Yield each variable that a test sets after it imported the module; None stands for all that it takes away."""
        for module, found in self._set.items():
            for line, name in found:
                if self.has_imported(module, owner, line=line):
                    yield module, line, name
        for module in self._setting:
            for line, name in self._stored(module, at_top=True):
                if owner in self._above(module, line):
                    yield module, line, name

    def passing_variables(self, owner: Module) -> Iterator[tuple[Module, int, str | None]]:
        """Yield each variable that a test sets only for a block in which it imports the module, and goes on after."""
        for module, found in self._set.items():
            for line, name in found:
                if self.imports_for_a_while(module, owner, line):
                    yield module, line, name

    def imports_for_a_while(self, test: Module, owner: Module, line: int) -> bool:
        """Tell whether a test imports the module in a block that begins on that line, and goes on after that."""
        blocks = self._view.once(Blocks)
        found = blocks.at(test, line) if test.source.is_test else ()
        return any(each.goes_on and owner in blocks.imported(test, each) for each in found)

    def dropping(self, owner: Module) -> Iterator[tuple[Module, int]]:
        """Yield where a test that has imported the module runs code in `with patch.dict(sys.modules, …)`.

        What is imported in such a block for the first time is dropped at its end, and imported again by the next.
        """
        for module, lines in self._dropping.items():
            yield from ((module, line) for line in lines if self.has_imported(module, owner, line=line))

    @cached_property
    def _dropping(self) -> dict[Module, list[int]]:
        found: dict[Module, list[int]] = {}
        for module in self._view.project.mentioning("modules"):
            text = self._view.text(module).whole if module.source.is_test else ""
            for match in _DROPPED.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                if not any(each.only_imports for each in self._view.once(Blocks).at(module, line)):
                    found.setdefault(module, []).append(line)
        return found

    @cached_property
    def _set(self) -> dict[Module, list[tuple[int, str | None]]]:
        """The variables that each test sets, and the line."""
        found = {
            module: [*_variables(self._view.text(module).whole), *self._stored(module, at_top=False)]
            for module in self._setting
        }
        return {module: variables for module, variables in found.items() if variables}

    def _stored(self, test: Module, *, at_top: bool) -> Iterator[tuple[int, str]]:
        """`os.environ["KEY"] = "x"` in a function; at the top of a file, what is imported below is to find it."""
        text = self._view.text(test).whole
        functions = [each for each in test.facts.scopes if each.kind == "function"]
        for match in _STORED.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            around = [each.name for each in functions if each.span.line <= line <= each.span.end_line]
            is_hook = bool(around) and around[0].startswith(_HOOK)
            if at_top is not bool(around) and not is_hook:
                yield line, next(filter(None, match.groups()))

    def folders(self, owner: Module) -> Iterator[tuple[Module, int]]:
        """Yield where a test that has imported the module changes the working folder, in a function."""
        for module, lines in self._moving.items():
            yield from ((module, line) for line in lines if self.has_imported(module, owner, line=line))

    @cached_property
    def _moving(self) -> dict[Module, list[int]]:
        """The lines of tests' functions that change the working folder."""
        found: dict[Module, list[int]] = {}
        for module in dict.fromkeys(m for word in MOVES for m in self._view.project.mentioning(word)):
            text = self._view.text(module).whole if module.source.is_test else ""
            functions = [scope.span for scope in module.facts.scopes if scope.kind == "function"]
            for match in _MOVED.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                if any(span.line <= line <= span.end_line for span in functions):
                    found.setdefault(module, []).append(line)
        return found

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
