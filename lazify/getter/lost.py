"""Names that are bound together with a value and that nothing is seen to use: they are gone afterwards."""

from lazify.getter.exposure import Exposures
from lazify.getter.groups import Group, unused
from lazify.getter.problems import Problem, problem
from lazify.index.occurrences import occurrences
from lazify.index.view import View


def lost_problem(view: View, exposures: Exposures, group: Group) -> Problem | None:
    """`first = second = Store()`, where somebody may ask the module for `second`."""
    for name in unused(group):
        if len(view.project.mentioning(name)) > 1:
            for each in exposures.of(occurrences(view.project, group.module, name)):
                if isinstance(each, Problem) or not each.is_assumed:
                    reason = f"{name} is bound together with it: {each.reason}"
                    return problem(reason, group.module, group.first.span)
    return None
