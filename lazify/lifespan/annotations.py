"""What annotations say of applications."""

import ast

from lazify.index.occurrences import resolve
from lazify.index.project import Project, Target
from lazify.lifespan.kinds import Kind, kind_of
from lazify.lifespan.shapes import named
from lazify.lifespan.trees import Tree
from lazify.model.facts import AttributeRef, NameRef


def kind_named(project: Project, tree: Tree, annotation: ast.expr, scope: int) -> Kind | None:
    """The first that an annotation in `scope` names: `Union[FastAPI, APIRouter]`, `"FastAPI | None"`."""
    found = (kind_of(project, _target(project, tree, scope, name)) for name in named(annotation))
    return next((kind for kind in found if kind is not None), None)


def _target(project: Project, tree: Tree, scope: int, name: ast.expr) -> Target | None:
    match name:
        case ast.Name(id=word):
            return resolve(project, tree.module, NameRef(word, tree.binder(word, scope)))
        case ast.Attribute(value=ast.Name(id=word), attr=attribute):
            ref = AttributeRef(NameRef(word, tree.binder(word, scope)), attribute)
            return resolve(project, tree.module, ref)
    return None
