"""A stand-in for the api, for what a real run does not do on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner, Result

from lazify import api
from lazify.cli import main
from lazify.model.changes import Change, Erase, Patch, Plan, Receipt, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span


@dataclass
class Engine:
    """Stands in for the api: gives what the test says, and remembers what it was asked."""

    base: Path
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Failure, ...] = ()
    late_failures: tuple[Failure, ...] = ()
    requests: list[api.Request] = field(default_factory=list)
    applied: list[Path] = field(default_factory=list)
    left_by_a_killed_run: tuple[str, ...] = ()

    def load(self, request: api.Request, *, progress: object) -> SimpleNamespace:
        self.requests.append(request)
        return SimpleNamespace(base=self.base)

    def plan(self, loaded: object, *, declined: frozenset[str] = frozenset()) -> Plan:
        left = tuple(change for change in self.changes if change.key not in declined)
        return Plan(changes=left, refusals=self.refusals, failures=self.failures)

    def patches(self, loaded: object, plan: Plan, *, progress: object) -> tuple[Plan, tuple[Patch, ...]]:
        paths = sorted({edit.path for change in plan.changes for edit in change.edits})
        patches = tuple(Patch(path=path, before=b"x = 1\n", after=b"x = 2\n") for path in paths)
        return replace(plan, failures=(*plan.failures, *self.late_failures)), patches

    def preview(
        self, loaded: object, plan: Plan, change: Change, needed: Sequence[Change]
    ) -> tuple[Patch, ...]:
        return self.patches(loaded, Plan(changes=(change, *needed)), progress=None)[1]

    def apply(
        self, loaded: object, patches: Sequence[Patch], *, declined: frozenset[str], tell: object
    ) -> Receipt:
        self.applied = [patch.path for patch in patches]
        return Receipt(written=tuple(self.applied), journal=self.base / ".lazify/journal/000001.committed")

    def undo(self, start: Path, *, tell: object) -> Receipt:
        return Receipt(written=tuple(self.applied), journal=self.base if self.applied else None)

    def recover(self, start: Path) -> tuple[str, ...]:
        return self.left_by_a_killed_run


def change(name: str, base: Path) -> Change:
    path = base / f"{name}.py"
    return Change(
        key=name,
        code="LZ101",
        title=f"{name} becomes get_{name}()",
        at=Place(path, Span(2, 0, 2, 1)),
        why=(Evidence(fact="sqlite3.connect opens a database"),),
        edits=(Erase(path=path, span=Span(2, 0, 2, 1)),),
    )


def refusal(name: str, base: Path) -> Refusal:
    place = Place(base / f"{name}.py", Span(3, 0, 3, 1))
    return Refusal(code="LZ101", title=f"{name} is made at import", at=place, reason="class Cached needs it")


def lazify(*arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, env=env)
