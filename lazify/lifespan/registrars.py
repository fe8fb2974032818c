"""Functions that register handlers on the application that their caller gives them.

def register(app: FastAPI) -> None:
    app.add_event_handler("startup", connect)

app = FastAPI()
register(app)

Where that call is the only thing that anyone does with the function, it can hand the handlers to its caller.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lazify.getter.asking import Exposed
from lazify.getter.exposure import Exposures
from lazify.getter.problems import Problem, where
from lazify.index.occurrences import Occurrences, UseOccurrence, occurrences
from lazify.index.view import View
from lazify.lifespan.apps import App, Given
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.position import inner_problem
from lazify.lifespan.registrations import Found, Registrar, Registration, owners
from lazify.lifespan.shapes import argument
from lazify.lifespan.trees import Function, Tree, Trees, own_nodes


class Registrars:
    """Tells which functions can hand their handlers back, and which go on registering them."""

    def __init__(self, view: View, trees: Trees, origins: Origins) -> None:
        """Nothing is searched before the first such function."""
        self._view, self._trees, self._origins = view, trees, origins
        self._exposures = Exposures(view)
        self._known: dict[Given, Registrar | Problem] = {}

    def carried(self, found: Iterable[Found]) -> Iterator[Found]:
        """Give what a function registers on the application that it is given to the caller that makes it."""
        pairs = [(each, self._read(each)) for each in found]
        served: dict[ast.FunctionDef, set[App]] = {}
        for _, each in pairs:
            for registrar in _chain(each):
                served.setdefault(registrar.function, set()).update(owners(each))
        for was, each in pairs:
            shared = [registrar for registrar in _chain(each) if len(served[registrar.function]) > 1]
            yield replace(was, left=_several(shared[0])) if shared else each

    def _read(self, found: Found) -> Found:
        match [*found.near], [*found.origins], found.said:
            case [Given() as given], [App() as app], Registration() as said if (
                app.kind is not Kind.API_ROUTER
            ):
                return self._carried(found, said, given, app)
        return found

    def _carried(self, found: Found, said: Registration, given: Given, app: App) -> Found:
        if given not in self._known:
            self._known[given] = self._registrar(given, app)
        registrar = self._known[given]
        problem = registrar if isinstance(registrar, Problem) else None
        problem = problem or inner_problem(self._view, said.tree, said.node, given.function)
        if problem is not None or isinstance(registrar, Problem):
            return replace(found, left=problem)
        only = frozenset({app})
        return Found(said=replace(said, registrar=registrar), origins=only, near=only, kind=app.kind)

    def _registrar(self, given: Given, app: App) -> Registrar | Problem:
        tree, function = given.tree, given.function
        reason = _shape_reason(tree, function) or _return_reason(function)
        if reason is not None or not isinstance(function, ast.FunctionDef):
            return Problem(f"{reason} ({where(tree.module, tree.span(function))})", tree.place(function))
        found = occurrences(self._view.project, tree.module, function.name)
        if problem := self._other_use(function, found):
            return problem
        (use,) = found.uses
        caller, call = self._call(use)
        if call is None:
            reason = f"{function.name}() is not called there, but used as a value"
        elif not isinstance(caller.parent(call), ast.Expr):
            reason = f"what {function.name}() gives is used"
        else:
            return self._called(given, caller, call, app)
        return Problem(f"{reason} ({where(use.module, use.span)})", None)

    def _called(self, given: Given, caller: Tree, call: ast.Call, app: App) -> Registrar | Problem:
        """Read the only call: what makes the application passes it, or a function that is given it, too."""
        passed = argument(call, given.function, given.name, shift=0)
        near = frozenset() if passed is None else self._origins.near(caller, passed)
        assert isinstance(given.function, ast.FunctionDef)
        registrar = Registrar(given.tree, given.function, caller, call)
        match [*near]:
            case [App()]:
                return registrar
            case [Given() as above]:
                outer = self._known.get(above) or self._registrar(above, app)
                self._known[above] = outer
                if isinstance(outer, Problem):
                    return outer
                problem = inner_problem(self._view, caller, call, above.function)
                return problem or replace(registrar, outer=outer)
        at = where(caller.module, caller.span(call))
        return Problem(f"what {given.function.name}() is given cannot be told ({at})", caller.place(call))

    def _other_use(self, function: ast.FunctionDef, found: Occurrences) -> Problem | None:
        """Say who else may call the function, with another application or a second time."""
        if len(found.uses) != 1:
            at = ", ".join(sorted(where(use.module, use.span) for use in found.uses))
            return Problem(f"{function.name}() registers handlers and is used more than once ({at})")
        for mention in found.mentions:
            at = where(mention.module, mention.mention.span)
            return Problem(f"{function.name}() registers handlers and may be patched by its name ({at})")
        for exposed in self._exposures.of(found):
            is_assumed = isinstance(exposed, Exposed) and exposed.is_assumed
            if is_assumed and self._view.config.keep_names == "never":
                continue
            hint = ", unless --keep-names never says that none does" if is_assumed else ""
            return Problem(f"{function.name}() registers handlers: {exposed.reason}{hint}")
        return None

    def _call(self, use: UseOccurrence) -> tuple[Tree, ast.Call | None]:
        tree = self._trees.of(use.module)
        calls = (call for call in tree.calls if use.is_whole and tree.span(call.func) == use.span)
        return tree, next(calls, None)


def _chain(found: Found) -> Iterator[Registrar]:
    """The functions that hand the handler on, from the one that registers it."""
    registrar = found.said.registrar if isinstance(found.said, Registration) else None
    while registrar is not None:
        yield registrar
        registrar = registrar.outer


def _several(registrar: Registrar) -> Problem:
    tree, function = registrar.tree, registrar.function
    reason = f"{function.name}() registers handlers of several applications"
    return Problem(f"{reason} ({where(tree.module, tree.span(function))})", tree.place(function))


def _shape_reason(tree: Tree, function: Function) -> str | None:
    """Say why what a function does cannot be told from its body and its calls."""
    name = f"{function.name}(), which registers handlers,"
    if function not in tree.root.body:
        return f"{name} is no function that stands directly in its module"
    if isinstance(function, ast.AsyncFunctionDef):
        return f"{name} is a coroutine"
    if function.decorator_list:
        return f"{name} is decorated"
    if len(tree.bindings.get((function.name, tree.scope(function)), ())) != 1:
        return f"{name} is bound more than once"
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(function)):
        return f"{name} is a generator"
    return None


def _return_reason(function: Function) -> str | None:
    """Say why the function cannot return its handlers."""
    for each in own_nodes(function):
        if isinstance(each, ast.Return) and each is not function.body[-1]:
            return f"{function.name}(), which registers handlers, returns at several places"
        if isinstance(each, ast.Return) and not isinstance(each.value, ast.Name | ast.Constant | None):
            return f"{function.name}(), which registers handlers, returns something that it works out"
    return None
