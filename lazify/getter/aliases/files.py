"""Files that a making reads or makes, and what the program does with them elsewhere.

state = load(STATE)                    and a function with `open(STATE, "w")`
connection = sqlite3.connect(PATH)     and a function with `os.path.exists(PATH)`
"""

import re
from collections.abc import Iterable, Iterator

from lazify.getter.aliases.outcomes import How
from lazify.getter.aliases.problems import class_of, comes_after
from lazify.getter.aliases.search import Aliases
from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE
from lazify.model.places import Span

_MAKES = frozenset({EffectKind.FILE_WRITE, EffectKind.DATABASE})
_MAKES_FOLDERS = re.compile(r"\b(?:makedirs|mkdir)\b")
_FILE = re.compile(r"""["'](?:[^"'\\\n/]*/)*([\w.-]*\.[A-Za-z]\w{0,7})["']""")
"""A constant path with the name of a file."""


def file_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse where the making reads a file that the program writes, or makes one that the program asks for."""
    matters = _what_matters(view, group)
    if not matters:
        return None
    named = dict.fromkeys(each for each in inputs if isinstance(each, Defined) and _may_be_path(view, each))
    paths: list[Defined | str] = [*named, *sorted(_spelled(view, group, named))]
    own = [*_own_scopes(view, group)] if paths and "asked" in matters else []
    for path in paths:
        for access in view.once(Aliases).file_accesses(path):
            is_own = any(m is access.module and span.contains(access.span) for m, span in own)
            target = path if isinstance(path, Defined) else None
            if access.how in matters and not is_own and comes_after(view, group, target, access):
                name = path.name if isinstance(path, Defined) else path
                does = "writes the file" if access.how == "file" else "asks for the file"
                how = "reads" if matters == {"file"} else "may write"
                reason = f"the program {does} at {name}, which making it {how}"
                return problem(reason, access.module, access.span)
    return None


def _what_matters(view: View, group: Group) -> frozenset[How]:
    """Say what the program may do with the making's files that shows when they were read or made.

    A connection alone makes an empty database, as another one would.
    """
    effects = [e for number in group.statements for e in view.effects.of_statement(group.module, number)]
    kinds = {effect.kind for effect in effects}
    if kinds.isdisjoint(_MAKES):
        return frozenset({"file"} if EffectKind.FILE_READ in kinds else ())
    is_plain = group.is_single_assignment and not any(reached_scopes(view, group))
    makes_folders = _MAKES_FOLDERS.search(text_of_making(view, group)) is not None
    found: set[How] = {"file", "asked"}
    found |= set() if is_plain else {"opened"}
    found |= {"joined"} if makes_folders else set()
    return frozenset(found)


def _own_scopes(view: View, group: Group) -> Iterator[tuple[Module, Span]]:
    """Yield the functions that the making runs, and the methods of its objects, which run after that."""
    for module, number in reached_scopes(view, group):
        scopes = module.facts.scopes
        yield module, scopes[number].span
        if scopes[scopes[number].parent].kind == "class":
            methods = (scopes[n] for n in scopes[scopes[number].parent].definitions.values())
            yield from ((module, each.span) for each in methods if not each.decorators)


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


def _spelled(view: View, group: Group, named: Iterable[Defined]) -> set[str]:
    """Give the names of files that are spelled by the making, the functions that it runs, or what it reads."""
    texts = [text_of_making(view, group)]
    for target in named:
        facts, text = target.module.facts, view.text(target.module)
        texts += (text.cut(facts.statements[b.statement].span) for b in facts.bindings.get(target.name, ()))
    return {match[1] for text in texts for match in _FILE.finditer(text)}
