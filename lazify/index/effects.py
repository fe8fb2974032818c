"""Effects of what runs at import: interprocedural, to a fixed point, each with its chain."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from lazify.index.abstract import Class, Data, Function, Instance, Made, Outside, Shared, Value, Values
from lazify.index.callers import Callers
from lazify.index.codes import Code
from lazify.index.installed import InstalledModule
from lazify.index.library import Library
from lazify.index.linked import Linked
from lazify.index.modules import Module
from lazify.index.once import runs_at
from lazify.index.project import Builtin, Defined, External, Project, Target
from lazify.index.reach import Reach, flat
from lazify.index.running import Running
from lazify.index.state import State
from lazify.index.steps import Hop, Leaf, Steps
from lazify.index.values import Evaluator
from lazify.knowledge import Knowledge
from lazify.model.effects import Effect, Evidence, Level
from lazify.model.facts import MODULE, Ref

_ABSTRACT = frozenset({"abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases outside the project that make no instance callable."""


class Effects:
    """What running code of a project does to the world. Everything is worked out when it is asked for, once."""

    def __init__(self, project: Project, knowledge: Knowledge, library: Library | None = None) -> None:
        """Read the code of `project`, and of `library`; `knowledge` tells what other code does."""
        self._project = project
        linked = project if library is None else Linked(project, library)
        self._evaluator = Evaluator(linked, knowledge)
        self._own = self._evaluator if library is None else Evaluator(project, knowledge)
        """Knows the names of the project alone: what is written into the project's code must not say more."""
        self._state = State(linked, self._evaluator.codes, knowledge)
        self._running = Running(self._evaluator, self._state)
        self._reach = Reach(self._running.body, project.loaded_with)
        self._statements: dict[tuple[Module, int], Steps] = {}
        self._evidence: dict[int, tuple[Hop, Evidence]] = {}
        """By the identity of hops, which live as long as the steps."""
        self._effects: dict[tuple[Module, int], tuple[Effect, ...]] = {}

    def of_statement(self, module: Module, number: int, *, least: Level = Level.SAFE) -> tuple[Effect, ...]:
        """The effects of running that top-level statement at import, the worst first; none if all are below `least`.

        What an import at module level runs are the statements of another module: see `importing`. What a
        STATE effect touches is its callee: `pkg.module.NAME`, `pkg.module.Class`, `pkg.module.Class.attribute`.
        """
        key = (module, number)
        if key not in self._effects:
            steps = self._steps(module, number)
            if least > Level.SAFE and self._reach.level(steps, module) < least:
                return ()  # how the effects come about takes longer to find
            self._effects[key] = self._sorted(steps, module)
        return self._effects[key]

    def importing(self, module: Module) -> tuple[Effect, ...]:
        """The effects of running the module's body, what it imports included."""
        body = self._running.runs.of(self._evaluator.codes.of(module, MODULE))
        return self._sorted(self._reach.steps(body), None)

    def reached(self, roots: Iterable[tuple[Module, int]]) -> Mapping[tuple[Path, int], tuple[Evidence, ...]]:
        """The functions of the project (path, scope number) that may run when those statements run, with the way there.

        Bodies of imported modules are not followed: their statements are roots of their own.
        """
        return self._functions(self._steps(*root) for root in roots)

    def of_function(self, module: Module, scope: int) -> tuple[Effect, ...]:
        """The effects of running a function of the project, whatever it is given, the worst first."""
        return self._sorted(self._of_function(module, scope), module)

    def run_by(self, module: Module, scope: int) -> Mapping[tuple[Path, int], tuple[Evidence, ...]]:
        """The functions of the project that may run when that function runs, as in `reached`."""
        return self._functions([self._of_function(module, scope)])

    def functions_of(self, module: Module, cls: int, name: str) -> frozenset[tuple[Module, int]]:
        """The functions of the project that instances of a class find under a name: methods, aliases and lambdas."""
        instance: Values = frozenset({Instance(self._own.codes.of(module, cls))})
        found = self._own.closures.settled(self._own.members.attribute(instance, name))
        codes = (value.code for value in found if isinstance(value, Function))
        return frozenset((code.module, code.number) for code in codes)

    def _of_function(self, module: Module, scope: int) -> Steps:
        return self._reach.steps(self._running.runs.of(self._evaluator.codes.of(module, scope)))

    def _functions(self, starts: Iterable[Steps]) -> dict[tuple[Path, int], tuple[Evidence, ...]]:
        found: dict[tuple[Path, int], tuple[Evidence, ...]] = {}
        for run, path in self._reach.reached(starts).items():
            code = run.code
            if code.kind in ("function", "lambda") and not isinstance(code.module, InstalledModule):
                found.setdefault((code.module.path, code.number), tuple(map(self._shown, flat(path))))
        return found

    def callers(self, statements: Iterable[tuple[Module, int]]) -> Callers:
        """Who runs what when those statements run; bodies of imported modules are not followed, as in `reached`."""
        return Callers(((each, self._steps(*each)) for each in statements), self._reach.steps)

    def changed_at(self, module: Module, name: str) -> tuple[int, ...]:
        """The module's statements that change what a name of it holds by functions that run then and never again.

        No STATE effect speaks of such changes: what reads the name further down finds them done, whenever it does.
        """
        return self._state.changed_at(module, name)

    def runs_at(self, module: Module, scope: int) -> tuple[int, ...]:
        """The module's statements that call a function, where nothing else ever calls it; empty for all others."""
        return runs_at(self._project, self._own.codes.of(module, scope))

    def class_of(self, module: Module, ref: Ref | None, scope: int) -> Target | None:
        """The class whose instance the expression is, if it can be told."""
        (cls, *others) = self.classes_of(module, ref, scope) or (None,)
        return None if others else cls

    def classes_of(self, module: Module, ref: Ref | None, scope: int) -> frozenset[Target | None]:
        """The classes of which the expression may give an instance; None among them for what cannot be told."""
        values = self._own.evaluate(ref, self._own.codes.of(module, scope), _statements(module, ref))
        settled = self._own.closures.settled(values)
        return frozenset(self._class(value) for value in settled if not isinstance(value, Shared))

    def _class(self, value: Value) -> Target | None:
        """The class of a value; of an attribute, the knowledge base may know it: `Path.parent` is a Path."""
        fact = self._own.knowledge.fact(value.name) if isinstance(value, Outside) and value.is_part else None
        if fact is None or fact.value is None:
            return _class(value)
        owner, _, name = fact.value.rpartition(".")
        return Builtin(name) if owner == "builtins" else External(fact.value)

    def may_be_called(self, module: Module, ref: Ref | None, scope: int) -> bool:
        """Tell whether the value of the expression may be callable: not if its class has no `__call__`."""
        values = self._own.evaluate(ref, self._own.codes.of(module, scope), _statements(module, ref))
        own = [value for value in self._own.closures.settled(values) if not isinstance(value, Shared)]
        return not own or any(map(self._may_be_called, own))

    def _may_be_called(self, value: Value) -> bool:
        if not isinstance(value, Instance):
            return True
        order = [base for base in self._own.classes.order(value.code) if base not in _ABSTRACT]
        is_read = all(isinstance(base, Code) and not base.scope.decorators for base in order)
        return not is_read or self._own.members.has(value.code, "__call__")

    def _steps(self, module: Module, number: int) -> Steps:
        key = (module, number)
        if key not in self._statements:
            self._statements[key] = self._running.statement(module, number)
        return self._statements[key]

    def _sorted(self, steps: Steps, module: Module | None) -> tuple[Effect, ...]:
        chains = self._reach.chains(steps, module)
        effects = [self._effect(hops, leaf) for hops, leaf in chains.values()]
        return tuple(sorted(effects, key=_rank))

    def _effect(self, hops: tuple[Hop, ...], leaf: Leaf) -> Effect:
        kind, callee = leaf.key
        chain = [self._shown(hop) for hop in (*hops, *leaf.hops)]
        return Effect(kind=kind, callee=callee, chain=(*chain, *leaf.cited()))

    def _shown(self, hop: Hop) -> Evidence:
        if id(hop) not in self._evidence:
            self._evidence[id(hop)] = hop, hop.evidence()
        return self._evidence[id(hop)][1]


def _statements(module: Module, ref: Ref | None) -> frozenset[int] | None:
    """The statements whose value is just this reference, to tell calls with other arguments apart."""
    found = frozenset(
        number for number, statement in enumerate(module.facts.statements) if statement.value is ref
    )
    return found or None


def _rank(effect: Effect) -> tuple[int, int, str, str]:
    return -effect.level, len(effect.chain), effect.kind, effect.callee


def _class(value: Value) -> Target | None:
    match value:
        case Instance(code) if code.parent is not None and code.parent.kind == "module":
            return Defined(code.module, code.name)
        case Made(name) if name[-1] not in ")]":
            return External(name)
        case Data(name) if name != "None":
            return Builtin(name)
        case Class():
            return Builtin("type")
        case _:
            return None
