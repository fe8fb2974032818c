"""Reads of module-level names that functions change: what is read depends on when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lazify.index.codes import Code
from lazify.index.installed import InstalledModule
from lazify.index.modules import Module
from lazify.index.project import Defined, Project
from lazify.index.state import State, is_class
from lazify.index.steps import Hop, Leaf
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, Role, Use

_NO_READ = frozenset({Role.STORE, Role.DELETE, Role.ANNOTATION})


class StateReads:
    """Finds the reads in a piece of code."""

    def __init__(self, project: Project, state: State) -> None:
        """`state` knows which names are changed."""
        self._project = project
        self._state = state
        self._uses: dict[Module, dict[int, list[Use]]] = {}
        self._statements: dict[Module, dict[int, list[Use]]] = {}
        self._leaves_of: dict[Code, tuple[Leaf, ...]] = {}

    def of_scope(self, code: Code) -> tuple[Leaf, ...]:
        """The reads of a whole body."""
        if code not in self._leaves_of:
            uses = self._by_scope(code.module).get(code.number, ())
            self._leaves_of[code] = tuple(self._leaves(code, uses))
        return self._leaves_of[code]

    def of_statement(self, code: Code, number: int) -> Iterator[Leaf]:
        """The reads of one top-level statement of a module."""
        return self._leaves(code, self._by_statement(code.module).get(number, ()))

    def _by_statement(self, module: Module) -> dict[int, list[Use]]:
        if module not in self._statements:
            found: dict[int, list[Use]] = defaultdict(list)
            for use in self._by_scope(module).get(MODULE, ()):
                found[use.statement].append(use)
            self._statements[module] = found
        return self._statements[module]

    def _leaves(self, code: Code, uses: Iterable[Use]) -> Iterator[Leaf]:
        for use in uses:
            for module, name in self._read(code.module, use):
                changers = self._state.changers(module, name)
                if changers and not self._state.is_memo(module, name, code):
                    yield Leaf(
                        (EffectKind.STATE, f"{module.name}.{name}"), (_hop(code, use, name, changers),)
                    )

    def _read(self, module: Module, use: Use) -> Iterator[tuple[Module, str]]:
        target = self._project.named(module, use)
        if isinstance(target, Defined):
            if use.attributes or use.role not in _NO_READ:
                yield target.module, target.name
            if use.attributes and is_class(target) and (use.attributes[1:] or use.role not in _NO_READ):
                yield target.module, f"{target.name}.{use.attributes[0]}"
        elif use.attributes:
            for found, name, depth in self._project.steps(module, use):
                if depth < len(use.attributes) or use.role not in _NO_READ:
                    yield found, name

    def _by_scope(self, module: Module) -> dict[int, list[Use]]:
        if module not in self._uses:
            found: dict[int, list[Use]] = defaultdict(list)
            names = self._state.names
            is_any = isinstance(module, InstalledModule)  # of its names, nobody has listed those that change
            for name, uses in module.facts.uses.items():
                for use in uses:
                    if (is_any or name in names or not names.isdisjoint(use.attributes)) and _runs(use):
                        found[use.scope].append(use)
            self._uses[module] = found
        return self._uses[module]


def _runs(use: Use) -> bool:
    return (
        not use.is_typing and use.role is not Role.ANNOTATION and not (use.scope == MODULE and use.deferred)
    )


def _hop(code: Code, use: Use, name: str, changers: set[Code]) -> Hop:
    who = min(changers, key=lambda changer: changer.order)
    return Hop(code, use.span, f"reads {name}, which {who.scope.name or who.module.name}() changes")
