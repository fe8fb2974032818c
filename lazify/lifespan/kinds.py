"""Which classes have handlers and a lifespan."""

from enum import StrEnum

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, Project, Target
from lazify.model.facts import MODULE, BindingKind


class Kind(StrEnum):
    """What a constructor makes."""

    FASTAPI = "FastAPI"
    STARLETTE = "Starlette"
    API_ROUTER = "APIRouter"
    ROUTER = "Router"


_CLASSES = {
    "fastapi.FastAPI": Kind.FASTAPI,
    "fastapi.applications.FastAPI": Kind.FASTAPI,
    "fastapi.applications.Starlette": Kind.STARLETTE,
    "starlette.applications.Starlette": Kind.STARLETTE,
    "starlette.applications.Router": Kind.ROUTER,
    "fastapi.APIRouter": Kind.API_ROUTER,
    "fastapi.routing.APIRouter": Kind.API_ROUTER,
    "starlette.routing.Router": Kind.ROUTER,
}


def kind_of(project: Project, target: Target | None) -> Kind | None:
    """Tell what an instance of the class `target` is; None for what has no lifespan."""
    return next(
        (kind for each in lineage(project, target) if (kind := framework_class(each)) is not None), None
    )


def framework_class(target: Target | None) -> Kind | None:
    """Tell which of the framework's own classes it is, also in a project that contains the framework."""
    match target:
        case External(name=name):
            return _CLASSES.get(name)
        case Defined(module=module, name=name):
            return _CLASSES.get(f"{module.name}.{name}")
    return None


def lineage(project: Project, target: Target | None) -> list[Target]:
    """List a class and its bases up to the framework's, as far as they can be told, the nearest first."""
    found: list[Target] = []
    queue = [target]
    while queue:
        each = queue.pop(0)
        if each is None or each in found:
            continue
        found.append(each)
        if isinstance(each, Defined) and framework_class(each) is None:
            queue += bases(project, each)
    return found


def bases(project: Project, cls: Defined) -> list[Target | None]:
    """The bases of a class, None for what cannot be told.

    Of a name that is imported under `try:` and bound again under `except ImportError:`, what is imported.
    """
    facts = cls.module.facts
    number = class_scope(cls.module, cls.name)
    if number is not None:
        return [resolve(project, cls.module, base) for base in facts.scopes[number].bases]
    return [
        project.import_target(cls.module, facts.imports[binding.index])
        for binding in facts.bindings.get(cls.name, ())
        if binding.kind is BindingKind.IMPORT
    ]


def class_scope(module: Module, name: str) -> int | None:
    """The scope of a class at module level."""
    number = module.facts.scopes[MODULE].definitions.get(name)
    return number if number is not None and module.facts.scopes[number].kind == "class" else None
