"""Functions whose body something else than Python runs: an import statement inside may not be known there."""

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, Does, NameRef, Ref

_PACKAGES = frozenset(
    {"numba", "triton", "taichi", "cython", "warp", "pythran", "cupyx", "numbast", "pyccel"}
)
_NAMES = frozenset({"torch.jit.script", "torch.jit.script_method", "torch.jit.export", "cupy.fuse"})
_LAST = frozenset({"njit", "jit", "guvectorize", "cfunc", "stencil", "kernel", "cuda_jit"})


def compiler_of(view: View, module: Module, number: int) -> str | None:
    """Name the decorator or call that compiles function `number` from its source or bytecode."""
    scope = module.facts.scopes[number]
    for decorator in scope.decorators:
        if found := _compiler(view, module, decorator):
            return found
    if scope.parent != MODULE:
        return None
    for other in module.facts.scopes:
        for operation in other.operations:
            passes = any(argument.ref == NameRef(scope.name, MODULE) for argument in operation.arguments)
            if (
                operation.does is Does.CALL
                and passes
                and (found := _compiler(view, module, operation.subject))
            ):
                return found
    return None


def _compiler(view: View, module: Module, ref: Ref | None) -> str | None:
    callee = ref.callee if isinstance(ref, CallRef) else ref
    target = resolve(view.project, module, callee)
    if isinstance(target, External):
        is_known = target.name.partition(".")[0] in _PACKAGES or target.name in _NAMES
        return target.name if is_known else None
    last = callee.name if isinstance(callee, NameRef | AttributeRef) else ""
    return last if last in _LAST else None
