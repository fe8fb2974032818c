"""Files that a making reads or makes, and what the program does with them elsewhere.

state = load(STATE)                    and a function with `open(STATE, "w")`
connection = sqlite3.connect(PATH)     and a function with `os.path.exists(PATH)`
"""

import ast
import re
from collections.abc import Container, Iterable, Iterator, Sequence

from lazify.getter.aliases.finding import HERE, Alias, name_of
from lazify.getter.aliases.folders import files_in
from lazify.getter.aliases.following import Change
from lazify.getter.aliases.looking import files_asked_for, files_used, folders_looked_through
from lazify.getter.aliases.outcomes import How
from lazify.getter.aliases.problems import comes_after
from lazify.getter.aliases.roots import found_in_folders, may_be_path, texts_of
from lazify.getter.aliases.search import Aliases
from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.index.words import as_word
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE
from lazify.model.places import Span

_MAKES = frozenset({EffectKind.FILE_WRITE, EffectKind.DATABASE})
_MAKES_FOLDERS = re.compile(as_word("makedirs", "mkdir"))


def file_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse where the making reads a file that the program writes, or makes one that the program asks for."""
    if found := _asked_problem(view, group):
        return found
    matters = _what_matters(view, group)
    if not matters:
        return None
    inputs = [*inputs]
    named = paths_among(view, inputs)
    texts = texts_with_paths(view, group, named, inputs)
    spelled = sorted({each.name for text in texts for each in files_in(text)})
    paths = [*map(name_of, named), *(Alias("file", each, "is") for each in spelled)]
    paths = [*dict.fromkeys((*paths, *files_used(view, group)))]
    own = [*_own_scopes(view, group)] if paths and "asked" in matters else []
    for path in paths:
        for access in view.once(Aliases).file_accesses(path):
            target = Defined(path.module, path.name) if path.module else None
            if access.how in matters and not _is_in(own, access) and comes_after(view, group, target, access):
                does = "writes the file" if access.how == "file" else "asks for the file"
                how = "reads" if matters == {"file"} else "may write"
                reason = f"the program {does} at {path.name}, which making it {how}"
                return problem(reason, access.module, access.span)
    for access, target in found_in_folders(view, group, named, texts) if "asked" in matters else ():
        if not _is_in(own, access) and comes_after(view, group, target, access):
            reason = "the program looks through a folder in which making it may write a file"
            return problem(reason, access.module, access.span)
    return _filled_problem(view, group)


def _asked_problem(view: View, group: Group) -> Problem | None:
    """Refuse where the making asks whether a file is there that the program makes, changes or removes."""
    paths = [*files_asked_for(view, group)]
    own = [*_own_scopes(view, group)] if paths else []
    for path in paths:
        for access in view.once(Aliases).file_accesses(path):
            target = Defined(path.module, path.name) if path.module else None
            is_change = access.how in ("file", "made") and not _is_in(own, access)
            if is_change and comes_after(view, group, target, access):
                does = "makes or removes" if access.how == "made" else "writes"
                reason = f"the program {does} the file or folder at {path.name}, for which making it asks"
                return problem(reason, access.module, access.span)
    return None


def _is_in(scopes: Iterable[tuple[Module, Span]], change: Change) -> bool:
    return any(module is change.module and span.contains(change.span) for module, span in scopes)


def _filled_problem(view: View, group: Group) -> Problem | None:
    """Refuse where the making looks through a folder into which the program writes."""
    aliases = view.once(Aliases)
    for folder in folders_looked_through(view, group):
        for access in (*aliases.file_accesses(folder), *(aliases.written_here if folder == HERE else ())):
            target = Defined(folder.module, folder.name) if folder.module else None
            if access.how == "inside" and comes_after(view, group, target, access):
                reason = f"the program writes into the folder at {folder.name}, which making it looks through"
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
    found: set[How] = {"file", "asked", "listed", "walked"}
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


def paths_among(view: View, inputs: Iterable[Defined | External]) -> list[Defined]:
    """List the names of the project that may have a path."""
    return [each for each in dict.fromkeys(inputs) if isinstance(each, Defined) and may_be_path(view, each)]


def texts_with_paths(
    view: View, group: Group, named: Iterable[Defined], inputs: Iterable[Defined | External]
) -> list[str]:
    """Give the code in which the making, the functions that it runs, or what it reads may spell paths."""
    texts = (text for each in named for text in texts_of(view, each))
    return [text_of_making(view, group), *_bodies(view, group, inputs), *texts]


def _bodies(view: View, group: Group, inputs: Iterable[Defined | External]) -> Iterator[str]:
    """What classes that are made or read say in their bodies: `open(Paths.STATE)`, `env_file=".env"` for a base."""
    made = view.effects.class_of(group.module, group.first.value, MODULE)
    classes = [each for each in (made, *inputs) if isinstance(each, Defined)]
    family = {cls: number for each in classes for cls, number in with_bases(view, each).items()}
    read = set(re.findall(r"\.\s*(\w+)", text_of_making(view, group))) if family else set()
    for cls, number in family.items():
        scope = cls.module.facts.scopes[number]
        has_others = any(
            not isinstance(resolve(view.project, cls.module, base), Defined) for base in scope.bases
        )
        for statement in _body(view.text(cls.module).cut(scope.span._replace(column=0)), scope.span.column):
            if _binds(statement, read) or (has_others and isinstance(statement, ast.Assign | ast.ClassDef)):
                yield ast.unparse(statement)


def _body(text: str, column: int) -> Sequence[ast.stmt]:
    """The statements of a class, of which the text is given from the beginning of its first line."""
    (tree,) = ast.parse(f"if True:\n{text}" if column else text).body
    (found,) = tree.body if isinstance(tree, ast.If) else (tree,)
    return found.body if isinstance(found, ast.ClassDef) else ()


def _binds(statement: ast.stmt, names: Container[str]) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return any(isinstance(each, ast.Name) and each.id in names for each in targets)
