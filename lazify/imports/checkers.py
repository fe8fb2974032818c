"""Where an import goes that only type checkers need: under `if TYPE_CHECKING:`, which has to mean that."""

import ast

from lazify.getter.additions import may_import
from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate
from lazify.imports.pins import typing_uses
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.statements import parse

TYPING = "TYPE_CHECKING"


def checkers_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """Say why type checkers cannot be given the import of a name that annotations go on naming."""
    module = candidate.module
    if has_place(view, module) or not typing_uses(candidate, name):
        return None
    return problem(f"{TYPING} means something else here", module, candidate.at.span)


def has_place(view: View, module: Module) -> bool:
    """Tell whether the module has a block for type checkers, or may get one."""
    return may_import(view, module, "typing", TYPING) or any(
        map(_is_block, parse(view.text(module).whole).body)
    )


def _is_block(statement: ast.stmt) -> bool:
    """`if TYPE_CHECKING:`: whatever that means there, what is imported is imported today, too."""
    match statement:
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
    return False
