"""Why a heavy import has to stay where it is: what needs its name while the module is imported."""

import re
from collections.abc import Container, Iterable, Iterator

from lazify.getter.own_names import OwnNames
from lazify.getter.problems import Problem, problem, where
from lazify.getter.reflection import may_reach
from lazify.imports.annotated import Annotations
from lazify.imports.candidates import DIRECT, Candidate
from lazify.imports.listing import lists_no_modules
from lazify.imports.placement import (
    class_bodies_around,
    functions_around,
    has_home,
    signature_of,
    spots,
)
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, BindingKind, Dynamic, Role, Use
from lazify.model.places import Place

_NEEDS = {
    Role.DECORATOR: "the decorator",
    Role.DEFAULT: "the default value",
    Role.BASE: "the class",
    Role.ANNOTATION: "the annotation",
    Role.PATTERN: "the case",
}
_REBINDS = {
    Role.STORE: "is bound again",
    Role.AUGMENT: "is rebound by an augmented assignment",
    Role.DELETE: "is deleted",
}
_WORDS = {"ClassDef": "the class", "FunctionDef": "the function", "AsyncFunctionDef": "the function"}
_BY_TEXT = frozenset({"eval", "exec"})
_READS_NAMES = frozenset({"globals", "vars", "locals", "eval", "exec", "__dict__", "dir"})


def name_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """Say why the imports that bind `name` cannot wait, whoever uses it."""
    return (
        _binding_problem(view, candidate, name)
        or _reflection_problem(view, candidate, name)
        or _doctest_problem(view, candidate, name)
        or _spot_problem(candidate, name)
    )


def use_problem(
    candidate: Candidate, name: str, annotations: Annotations, lazy: Container[int]
) -> Problem | None:
    """Say which use in the module, but for those of statements that become lazy, cannot wait for a function."""
    for use in own_uses(candidate, name):
        if use.statement in lazy:
            continue
        if found := reason_to_stay(candidate, use, annotations):
            return found
    return None


def reason_to_stay(candidate: Candidate, use: Use, annotations: Annotations) -> Problem | None:
    """Say why one use keeps the import where it is."""
    return _handed_on(candidate, use) or _use_problem(candidate.module, use, annotations)


def own_uses(candidate: Candidate, name: str) -> list[Use]:
    """List the uses of the module-level name in its own module, but for questions whether it is None."""
    module, guard = candidate.module, candidate.guard
    found = [use for use in module.facts.uses.get(name, ()) if use.bound == MODULE]
    if guard is None:
        return found
    inside = (u for u in found if u.statement == guard.statement and u.role is Role.STORE)
    answered = {*guard.tests, *(use.span for use in inside)}
    return [use for use in found if use.span not in answered]


def runtime_uses(candidate: Candidate, name: str) -> list[Use]:
    """List those that code in functions makes: they want the import."""
    module, uses = candidate.module, own_uses(candidate, name)
    return [u for u in uses if not u.is_typing and has_home(module, u) and not is_static(module, u)]


def is_static(module: Module, use: Use) -> bool:
    """Tell whether the use stands in an annotation within a function that Python does not evaluate there.

    Those of local variables it never does. Strings are for others, who look their names up in the module.
    """
    if use.role is not Role.ANNOTATION or not functions_around(module, use):
        return False
    return _is_local(module, use) or use.is_quoted or module.facts.future_annotations


def _is_local(module: Module, use: Use) -> bool:
    """Tell whether what it annotates is a variable of a function."""
    return module.facts.scopes[use.scope].kind == "function" and signature_of(module, use) is None


def typing_uses(candidate: Candidate, name: str) -> list[Use]:
    """List those that only type checkers make, once the annotations are strings."""
    module = candidate.module
    homes = {spot.scope for spot in spots(module, runtime_uses(candidate, name))}
    found = []
    for use in own_uses(candidate, name):
        is_covered = is_static(module, use) and not homes.isdisjoint(functions_around(module, use))
        is_annotation = not use.is_typing and use.role is Role.ANNOTATION
        is_evaluated = is_annotation and (is_static(module, use) or not has_home(module, use))
        if use.is_typing or (is_evaluated and not is_covered):
            found.append(use)
    return found


def reached_problem(
    view: View, candidate: Candidate, names: Iterable[str], lazy: Container[int]
) -> Problem | None:
    """Say which function that uses the import runs while the module is imported: then nothing would be won."""
    module = candidate.module
    uses = [use for name in names for use in runtime_uses(candidate, name)]
    homes = {spot.scope for spot in spots(module, uses)} - {MODULE}
    if not homes:
        return None
    statements = [(module, n) for n in range(len(module.facts.statements)) if n not in lazy]
    for (path, scope), chain in view.effects.reached(statements).items():
        if path == module.path and scope in homes:
            return _reached(module, chain, candidate.package)
    return None


def _reached(module: Module, chain: tuple[Evidence, ...], package: str) -> Problem:
    start = chain[0]
    at = start.at or Place(module.path, module.facts.scopes[MODULE].span)
    reason = f"{at.path.name}:{at.span.line} ({start.fact}) runs at import and needs {package}"
    return Problem(reason, at)


def _binding_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    module, facts = candidate.module, candidate.module.facts
    if name.startswith("__"):
        return problem(f"tools read {name} by its name", module, candidate.at.span)
    if view.project.has_submodule(module, name):
        return problem(
            f"{name} is a module of the package, too: which one is found would change",
            module,
            candidate.at.span,
        )
    ours = {each.item.span for each in candidate.binding(name)}
    for binding in facts.bindings.get(name, ()):
        is_import = binding.kind is BindingKind.IMPORT
        if is_import and (binding.is_typing or facts.imports[binding.index].span in ours):
            if binding.scope != MODULE:
                return problem(f"a function binds {name} as a global", module, binding.span)
            is_direct = candidate.guard is not None or facts.statements[binding.statement].kind in DIRECT
            if not binding.is_typing and not is_direct:
                return problem(f"whether {name} is imported depends on something", module, binding.span)
            continue
        if candidate.guard is not None and binding.statement == candidate.guard.statement:
            continue
        return problem(f"{name} is bound again", module, binding.span)
    for scope in facts.scopes:
        for span, names in scope.globals:
            if name in names:
                return problem(f"a function declares {name} global", module, span)
    texts = {each.text for each in candidate.binding(name)}
    if len(texts) > 1 and any(each.item.name or each.item.alias for each in candidate.binding(name)):
        return problem(
            f"{name} is imported from several places", module, candidate.binding(name)[1].item.span
        )
    return _star_problem(view, candidate, name)


def _star_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """`from x import *` below may bind the name to something else."""
    module = candidate.module
    last = candidate.binding(name)[-1].item
    for item in module.facts.imports:
        if item.name != "*" or item.scope != MODULE or item.statement < last.statement:
            continue
        source = view.project.source_module(module, item)
        if not isinstance(source, Module) or view.project.exports(source, name):
            return problem(f"import * may bind {name} again", module, item.span)
    return None


def _reflection_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """`globals()`, `eval(…)`: code that looks names up in the module's dictionary."""
    module, own_names = candidate.module, view.once(OwnNames)
    is_module = all(each.item.name is None for each in candidate.binding(name))
    for dynamic in module.facts.dynamics:
        if not _reads(dynamic, name) or own_names.is_left_out(module, dynamic, name):
            continue
        if not (is_module and lists_no_modules(view.project, module, dynamic)):
            reason = f"{dynamic.what} may look {name} up by its name"
            return problem(reason, candidate.module, dynamic.span)
    return None


def _reads(dynamic: Dynamic, name: str) -> bool:
    if dynamic.subject is not None and dynamic.what not in ("vars", "dir"):
        return False
    if dynamic.subject is not None or dynamic.what not in (*_READS_NAMES, "sys.modules"):
        return False
    if dynamic.what in _BY_TEXT and dynamic.literal is not None:
        return may_reach(dynamic.literal, name)
    if dynamic.what in ("vars", "locals", "dir") and dynamic.scope != MODULE:
        return False  # what the function binds: the import's own function is asked elsewhere
    return dynamic.literal in (None, name)


def _doctest_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """An example in a docstring finds the module's names."""
    text = view.text(candidate.module).whole
    if ">>>" not in text:
        return None
    example = re.compile(rf"^[ \t]*(?:>>>|\.\.\.)[^\n]*\b{re.escape(name)}\b", re.MULTILINE)
    imported = re.compile(rf">>>[^\n]*\bimport\b[^\n]*\b{re.escape(name)}\b")
    for docstring in re.split(r'"""|\'\'\'', text):
        found = example.search(docstring)
        if found and not imported.search(docstring[: found.end()]):
            line = text.count("\n", 0, text.index(docstring) + found.end()) + 1
            at = Place(candidate.module.path, candidate.at.span._replace(line=line, end_line=line))
            return Problem(f"a doctest uses {name} ({candidate.module.path.name}:{line})", at)
    return None


def _use_problem(module: Module, use: Use, annotations: Annotations) -> Problem | None:
    if use.role in _REBINDS and not use.attributes:
        return problem(f"{use.name} {_REBINDS[use.role]}", module, use.span)
    for body in class_bodies_around(module, use):
        if use.name in body.locals or use.name in body.definitions:
            return problem(f"a class body binds {use.name}, too", module, use.span)
    if use.is_typing:
        return None  # it gets the import under TYPE_CHECKING
    if has_home(module, use):
        found = _home_problem(annotations, module, use)
        is_looked_up = is_static(module, use) and not _is_local(module, use)
        return found or (annotations.problem(module, use) if is_looked_up else None)
    if use.role is Role.ANNOTATION and not use.deferred:
        return annotations.problem(module, use)
    return Problem(f"{_what(module, use)} needs {_dotted(use)} at import", Place(module.path, use.span))


def _home_problem(annotations: Annotations, module: Module, use: Use) -> Problem | None:
    scopes = module.facts.scopes
    for number in functions_around(module, use):
        if scopes[number].name.rpartition(".")[2] == "__del__":
            return problem(
                f"__del__ uses {use.name}, perhaps when nothing can be imported any more", module, use.span
            )
        if compiler := annotations.compilers.of(module, number):
            return problem(f"{compiler} compiles the function that uses {use.name}", module, use.span)
        if caller := annotations.hooks.of(module, number):
            return problem(
                f"{caller}: an import may call the function that uses {use.name}", module, use.span
            )
    return None


def _what(module: Module, use: Use) -> str:
    """Name what needs the use, with its place: `the decorator at limits.py:4`."""
    at = where(module, use.span)
    if use.role in _NEEDS:
        return f"{_NEEDS[use.role]} at {at}"
    if any(True for _ in class_bodies_around(module, use)):
        return f"the class body at {at}"
    if module.facts.scopes[use.scope].kind == "lambda":
        return f"the lambda at {at}"
    return f"{_WORDS.get(module.facts.statements[use.statement].kind, 'the statement')} at {at}"


def _dotted(use: Use) -> str:
    return ".".join((use.name, *use.attributes))


def _handed_on(candidate: Candidate, use: Use) -> Problem | None:
    """A name that may be None must not be passed on as it is."""
    is_bare = not use.attributes and not use.is_called and use.role in (Role.LOAD, Role.DEBUG, Role.UNLOCATED)
    if candidate.guard is not None and candidate.guard.nones and is_bare:
        return problem(f"{use.name} is handed on and may be None", candidate.module, use.span)
    return None


def _spot_problem(candidate: Candidate, name: str) -> Problem | None:
    """A function that lists its own names would find one more."""
    module = candidate.module
    for spot in spots(module, runtime_uses(candidate, name)):
        inside = set(_within(module, spot.scope)) if spot.scope else set()
        for dynamic in module.facts.dynamics:
            is_own = dynamic.subject is None and dynamic.what in ("locals", "vars", "dir", "eval", "exec")
            if is_own and dynamic.scope in inside:
                return problem(f"{dynamic.what}() would find {name} in the function", module, dynamic.span)
    return None


def _within(module: Module, number: int) -> Iterator[int]:
    yield number
    for inner, scope in enumerate(module.facts.scopes):
        at = scope.parent
        while at > number:
            at = module.facts.scopes[at].parent
        if at == number:
            yield inner
