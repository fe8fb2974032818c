"""Imports of other packages that change the program around them: by what the packages do, or for that alone."""

import sys
from collections.abc import Iterator
from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.getter.tested import Tested
from lazify.getter.variables import variables_set
from lazify.imports.set_up import SetUp
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.knowledge.heavy import Costs
from lazify.knowledge.packages import packages
from lazify.model.facts import MODULE, Import
from lazify.model.places import Span


class PackageEffects:
    """Answers for the imports of one project."""

    def __init__(self, view: View, costs: Costs) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project, self._costs = view, view.project, costs
        self._known = packages(costs)
        self._set_up = view.once(SetUp)

    def problem(self, module: Module, item: Import, *, is_moved: bool = True) -> Problem | None:
        """Say what importing a package changes for others; None for modules of the project.

        More is asked of an import that is moved itself than of what runs with another one.
        """
        if item.level or self._project.source_module(module, item) is not None:
            return None
        name = f"{item.module}.{item.name}" if item.name else item.module
        loaded = (item.module, *sorted(self._costs.loaded_with(item.module) | self._costs.loaded_with(name)))
        for top in dict.fromkeys(each.partition(".")[0] for each in loaded):
            if top in self._known.registers:
                return problem(f"importing {top} changes what other packages do", module, item.span)
            if top in self._known.environment and not self._reads_variables_itself:
                reason = f"importing {top} loads the file .env into the environment, which others read"
                return problem(reason, module, item.span)
            is_unknown = (
                is_moved and top == loaded[0].partition(".")[0] and self._costs.of(item.module) is None
            )
            is_known = top in self._known.loggers
            if (is_known or is_unknown) and (found := self._set_up.logger(top, is_known=is_known)):
                return found
            if top in self._known.filters and (found := self._set_up.filters(top)):
                return found
            for name, place, line in self._variables(module, tuple(self._known.variables.get(top, ()))):
                reason = f"{top} reads {name} when it is imported, which is set later"
                return problem(reason, place, Span(line, 0, line, 0))
        return None

    def _variables(self, owner: Module, prefixes: tuple[str, ...]) -> Iterator[tuple[str, Module, int]]:
        """Yield the variables that begin so, and that functions or tests set once `owner` has been imported."""
        for module, line, name in self._set if prefixes else ():
            if name.startswith(prefixes):
                yield name, module, line
        for module, line, said in self._view.once(Tested).variables(owner) if prefixes else ():
            if said is not None and said.startswith(prefixes):
                yield said, module, line

    @cached_property
    def _set(self) -> list[tuple[Module, int, str]]:
        """What the program sets in functions, or when it is run."""
        return [each for each in self._view.once(variables_set) if _is_later(*each[:2])]

    def of_body(self, module: Module) -> Problem | None:
        """Say which import at the top level of a module has to run when it does today."""
        return next(self._of_body(module), None)

    def _of_body(self, module: Module) -> Iterator[Problem]:
        for item in module.facts.imports:
            if item.scope == MODULE and not item.is_typing:
                if found := self.problem(module, item, is_moved=False):
                    yield found
                if self._is_for_its_effect(module, item):
                    reason = (
                        f"nothing uses {item.module}, which {module.name} imports: it may be for its effect"
                    )
                    yield problem(reason, module, item.span)

    def _is_for_its_effect(self, module: Module, item: Import) -> bool:
        """`import plugin`, which nothing uses: what is known to be heavy, or part of Python, is only a leftover."""
        top = item.module.partition(".")[0]
        if item.name is not None or item.level or top in sys.stdlib_module_names:
            return False
        if self._costs.of(item.module) is not None or module.facts.uses.get(item.binds):
            return False
        is_taken = any(
            item.binds in each.facts.words for each in self._project.modules.values() if each is not module
        )
        return not is_taken and self._project.source_module(module, item) is None

    @cached_property
    def _reads_variables_itself(self) -> bool:
        """Tell whether the program loads the file by itself."""
        return any(runs_in_service(module) for module in self._project.mentioning("load_dotenv"))


def _is_later(module: Module, line: int) -> bool:
    """Tell whether the line runs once the imports are done."""
    functions = (scope.span for scope in module.facts.scopes if scope.kind == "function")
    runs = (statement.span for statement in module.facts.statements if statement.guard == "main")
    return any(span.line <= line <= span.end_line for span in (*functions, *runs))
