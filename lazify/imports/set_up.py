"""What a package sets up when it is imported, and the program sets up as well: who comes last has the last word.

import backoff                                         # logger.setLevel(INFO)

logging.getLogger("backoff").setLevel(logging.ERROR)
"""

import re
from collections.abc import Iterator
from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import Does, NameRef, Operation
from lazify.model.places import Span

_GET = "getLogger"
_TABLES = ("dictConfig", "fileConfig", "LOGGING", "LOGGING_CONFIG")
"""Words of modules that configure loggers by a table."""
_FILTERS = ("filterwarnings", "simplefilter")


class SetUp:
    """Answers for what one project sets up by itself."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project

    def logger(self, package: str, *, is_known: bool) -> Problem | None:
        """Say where the program may set up the logger of a package, which is known, or not, to do so by itself."""
        what = f"importing {package} {'sets' if is_known else 'may set'} up its logger"
        own = re.compile(rf"""(["']){re.escape(package)}(?:\.[\w.]+)?\1""")
        for module, span, name in self._asked:
            if own.fullmatch(f'"{name}"') if name is not None else own.search(self._view.text(module).whole):
                return _told(what, module, span)
        for module in dict.fromkeys(m for word in _TABLES for m in self._project.mentioning(word)):
            text = self._view.text(module).whole
            if (found := own.search(text)) is not None:
                line = text.count("\n", 0, found.start()) + 1
                return _told(what, module, Span(line, 1, line, 1))
        return None

    def filters(self, package: str) -> Problem | None:
        """Say where the program sets filters of warnings, whose order counts."""
        if self._filtered is None:
            return None
        return _told(f"importing {package} sets filters of warnings", *self._filtered)

    @cached_property
    def _asked(self) -> list[tuple[Module, Span, str | None]]:
        """Where loggers are asked for by name; None for one that is computed, but for the module's own."""
        return list(self._asking())

    def _asking(self) -> Iterator[tuple[Module, Span, str | None]]:
        for module, operation in self._calls((_GET,)):
            given = operation.arguments[0] if operation.arguments else None
            is_own = given is None or (isinstance(given.ref, NameRef) and given.ref.name == "__name__")
            if given is not None and not is_own:
                name = given.constant if isinstance(given.constant, str) else None
                yield module, operation.span, name

    @cached_property
    def _filtered(self) -> tuple[Module, Span] | None:
        return next(((module, operation.span) for module, operation in self._calls(_FILTERS)), None)

    def _calls(self, names: tuple[str, ...]) -> Iterator[tuple[Module, Operation]]:
        """Yield the calls of functions of that name in `logging` and `warnings`."""
        for module in dict.fromkeys(m for name in names for m in self._project.mentioning(name)):
            for operation in (each for scope in module.facts.scopes for each in scope.operations):
                if operation.does is Does.CALL:
                    target = resolve(self._project, module, operation.subject)
                    owner, _, name = (target.name if isinstance(target, External) else "").rpartition(".")
                    if name in names and owner in ("logging", "warnings"):
                        yield module, operation


def _told(what: str, module: Module, span: Span) -> Problem:
    return problem(f"{what}, as {module.name} does", module, span)
