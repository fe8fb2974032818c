"""Files that a making reads and the program writes: `state = load(STATE)`, and `open(STATE, "w")` in a function."""

import re
from collections.abc import Iterable

from lazify.getter.aliases.problems import class_of, comes_after
from lazify.getter.aliases.search import Aliases
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE

_FILE = re.compile(r"""["'](?:[^"'\\\n/]*/)*([\w.-]*\.[A-Za-z]\w{0,7})["']""")
"""A constant path with the name of a file."""


def file_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse where the making may read a file that the program writes, by a name for its path or by its own name."""
    if not _reads_files(view, group):
        return None
    named = dict.fromkeys(each for each in inputs if isinstance(each, Defined) and _may_be_path(view, each))
    paths: list[Defined | str] = [*named, *sorted(_spelled(view, group))]
    for path in paths:
        for change in view.once(Aliases).writes(path):
            if comes_after(view, group, path if isinstance(path, Defined) else None, change):
                name = path.name if isinstance(path, Defined) else path
                reason = f"the program writes the file at {name}, which making it reads"
                return problem(reason, change.module, change.span)
    return None


def _reads_files(view: View, group: Group) -> bool:
    effects = (e for number in group.statements for e in view.effects.of_statement(group.module, number))
    return any(effect.kind is EffectKind.FILE_READ for effect in effects)


def _may_be_path(view: View, target: Defined) -> bool:
    body = target.module.facts.scopes[MODULE]
    if target.name in body.definitions or not body.locals.get(target.name):
        return False
    cls = class_of(view, target)
    return (
        cls is None
        or cls == Builtin("str")
        or (isinstance(cls, External) and cls.name.startswith("pathlib."))
    )


def _spelled(view: View, group: Group) -> set[str]:
    """Give the names of files that the making spells."""
    text, statements = view.text(group.module), group.module.facts.statements
    return {match[1] for n in group.statements for match in _FILE.finditer(text.cut(statements[n].span))}
