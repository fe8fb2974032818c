"""Tests that replace a name in the module that imported it, when the import moves into functions.

`patch("m.OpenAI")` becomes `patch("openai.OpenAI")`: a function that imports the name when it runs takes what stands
there. That is the same only if nobody else takes it from there while the test runs. A module as a whole has no such
place: `import numpy as np` asks `sys.modules`, and what is put there everybody gets.
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.index.modules import Module
from lazify.index.occurrences import MentionOccurrence, resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.changes import Edit, Replace
from lazify.model.facts import MODULE, Import, NameRef
from lazify.model.places import Span

_BY_PATH = frozenset({"patch", "setattr"})


def is_patch(found: MentionOccurrence) -> bool:
    """Tell whether the string is the path of what `patch` or `monkeypatch.setattr` replaces."""
    return getattr(found.mention.callee, "name", "") in _BY_PATH and found.mention.position == 0


class Patching:
    """Answers for the tests of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def below(self, found: MentionOccurrence, name: str, origin: HeavyImport) -> Iterator[Edit | Problem]:
        """`patch("m.np.mean")` becomes `patch("numpy.mean")`: the same attribute of the same object."""
        dotted = origin.name if origin.item.name or origin.item.alias else origin.name.partition(".")[0]
        yield self._respelled(found, name, dotted)

    def whole(
        self,
        found: MentionOccurrence,
        candidate: Candidate,
        origin: HeavyImport,
        moving: dict[str, list[Module]],
    ) -> Iterator[Edit | Problem]:
        """`patch("m.OpenAI")` becomes `patch("openai.OpenAI")`; `moving` tells who else imports what in functions."""
        name, at = origin.item.binds, (found.module, found.mention.span)
        if candidate.is_inherited or origin.item.name is None or not (found.is_path and is_patch(found)):
            yield problem(f"a test replaces {name}", *at)
        elif "." in origin.name.rpartition(".")[0]:
            owner = origin.name.rpartition(".")[0]
            yield problem(f"a test replaces {name}, which code in {owner} may look up as well", *at)
        elif others := [each for each in moving.get(origin.name, ()) if each is not candidate.module]:
            yield problem(f"a test replaces {name}, and {others[0].name} would get what it puts there", *at)
        elif reader := self._readers.get(origin.name):
            yield problem(
                f"a test replaces {name}, and {reader[0].name} would get what it puts there", *reader
            )
        else:
            yield self._respelled(found, name, origin.name)

    def _respelled(self, found: MentionOccurrence, name: str, dotted: str) -> Edit | Problem:
        mention = found.mention
        quoted = self._view.text(found.module).cut(mention.span)
        rest = "".join(f".{each}" for each in found.rest)
        if not quoted.endswith((f".{name}{rest}{quoted[-1]}", f":{name}{rest}{quoted[-1]}")):
            return problem(f"the string that patches {name} cannot be edited", found.module, mention.span)
        start = quoted.index(mention.text[:1])
        code = f"{quoted[:start]}{dotted}{rest}{quoted[-1]}"
        return Replace(path=found.module.path, span=mention.span, code=code)

    @cached_property
    def _readers(self) -> dict[str, tuple[Module, Span]]:
        """Names of packages that somebody takes while the program runs: `openai.OpenAI`, an import in a function."""
        found: dict[str, tuple[Module, Span]] = {}
        for module in self._view.project.modules.values():
            for dotted, span in (*self._imported(module), *self._attributes(module)):
                found.setdefault(dotted, (module, span))
        return found

    def _imported(self, module: Module) -> Iterator[tuple[str, Span]]:
        for item in module.facts.imports:
            if item.scope != MODULE and item.name and not item.is_typing:
                yield f"{item.module}.{item.name}", item.span

    def _attributes(self, module: Module) -> Iterator[tuple[str, Span]]:
        for item in module.facts.imports:
            for use in module.facts.uses.get(item.binds, ()) if item.name is None else ():
                owner = resolve(self._view.project, module, NameRef(use.name, use.bound))
                if use.attributes and isinstance(owner, External):
                    for depth in range(len(use.attributes)):
                        yield ".".join((owner.name, *use.attributes[: depth + 1])), use.span
                elif use.attributes and use.bound != MODULE:
                    yield f"{_loaded(item)}.{use.attributes[0]}", use.span


def _loaded(item: Import) -> str:
    return item.module if item.alias else item.module.partition(".")[0]
