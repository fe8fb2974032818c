"""Tests that expect the warning which a registration by a deprecated name gives: a lifespan gives none."""

import ast
import re
from collections.abc import Iterable

from lazify.getter.importing import importing_blocks, reaching_modules
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.places import Span

_EXPECTS = re.compile(r"(?i)warns\b|deprecated_call")


def warned_problem(view: View, modules: Iterable[Module]) -> Problem | None:
    """Name the test that imports one of the modules where it expects a warning."""
    for module in modules:
        for test, block in importing_blocks(view, reaching_modules(view, module)):
            if isinstance(block, ast.With | ast.AsyncWith):
                context = ", ".join(ast.unparse(item.context_expr) for item in block.items)
                if _EXPECTS.search(context):
                    span = Span(block.lineno, 0, block.lineno, 0)
                    return problem("a test expects the warning that registering gives", test, span)
    return None
