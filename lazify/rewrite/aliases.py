"""The names of one `from` import: one more of them, and the order that they are in."""

import libcst as cst

from lazify.model.changes import AddImport
from lazify.rewrite.lines import Statement


def extended(statement: Statement, edit: AddImport) -> Statement | None:
    """Put the name into a `from` import of the same module whose layout is plain."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.ImportFrom(names=[*names]) as small]) if (
            edit.name is not None and edit.alias is None
        ):
            pass
        case _:
            return None
    commas = [alias.comma for alias in names[:-1] if isinstance(alias.comma, cst.Comma)]
    has_comments = "#" in cst.Module([]).code_for_node(small) or bool(edit.above)
    behind = statement.trailing_whitespace.comment
    if (
        origin(small) != edit.module
        or has_comments
        or edit.behind not in ("", behind.value if behind else "")
        or any(not commas[0].deep_equals(comma) for comma in commas)
    ):
        return None
    comma = commas[0].deep_clone() if commas else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    keys = [_name_key(str(alias.evaluated_name)) for alias in names]
    is_sorted = keys == sorted(keys)
    index = sum(key < _name_key(edit.name) for key in keys) if is_sorted else len(names)
    new = cst.ImportAlias(cst.Name(edit.name), comma=comma)
    if index == len(names):
        names[-1], new = names[-1].with_changes(comma=comma), new.with_changes(comma=names[-1].comma)
    names.insert(index, new)
    return statement.with_changes(body=[small.with_changes(names=names)])


def sorted_as(before: cst.ImportFrom, items: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Sort the names of an import as they were sorted, if they were; the commas and their layout stay in place."""
    if isinstance(before.names, cst.ImportStar) or "#" in cst.Module([]).code_for_node(before):
        return items
    names = [str(alias.evaluated_name) for alias in before.names]
    key = next((key for key in _ORDERS if names == sorted(names, key=key)), None)
    if key is None or len(names) == 1:
        return items
    chosen = key
    ordered = sorted(items, key=lambda alias: chosen(str(alias.evaluated_name)))
    return [new.with_changes(comma=old.comma) for old, new in zip(items, ordered, strict=True)]


def _name_key(name: str) -> tuple[int, str]:
    """Constants, classes, functions: the order of isort and ruff."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _case_key(name: str) -> tuple[int, str]:
    return 0, name


def _caseless_key(name: str) -> tuple[int, str]:
    return 0, name.lower()


_ORDERS = (_name_key, _case_key, _caseless_key)
"""As isort and ruff do by default, by case, and regardless of it."""


def origin(small: cst.ImportFrom | cst.LazyImportFrom) -> str:
    """Give the module that is imported from, with its leading dots."""
    module = small.module
    name = "" if module is None else cst.Module([]).code_for_node(module)
    return "." * len(small.relative) + name.replace(" ", "")
