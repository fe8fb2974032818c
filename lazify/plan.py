"""What all codemods together want to do in one project."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lazify.codemod import Codemod
from lazify.model.changes import Change, Plan, Refusal

if TYPE_CHECKING:
    from lazify.index.view import View


def plan(view: "View", codemods: Iterable[Codemod]) -> Plan:
    """Ask each codemod in its order; what one said, the next can see."""
    said: list[Change | Refusal] = []
    for codemod in codemods:
        said.extend(codemod.plan(replace(view, earlier=tuple(said))))
    return Plan(
        changes=tuple(sorted((each for each in said if isinstance(each, Change)), key=_place)),
        refusals=tuple(sorted((each for each in said if isinstance(each, Refusal)), key=_place)),
        failures=view.project.failures,
    )


def joined(plans: Sequence[Plan]) -> Plan:
    """Put the plans of several projects together; the keys of changes must differ between them."""
    return Plan(
        changes=tuple(change for each in plans for change in each.changes),
        refusals=tuple(refusal for each in plans for refusal in each.refusals),
        failures=tuple(failure for each in plans for failure in each.failures),
    )


def with_required(plan: Plan, keys: Iterable[str]) -> Plan:
    """Return the part of `plan` with the changes of these keys and all that they require."""
    by_key = {change.key: change for change in plan.changes}
    wanted, queue = set[str](), [key for key in keys if key in by_key]
    while queue:
        key = queue.pop()
        if key not in wanted:
            wanted.add(key)
            queue.extend(by_key[key].requires & by_key.keys())
    return replace(plan, changes=tuple(change for change in plan.changes if change.key in wanted))


def _place(said: Change | Refusal) -> tuple[str, int, int, str]:
    return (said.at.path.as_posix(), said.at.span.line, said.at.span.column, said.code)
