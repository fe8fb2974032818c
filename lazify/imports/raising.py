"""Guards that only say what to install: as they stand, they go into the one function that uses the package.

try:                                            def embed(image):
    import clip                                     try:
except ImportError:                                     import clip
    raise ImportError("pip install clip")   →       except ImportError:
                                                        raise ImportError("pip install clip")
"""

import ast
import re
from collections.abc import Sequence

from lazify.getter.problems import Problem, problem
from lazify.imports.guard import Guard, binding_problem, catches_import_errors
from lazify.index.modules import Module
from lazify.model.facts import Import

_SPANS_LINES = re.compile(r"\"\"\"|'''|\\\r?\n")
_PRIVATE = re.compile(r"\b__\w*(?<!__)\b")
"""In a class, such a name gets that of the class before it."""


def raises(node: ast.Try) -> bool:
    """Tell whether all that the guard does without the package is to raise."""
    match node:
        case ast.Try(handlers=[ast.ExceptHandler(body=[ast.Raise()]) as handler], orelse=[], finalbody=[]):
            is_import = all(isinstance(each, ast.Import | ast.ImportFrom) for each in node.body)
            return is_import and catches_import_errors(handler)
    return False


def read_raising(module: Module, node: ast.Try, items: Sequence[Import], text: str) -> Guard | Problem:
    """Understand such a guard, which stands there as `text`, or say what in it cannot stand elsewhere."""
    number, handler = items[0].statement, node.handlers[0]
    span = module.facts.statements[number].span
    if _SPANS_LINES.search(text):
        return problem("what the guard says spans lines", module, span)
    parts = list(ast.walk(handler.body[0]))
    if _PRIVATE.search(text) or any(isinstance(part, ast.NamedExpr) for part in parts):
        return problem("what the guard says would mean something else in a function", module, span)
    names = frozenset(part.id for part in parts if isinstance(part, ast.Name)) - {handler.name}
    return binding_problem(module, number, items, sorted(names)) or Guard(
        statement=number,
        span=span,
        packages=tuple(dict.fromkeys(item.module.partition(".")[0] for item in items)),
        text=text,
        names=names,
        error=handler.name,
    )
