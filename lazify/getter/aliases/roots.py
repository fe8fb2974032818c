"""The folders in which a making may write a file, and who looks through them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from lazify.getter.aliases.finding import BESIDE, HERE, Alias
from lazify.getter.aliases.folders import LOOKS_THROUGH, File, files_in, folders_in
from lazify.getter.aliases.following import Change
from lazify.getter.aliases.problems import class_of
from lazify.getter.aliases.search import Aliases
from lazify.getter.groups import Group
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, NameRef

_IN_FOLDER = re.compile(r"__file__")


def found_in_folders(
    view: View, group: Group, named: Sequence[Defined], texts: Sequence[str]
) -> Iterator[tuple[Change, Defined | None]]:
    """Yield where the program may find the file that the making writes, without knowing its path.

    `named` and `texts`: the names and the code of the paths that the making reads. Each place goes with one of the
    names that is bound in its module, if any.
    """
    spelling = (module for word in LOOKS_THROUGH for module in view.project.mentioning(word))
    if all(module.source.is_test for module in spelling):
        return
    aliases = view.once(Aliases)
    around = [*_around(view, named)]
    statements = group.module.facts.statements
    making = (view.text(group.module).cut(statements[number].span) for number in group.statements)
    owners = {each.module: each for each in (*named, *around)}
    code = [*making, *(text for each in (*named, *around) for text in texts_of(view, each))]
    files = [*dict.fromkeys(each for text in (*texts, *code) for each in files_in(text))]
    lines = (line for text in texts for line in text.splitlines())
    code += [line for line in lines if any(True for _ in files_in(line))]
    yield from ((each, owners.get(each.module)) for each in aliases.listings.of(files))
    for folder, is_nearest in _folders(view, group, files, code, around):
        for access in aliases.file_accesses(folder):
            is_found = access.how == "walked" or (access.how == "listed" and is_nearest)
            if is_found and (not (access.name and files) or any(_fits(each, access.name) for each in files)):
                yield access, owners.get(access.module)


def _fits(file: File, pattern: str) -> bool:
    return fnmatchcase(file.name, pattern.rpartition("/")[2])


def _folders(
    view: View, group: Group, files: Iterable[File], code: Iterable[str], around: Iterable[Defined]
) -> Iterator[tuple[Alias, bool]]:
    """Yield what stands for a folder above the file, and whether the file may be in that one itself."""
    for target in around:
        yield Alias("name", target.name, "part", target.module), True
    for name, is_nearest in _spelled(files, code):
        yield Alias("file", name, "part"), is_nearest
    if any(each.is_relative for each in files):
        yield HERE, any(each.is_relative and not each.folders for each in files)
    if any(_IN_FOLDER.search(text) for text in code):
        yield BESIDE, True
    yield from ((each, True) for each in _attributes(view, group, around))


def _spelled(files: Iterable[File], code: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield the names of folders that are spelled where files are."""
    nearest = {each.folders[-1]: True for each in files if each.folders}
    above = {name: False for each in files for name in each.folders[:-1]}
    beside = {
        name: True
        for text in code
        for name in folders_in(text)
        if not any(name == file.name for file in files)
    }
    yield from {**above, **beside, **nearest}.items()


def _around(view: View, named: Iterable[Defined]) -> Iterator[Defined]:
    """Yield what paths are made of: `FOLDER` of `PLACE = FOLDER / "app.db"`."""
    queue = [*named]
    seen = set(queue)
    for target in queue:
        for each in view.once(Aliases).held(target):
            if each not in seen and may_be_path(view, each):
                seen.add(each)
                queue.append(each)
                yield each


def _attributes(view: View, group: Group, around: Iterable[Defined]) -> Iterator[Alias]:
    """`settings.folder` of the paths: attributes of objects whose class is known."""
    of_group = {(group.module, number) for number in group.statements}
    of_group |= {(t.module, b.statement) for t in around for b in t.module.facts.bindings.get(t.name, ())}
    for module in dict.fromkeys(each for each, _ in of_group):
        for use in (use for uses in module.facts.uses.values() for use in uses):
            if use.attributes and not use.is_called and (module, use.statement) in of_group:
                cls = view.effects.class_of(module, NameRef(use.name, MODULE), MODULE)
                if isinstance(cls, Defined):
                    yield Alias("attribute", use.attributes[0], "part", owner=cls)


def texts_of(view: View, target: Defined) -> Iterator[str]:
    """Yield the statements that bind a name."""
    facts, text = target.module.facts, view.text(target.module)
    for binding in facts.bindings.get(target.name, ()):
        yield text.cut(facts.statements[binding.statement].span)


def may_be_path(view: View, target: Defined) -> bool:
    """Tell whether a name may have a path."""
    body = target.module.facts.scopes[MODULE]
    if target.name in body.definitions or not body.locals.get(target.name):
        return False
    cls = class_of(view, target)
    return (
        cls is None
        or cls == Builtin("str")
        or (isinstance(cls, External) and cls.name.startswith("pathlib."))
    )
