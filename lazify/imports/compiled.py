"""Functions whose body something else than Python runs: an import statement inside may not be known there."""

from lazify.imports.scripted import Scripted
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, Does, NameRef, Ref

_PACKAGES = frozenset(
    {"numba", "triton", "taichi", "cython", "warp", "pythran", "cupyx", "numbast", "pyccel"}
)
_NAMES = frozenset({"cupy.fuse"})
_LAST = frozenset({"njit", "jit", "guvectorize", "cfunc", "stencil", "kernel", "cuda_jit"})


class Compilers:
    """Answers for the functions of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._scripted = view.once(Scripted)
        self._given: dict[Module, dict[str, str]] = {}

    def of(self, module: Module, number: int) -> str | None:
        """Name the decorator or call that compiles function `number` from its source or bytecode."""
        scope = module.facts.scopes[number]
        for decorator in scope.decorators:
            if found := _compiler(self._view, module, decorator):
                return found
        if found := self._scripted.of(module, number):
            return found
        return self._given_by(module).get(scope.name) if scope.parent == MODULE else None

    def _given_by(self, module: Module) -> dict[str, str]:
        """List the functions of the module that it hands to a compiler."""
        if module not in self._given:
            self._given[module] = given = {}
            for scope in module.facts.scopes:
                for operation in scope.operations:
                    names = [a.ref.name for a in operation.arguments if isinstance(a.ref, NameRef)]
                    if operation.does is Does.CALL and names:
                        found = _compiler(self._view, module, operation.subject)
                        given.update(dict.fromkeys(names, found) if found else {})
        return self._given[module]


def _compiler(view: View, module: Module, ref: Ref | None) -> str | None:
    callee = ref.callee if isinstance(ref, CallRef) else ref
    target = resolve(view.project, module, callee)
    if isinstance(target, External):
        is_known = target.name.partition(".")[0] in _PACKAGES or target.name in _NAMES
        return target.name if is_known else None
    last = callee.name if isinstance(callee, NameRef | AttributeRef) else ""
    return last if last in _LAST else None
