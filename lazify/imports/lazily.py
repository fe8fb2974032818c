"""PEP 810: `lazy import x`, or `__lazy_modules__` for code that also runs on Pythons before 3.15.

The name stays where it is, and its module is loaded when somebody first asks for it. A lazy import may stand at
module level only, in no `try`, and brings no `*`; it is of no use where something needs the name at import.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.imports.weight import LIST
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Edit, Erase, InsertAfter, InsertBefore, Replace
from lazify.model.facts import Import

Mode = Literal["function", "lazy", "lazy-modules"]

_FIRST = (3, 15)


def mode_of(view: View) -> Mode:
    """Tell how imports wait: `auto` is `lazy` for projects that say they run on nothing older than 3.15."""
    if view.config.imports != "auto":
        return view.config.imports
    return "lazy" if view.oldest_python is not None and view.oldest_python >= _FIRST else "function"


def lazy_problem(candidate: Candidate, mode: Mode) -> Problem | None:
    """Say why the candidate's imports cannot be lazy where they stand."""
    module = candidate.module
    if mode == "lazy-modules" and (found := _listing_problem(module, candidate.imports)):
        return found
    if candidate.guard is not None or candidate.problem is not None:
        return candidate.problem or problem("a lazy import cannot stand in a try", module, candidate.at.span)
    return None


def lazy_edits(view: View, module: Module, imports: Iterable[HeavyImport]) -> Iterator[Edit]:
    """Yield the edits that put `lazy` before the imports; those that share a statement with others leave it."""
    moving = {each.item.span: each for each in imports}
    done: set[object] = set()
    for each in moving.values():
        span = each.item.statement_span
        together = [item for item in module.facts.imports if item.statement_span == span]
        if all(item.span in moving for item in together):
            if span not in done:
                yield Replace(path=module.path, span=span, code=f"lazy {view.text(module).cut(span)}")
            done.add(span)
        else:
            yield Erase(path=module.path, span=each.item.span, keeps_comments=True)
            yield InsertAfter(path=module.path, span=span, code=f"lazy {_written(each.item)}\n")


def listed_edit(module: Module, imports: Iterable[HeavyImport]) -> Edit:
    """Write the list of a module, above its first import that waits."""
    found = sorted(imports, key=lambda each: each.item.statement_span)
    names = dict.fromkeys("." * each.item.level + each.item.module for each in found)
    listed = ", ".join(f'"{name}"' for name in names)
    return InsertBefore(path=module.path, span=found[0].item.statement_span, code=f"{LIST} = [{listed}]\n")


def _listing_problem(module: Module, imports: Iterable[HeavyImport]) -> Problem | None:
    """Say why a list of lazy modules cannot be written."""
    if LIST in module.facts.bindings:
        return problem(f"the module has its own {LIST}", module, module.facts.bindings[LIST][0].span)
    for each in imports:
        if each.item.level:
            return problem(f"{LIST} takes absolute names only", module, each.item.span)
    return None


def _written(item: Import) -> str:
    alias = f" as {item.alias}" if item.alias else ""
    if item.name is None:
        return f"import {item.module}{alias}"
    return f"from {'.' * item.level}{item.module} import {item.name}{alias}"
