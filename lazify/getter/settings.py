"""Modules that somebody loads as settings, and whose names are listed then.

Flask's `from_object`, Django and Celery go through `dir(module)`, Flask's `from_pyfile` and gunicorn through the names
that executing the file leaves. A getter is none of the settings they look for, and a module `__getattr__` is not asked.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from lazify.discover.files import is_platform_file
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation
from lazify.model.places import Place, Span

LOADERS = frozenset(
    {"config_from_object", "from_object", "from_pyfile", "parse_config_file", "update_config"}
)
"""Methods of applications and their configurations that take a module, its name or its file."""
_KEYWORD = "config_source"
"""Of `Celery(config_source=…)`."""
_RUNNERS = ("gunicorn", "hypercorn", "environ", "putenv", "setenv", "setdefault")
"""What a file mentions that names settings to others."""
_VARIABLE = r"\b[A-Z][A-Z_]*(?:SETTINGS|CONFIG)(?:_MODULE|_OBJECT|_FILE)?"
_IN_CODE = re.compile(
    rf"""(?: {_VARIABLE}["']?\]?\s*[=,:]\s* | ["'](?:-c|--config|--settings)["']\s*,\s* )
         ["'](?:file:|python:)?([\w./-]+)["']""",
    re.VERBOSE,
)
"""`environ["DJANGO_SETTINGS_MODULE"] = "project.settings"`, `["gunicorn", "-c", "server.py"]`."""
_IN_FILES = re.compile(
    rf"""(?: {_VARIABLE}["']?\s*[=:\s]\s* | (?<!\S)["']?(?:-c|--config|--settings|--ds)[=\s"',]+
         | ^\s*default\s*=\s* )
         ["']?(?:file:|python:)?([\w./-]+)""",
    re.VERBOSE | re.MULTILINE,
)
"""`ENV DJANGO_SETTINGS_MODULE=project.settings`, `gunicorn -c server.py`, `default = project.settings` of Scrapy."""
_BY_CONVENTION = {"celeryconfig": "Celery"}
_CALLED_SO = re.compile(r"(?:.*_)?(?:settings|config|configuration|conf)(?:_.*)?")
"""What modules of settings are called, or the packages around them."""


class Settings:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view

    def of(self, owner: Module, name: str) -> Iterator[Problem]:
        """Say who lists the names of a module, of which this is one."""
        for text, found in self._named:
            if is_named(owner, text):
                yield found
        start = Place(owner.path, Span(1, 0, 1, 0))
        last = owner.name.rpartition(".")[2]
        if last in _BY_CONVENTION:
            yield Problem(f"{_BY_CONVENTION[last]} looks for {last} and lists its names", start)
        if is_platform_file(owner.path.name):
            yield Problem(f"{owner.path.stem} configures a server, which lists its names", start)
        if name.isupper() and self._is_for_others(owner):
            yield Problem(
                f"nothing here imports {owner.name}: whoever loads such settings lists their names", start
            )

    def _is_for_others(self, owner: Module) -> bool:
        """Tell whether a module looks like settings, and no code of the program takes anything of it."""
        if not (runs_in_service(owner) and any(map(_CALLED_SO.fullmatch, owner.name.split(".")[-2:]))):
            return False
        taken = (self._view.project.find(text, seen_from=owner) for text, _ in self._named)
        is_taken = any(found is not None and found[0] is owner for found in taken)
        return not is_taken and not any(runs_in_service(each) for each, _ in self._view.importers(owner))

    @cached_property
    def _named(self) -> list[tuple[str, Problem]]:
        return [*self._loaded(), *self._set(), *self._in_files()]

    def _loaded(self) -> Iterator[tuple[str, Problem]]:
        """`app.config.from_object("config")`."""
        modules = {m: None for word in (*LOADERS, _KEYWORD) for m in self._view.project.mentioning(word)}
        for module in modules:
            for operation in (o for scope in module.facts.scopes for o in scope.operations):
                for text in _texts(operation, module):
                    yield text, _told(text, module, operation.span)

    def _set(self) -> Iterator[tuple[str, Problem]]:
        """Code that hands the name on to somebody else."""
        for module in {m: None for word in _RUNNERS for m in self._view.project.mentioning(word)}:
            text = self._view.text(module).whole
            for match in _IN_CODE.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                yield match[1], _told(match[1], module, Span(line, 0, line, 0))

    def _in_files(self) -> Iterator[tuple[str, Problem]]:
        for file, text in self._view.platform_files.items():
            for match in _IN_FILES.finditer(text):
                line = text.count("\n", 0, match.start(1)) + 1
                reason = f"{file.name} names {match[1]}, and its names are listed"
                yield match[1], Problem(reason, Place(file, Span(line, 0, line, 0)))


def is_named(owner: Module, text: str) -> bool:
    """Tell whether a text is the name of a module or its file, as seen from some folder of the project."""
    if text.endswith(".py"):
        return owner.path.parts[-len(Path(text).parts) :] == tuple(p for p in Path(text).parts if p != "..")
    return f".{owner.name}".endswith(f".{text}")


def is_loader(operation: Operation) -> bool:
    """Tell whether a call loads settings."""
    subject = operation.subject
    return operation.does is Does.CALL and isinstance(subject, AttributeRef) and subject.name in LOADERS


def _texts(operation: Operation, module: Module) -> Iterator[str]:
    """Yield the names and files that a call loads: `from_object("config")`, `from_object(__name__)`."""
    for position, argument in enumerate(operation.arguments):
        is_source = argument.keyword == _KEYWORD or (position == 0 and is_loader(operation))
        if not is_source or operation.does is not Does.CALL:
            continue
        if argument.ref == NameRef("__name__", MODULE):
            yield module.name
        elif isinstance(argument.constant, str):
            yield argument.constant


def _told(text: str, module: Module, span: Span) -> Problem:
    return problem(f"{text!r} is loaded by its name and its names are listed", module, span)
