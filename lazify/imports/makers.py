"""Values whose making at import is all that keeps a heavy import there: as getters, they let it go.

`device = torch.device("cpu")` needs torch at import, and so does `service = Service()` if its constructor does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lazify.getter.candidates import makes_value
from lazify.imports.candidates import Candidate
from lazify.imports.deciding import Deciding
from lazify.imports.grounds import Grounds
from lazify.imports.pins import own_uses, reason_to_stay, runtime_uses
from lazify.imports.placement import spots
from lazify.index.callers import Callers, Statement
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Does, Role, Use
from lazify.model.places import Place


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The statements that together keep one import: making getters of some is of no use."""

    why: dict[Statement, tuple[Evidence, ...]] = field(default_factory=dict)


def packs(view: View) -> list[Pack]:
    """Find them for every heavy import that moves once they are getters."""
    deciding = view.once(Deciding)
    begun = [(c, pack) for c in deciding.chosen if (pack := _begun(deciding.grounds, c)) is not None]
    search = _Search(view, frozenset(candidate.module for candidate, _ in begun))
    found = {c.key: pack for c, pack in begun if search.completed(c, pack) and pack.why}
    if not found:
        return []
    lazy = frozenset(statement for pack in found.values() for statement in pack.why)
    going = {d.candidate.key for d in deciding.run(lazy) if not d.problems}
    return [pack for key, pack in found.items() if key in going]


def _begun(grounds: Grounds, candidate: Candidate) -> Pack | None:
    """Gather the statements that use the import to make a value; None where something else keeps it."""
    pack = Pack()
    for name in candidate.names:
        if grounds.problem_beside_uses(candidate, name) is not None:
            return None
        for use in own_uses(candidate, name):
            if reason_to_stay(candidate, use, grounds.annotations) is None:
                continue
            if not _is_making(candidate.module, use):
                return None
            place = Place(candidate.module.path, use.span)
            fact = Evidence(fact=f"making it needs {candidate.package}", at=place)
            pack.why[candidate.module, use.statement] = (fact, candidate.why[-1])
    return pack


def _is_making(module: Module, use: Use) -> bool:
    """Tell whether the use stands in a statement that makes a value by some call."""
    is_plain = use.scope == MODULE and use.role is Role.LOAD and not use.deferred and not use.is_typing
    return is_plain and _makes(module, use.statement) and _calls(module, use.statement)


def _makes(module: Module, number: int) -> bool:
    statement = module.facts.statements[number]
    return makes_value(statement) and statement.kind != "If"


class _Search:
    """Finds the statements that call functions which use the import."""

    def __init__(self, view: View, modules: frozenset[Module]) -> None:
        """`modules` are those of the imports."""
        self._view = view
        self._modules = modules

    def completed(self, candidate: Candidate, pack: Pack) -> bool:
        """Add the values whose making calls functions that use the import; False where something else does."""
        module = candidate.module
        uses = [use for name in candidate.names for use in runtime_uses(candidate, name)]
        homes = {(module, spot.scope) for spot in spots(module, uses) if spot.scope != MODULE}
        for where, number in self._callers.of(homes) if homes else ():
            if _makes(where, number):
                statement = where.facts.statements[number]
                at = Place(where.path, statement.span)
                fact = Evidence(fact=f"making {statement.binds[0]} needs {candidate.package}", at=at)
                pack.why.setdefault((where, number), (fact, candidate.why[-1]))
            elif where is module:
                return False
        return True

    @cached_property
    def _callers(self) -> Callers:
        return self._view.effects.callers(self._statements())

    def _statements(self) -> Iterator[Statement]:
        """Whatever makes a value, and in the modules of the imports whatever else runs."""
        for module in self._view.project.modules.values():
            if runs_in_service(module):
                calls = {o.statement for o in module.facts.scopes[MODULE].operations if not o.deferred}
                is_own = module in self._modules
                yield from ((module, n) for n in sorted(calls) if is_own or _makes(module, n))


def _calls(module: Module, number: int) -> bool:
    operations = module.facts.scopes[MODULE].operations
    return any(o.statement == number and o.does is Does.CALL for o in operations)
