"""What the body of a module reads while it is imported: when it is imported later, that may be something else."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate

from lazify.getter.circumstances import body_problem
from lazify.getter.doubles import Doubles
from lazify.getter.groups import Group
from lazify.getter.inputs import handed_problem, input_problem
from lazify.getter.problems import Problem, problem
from lazify.getter.rebound import rebound_problem
from lazify.getter.variables import handed_variable_problem, spelled_variable_problem
from lazify.imports.graph import Graph
from lazify.imports.takers import Takers
from lazify.index.modules import Module
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, Import, Role, Use
from lazify.model.places import Span

_IMPORTS = frozenset({"Import", "ImportFrom"})
_DEFINITIONS = frozenset({"FunctionDef", "AsyncFunctionDef", "ClassDef"})


Replaced = Callable[[str], tuple[Module, Span] | None]
"""Tells where somebody replaces an attribute of another package, by its dotted name."""


class BodyInputs:
    """Answers for the modules of one project."""

    def __init__(self, view: View, takers: Takers, graph: Graph, replaced: Replaced) -> None:
        """Nothing is searched before the first question."""
        self._replaced = replaced
        self._view, self._project = view, view.project
        self._takers, self._graph = takers, graph
        self._known: dict[Module, Problem | None] = {}
        self._handed: dict[Module, Problem | None] = {}

    @cached_property
    def _doubles(self) -> Doubles:
        return Doubles(self._view)

    def problem(self, module: Module) -> Problem | None:
        """Say what the body reads that the program, or a test, changes once it runs."""
        if module not in self._known:
            self._known[module] = next(self._problems(module), None)
        return self._known[module]

    def _problems(self, module: Module) -> Iterator[Problem]:
        for item in module.facts.imports:
            if item.scope == MODULE and not item.is_typing and item.name not in (None, "*"):
                yield from self._taken(module, item)
        for target in dict.fromkeys(self._read(module)):
            if found := self.rebound(module, target) or rebound_problem(self._view, (target,)):
                yield found
        for dotted in dict.fromkeys(self._read_of_others(module)):
            if place := self._replaced(dotted):
                yield problem(f"{dotted} is replaced, which {module.name} does not see today", *place)
        making = self._making(module)
        if making.statements:
            yield from spelled_variable_problem(self._view, making)
            yield from body_problem(self._view, making)
            if found := input_problem(self._view, self._own(making)):
                yield found
            plain = tuple(n for n in making.statements if module.facts.statements[n].kind not in _DEFINITIONS)
            # Who patches these has it imported.
            own = {Defined(module, name) for name in module.facts.bindings}
            if found := self._doubles.problem(_group(module, plain), followed=own) if plain else None:
                yield found

    def late_problem(self, target: Module) -> Problem | None:
        """Say what the bodies that importing `target` runs read, and code changes that has it under another name.

        To find that, objects are followed through the whole project: it is asked last.
        """
        queue, seen = [target], {target}
        while queue:
            at = queue.pop()
            if found := self._handed_problem(at):
                return found
            fresh = [each for each in self._graph.direct(at) if each not in seen]
            seen.update(fresh)
            queue += fresh
        return None

    def _handed_problem(self, module: Module) -> Problem | None:
        if module not in self._handed:
            making = self._making(module)
            self._handed[module] = self._handed_to(making) if making.statements else None
        return self._handed[module]

    def _handed_to(self, making: Group) -> Problem | None:
        found = next(handed_variable_problem(self._view, making), None)
        return found or handed_problem(self._view, self._own(making))

    def _making(self, module: Module) -> Group:
        """The statements of the body but imports: a function may have defaults and decorators."""
        statements = enumerate(module.facts.statements)
        making = (n for n, s in statements if s.guard is None and s.kind not in _IMPORTS)
        return _group(module, tuple(making))

    def _own(self, making: Group) -> Group:
        """The same, with what the module binds: nobody has that before it is imported."""
        return _group(making.module, making.statements, tuple(making.module.facts.bindings))

    def _taken(self, module: Module, item: Import) -> Iterator[Problem]:
        """What `from a import b` takes would be what `a.b` is by then."""
        target = self._project.import_target(module, item)
        if isinstance(target, Defined):
            if found := self.rebound(module, target):
                yield found
        elif isinstance(target, External) and (place := self._replaced(target.name)):
            reason = f"{target.name} is replaced, which {module.name} does not see today"
            yield problem(reason, *place)

    def rebound(self, module: Module, target: Defined) -> Problem | None:
        """Say where the name gets another value than `module` takes today."""
        for binding in target.module.facts.bindings.get(target.name, ()):
            if binding.scope != MODULE:
                return problem(
                    f"{target.name} gets another value while the program runs", target.module, binding.span
                )
        for reach in self._takers.uses(target.module, target.name):
            is_whole = reach.depth == len(reach.use.attributes)
            if is_whole and reach.use.role in (Role.STORE, Role.AUGMENT, Role.DELETE):
                return problem(f"{target.name} gets another value", reach.module, reach.use.span)
        for mention in self._takers.mentions(target.module, target.name).mentions:
            if not mention.rest and mention.module is not module:
                reason = f"{target.name} may be replaced where it is defined, which {module.name} does not see today"
                return problem(reason, mention.module, mention.mention.span)
        return None

    def _read(self, module: Module) -> Iterator[Defined]:
        """Yield the names of other modules that the body looks up by itself: `settings.SIZE`."""
        for uses in module.facts.uses.values():
            for use in uses:
                if use.bound == MODULE and not use.deferred and _reads(use):
                    for owner, name, _ in self._project.steps(module, use):
                        if owner is not module:
                            yield Defined(owner, name)

    def _read_of_others(self, module: Module) -> Iterator[str]:
        """Yield what the body looks up in other packages by itself: `torch.nn.Module` of a base, `functools.wraps`."""
        for uses in module.facts.uses.values():
            for use in uses:
                owner = (
                    self._project.named(module, use)
                    if use.bound == MODULE and not use.deferred and _reads(use)
                    else None
                )
                if isinstance(owner, External):
                    yield from accumulate((owner.name, *use.attributes), "{}.{}".format)


def _reads(use: Use) -> bool:
    return use.role is not Role.STORE and not use.is_typing and bool(use.attributes)


def _group(module: Module, statements: tuple[int, ...], names: tuple[str, ...] = ("its body",)) -> Group:
    return Group(module=module, names=names, statements=statements, occurrences=())
