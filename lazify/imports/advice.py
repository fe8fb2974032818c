"""What to tell linters that would have the imports back at the top: the lines that their configuration needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lazify.imports.candidates import DIRECT, Candidate
from lazify.imports.decision import Decision
from lazify.imports.guarding import Guarding
from lazify.imports.pins import runtime_uses
from lazify.index.modules import Module
from lazify.linters import Linters
from lazify.model.facts import MODULE

_MOST_FILES = 8
"""More than these are named by their folders."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice for one plan."""

    linters: Linters
    guarding: Guarding
    decisions: Sequence[Decision]

    def notes(self) -> Iterator[str]:
        """Yield one sentence for each linter that minds, and one for the rule that would keep things so."""
        if codes := self._codes():
            yield f"ruff reports what is meant so here: add {self._lines(codes)} under {self._ignores}"
        if self.linters.flake8 and (files := self._late_imports()):
            lines = ", ".join(f"{name}: E402" for name in sorted(map(self._path, files)))
            yield f"flake8 reports imports below the flag: add {lines} to per-file-ignores in {self.linters.flake8}"
        if "TID253" in self.linters.ruff and (packages := self._unbanned()):
            listed = ", ".join(f'"{package}"' for package in packages)
            where = self.linters.table("flake8-tidy-imports")
            yield f"ruff keeps it so: add {listed} to banned-module-level-imports under {where}"

    @property
    def _ignores(self) -> str:
        return self.linters.table("per-file-ignores")

    def _codes(self) -> dict[Module, list[str]]:
        """The rules of ruff that each file breaks from now on."""
        found: dict[Module, list[str]] = {}
        if "E402" in self.linters.ruff:
            for module in self._late_imports():
                found.setdefault(module, []).append("E402")
        if "PLC0415" in self.linters.ruff:
            for module in dict.fromkeys(d.candidate.module for d in self._moved() if not self._is_let_be(d)):
                found.setdefault(module, []).append("PLC0415")
        return found

    def _moved(self) -> list[Decision]:
        """Those whose imports stand in functions from now on."""
        return [d for d in self.decisions if any(runtime_uses(d.candidate, name) for name in d.moving)]

    def _is_let_be(self, decision: Decision) -> bool:
        names = {each.item.module for each in decision.imports}
        return "TID253" in self.linters.ruff and names <= self.linters.banned

    def _late_imports(self) -> list[Module]:
        """Files with a flag above imports: a guard counts as an import, an assignment does not."""
        flagged = (d.candidate for d in self.decisions if d.moving and self.guarding.makes_flag(d.candidate))
        return list(dict.fromkeys(each.module for each in flagged if _has_import_below(each)))

    def _unbanned(self) -> list[str]:
        """Packages that no module imports at its top any more, and that nothing keeps from it."""
        moved = {d.candidate.package for d in self.decisions if d.moving and not d.candidate.is_inherited}
        stay = {d.candidate.package for d in self.decisions if d.problems}
        return sorted(name for name in moved - stay - self.linters.banned if " and " not in name)

    def _lines(self, codes: Mapping[Module, list[str]]) -> str:
        by_path: dict[str, set[str]] = {}
        for module, found in codes.items():
            path = self._path(module)
            name = (
                path if len(codes) <= _MOST_FILES else f"{path.partition('/')[0]}/**" if "/" in path else path
            )
            by_path.setdefault(name, set()).update(found)
        quoted = {path: ", ".join(f'"{code}"' for code in sorted(each)) for path, each in by_path.items()}
        return ", ".join(f'"{path}" = [{each}]' for path, each in sorted(quoted.items()))

    def _path(self, module: Module) -> str:
        path = module.path
        return (
            path.relative_to(self.linters.root) if path.is_relative_to(self.linters.root) else path
        ).as_posix()


def _has_import_below(candidate: Candidate) -> bool:
    assert candidate.guard is not None
    facts, statement = candidate.module.facts, candidate.guard.statement
    below = (i for i in facts.imports if i.scope == MODULE and i.statement > statement)
    return any(facts.statements[item.statement].kind in DIRECT for item in below)
