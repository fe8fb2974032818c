"""Inputs to a View: the files are scanned, and their names resolved across the project."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from lazify.index.contents import Contents
from lazify.index.diagnosis import mentioned_words
from lazify.index.effects import Effects
from lazify.index.installed import Installed
from lazify.index.library import Library
from lazify.index.load import load
from lazify.index.modules import Module
from lazify.index.platform import platform_names
from lazify.index.project import Project
from lazify.index.reading import decode
from lazify.index.store import Store, cache_directory
from lazify.index.view import View
from lazify.inputs import Inputs
from lazify.interpreter import ask
from lazify.knowledge import Knowledge, knowledge
from lazify.model.places import Failure


def linked(
    inputs: Inputs,
    *,
    executor: Executor,
    store: Store,
    progress: Callable[[int], None] = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> View:
    """Scan and link the files of a project, with `meanwhile` beside it; the view follows from `inputs` alone.

    Raises LazifyError when a file was edited since.
    """
    scanned, failures = load(
        inputs.sources,
        executor=executor,
        store=store,
        contents=inputs.contents,
        progress=progress,
        meanwhile=meanwhile,
    )
    modules = (Module(source=each.source, facts=each.facts) for each in scanned)
    foreign = (_foreign(path, inputs.contents) for path in inputs.foreign)
    project, facts = Project(modules, (*inputs.failures, *failures), foreign=foreign), knowledge()

    installed = _installed(inputs, project)

    def analyse(project: Project) -> Effects:
        return Effects(project, facts, _library(inputs, project, facts))

    return View(
        project=project,
        effects=analyse(project),
        analyse=analyse,
        knowledge=facts,
        config=inputs.config,
        read=lambda path: decode(inputs.contents.read(path)).text,
        platform_files=inputs.platform_files,
        platform_names=platform_names(inputs.platform_files),
        requirements=inputs.requirements,
        required=inputs.required,
        is_installed=installed.has if installed is not None else None,
        linters=inputs.linters,
        base=inputs.base,
        measured=inputs.measured,
        stubs=inputs.stubs,
        is_library=inputs.metadata.is_distributed,
        oldest_python=inputs.metadata.oldest_python,
    )


def _library(inputs: Inputs, project: Project, facts: Knowledge) -> Library | None:
    installed = _installed(inputs, project)
    return Library(installed, facts) if installed is not None else None


def _installed(inputs: Inputs, project: Project) -> Installed | None:
    """What is installed for the project's interpreter, if it is named; it is read when it is asked for."""
    if inputs.config.python is None:
        return None
    return Installed(ask(inputs.config.python).search_path, project.modules, Store(cache_directory()))


def _foreign(path: Path, contents: Contents) -> Failure:
    """A file in another language uses every name that it mentions; it is no failure of the run."""
    unread = contents.failures.get(path)
    words = unread.words if unread else mentioned_words(contents.read(path))
    return Failure(path=path, why="is not Python", words=words)
