"""Tests that replace the value by name: `patch("m.x", v)` becomes `patch("m.get_x", lambda: v)`.

The name is replaced in the same namespace as before, so a test that patched one consumer's name still does
not touch the others. `patch` without a value makes a mock and hands it out: there the mock's `return_value`
is what stood for the value.
"""

import ast
import re
import textwrap
from collections.abc import Iterator

from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection
from lazify.index.modules import Module
from lazify.index.occurrences import MentionOccurrence, resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.changes import Edit, InsertBefore, Replace
from lazify.model.facts import (
    MODULE,
    Argument,
    AttributeRef,
    CallRef,
    Form,
    ItemRef,
    LiteralRef,
    NameRef,
    Ref,
)
from lazify.model.places import Span

_DEFAULTS = frozenset({External("unittest.mock.DEFAULT"), External("mock.DEFAULT")})
REPLACERS = frozenset({"patch", "object", "setattr"})
"""Last names of what puts a value in the place of a name: `patch`, `patch.object`, `monkeypatch.setattr`."""


def is_replacement(found: MentionOccurrence) -> bool:
    """Tell whether the string says which name a test replaces: it must follow the value into its getter."""
    if found.rest or _tail(found.mention.callee) not in REPLACERS:
        return False
    return found.mention.position == (0 if found.is_path else 1)


def is_removal(found: MentionOccurrence) -> bool:
    """Tell whether the string names something to delete."""
    return not found.rest and _tail(found.mention.callee) == "delattr"


def replaces_with_none(found: MentionOccurrence) -> bool:
    """Tell whether a test may put None in the value's place."""
    value = _new_value(found.mention.arguments, found.mention.position)
    return value is not None and not isinstance(value.ref, CallRef) and value.constant is None


def stored(view: View, to: Redirection, found: MentionOccurrence) -> Edit:
    """Make a replacement replace the storage: the getter then returns what was put there."""
    return Replace(path=found.module.path, span=found.mention.span, code=_renamed(view, found, to.storage))


def replaced(view: View, to: Redirection, found: MentionOccurrence) -> Iterator[Edit | Problem]:
    """Yield the edits that make one replacement replace the getter, or why it cannot."""
    mention, module = found.mention, found.module
    if _tail(mention.callee) == "setattr" and isinstance(mention.callee, NameRef):
        yield problem(f"setattr() rebinds {to.name}", module, mention.span)
        return
    value = _new_value(mention.arguments, mention.position)
    keywords = {a.keyword for a in mention.arguments if a.keyword}
    if keywords - {"new", "raising", "value"}:
        yield problem(f"a patch of {to.name} passes {', '.join(sorted(keywords))}", module, mention.span)
        return
    if value is not None and mention.form is Form.OTHER and _tail(mention.callee) != "setattr":
        yield problem(f"what a patch of {to.name} gives back is used", module, mention.span)
        return
    if value is not None and resolve(view.project, module, value.ref) in _DEFAULTS:
        yield problem(f"a patch of {to.name} passes DEFAULT", module, mention.span)
        return
    if mention.target is not None and _is_used_in_header(view, found):
        yield problem(
            f"the with statement that patches {to.name} goes on to use the patch", module, mention.span
        )
        return
    if value is not None and _overlaps(to, module, value.span):
        yield problem(f"the value patched in for {to.name} uses {to.name}", module, value.span)
        return
    if value is not None:
        yield Replace(
            path=module.path, span=mention.span, code=_renamed(view, found, to.locals[found.namespace])
        )
        yield Replace(path=module.path, span=value.span, code=_getter_of(view, module, value))
        if mention.target is not None:
            yield from _unwrapped(found, "{0} = {0}()", view)
    else:
        yield from _mocked(view, to, found)


def _mocked(view: View, to: Redirection, found: MentionOccurrence) -> Iterator[Edit | Problem]:
    """Without a value, `patch` makes a mock: of the getter now, so the value is its `return_value`."""
    mention, module = found.mention, found.module
    rename = Replace(
        path=module.path, span=mention.span, code=_renamed(view, found, to.locals[found.namespace])
    )
    if mention.form is Form.WITH:
        yield rename
        if mention.target is not None:
            yield from _unwrapped(found, "{0} = {0}.return_value", view)
    elif mention.form is Form.DECORATOR:
        parameter = _injected(view, found)
        if parameter is None or mention.body is None:
            yield problem(
                f"which parameter receives the mock of {to.name} cannot be told", module, mention.span
            )
            return
        yield rename
        yield InsertBefore(
            path=module.path, span=mention.body, code=f"{parameter} = {parameter}.return_value"
        )
    elif "mocker" in _root_name(mention.callee):
        yield rename if mention.form is Form.STATEMENT else _returning(view, rename, found)
    else:
        yield problem(f"a patcher of {to.name} is kept and started elsewhere", module, mention.span)


def _unwrapped(found: MentionOccurrence, template: str, view: View) -> Iterator[Edit | Problem]:
    mention, module = found.mention, found.module
    if mention.body is None or mention.target is None:
        yield problem("the body of the with statement cannot be told", module, mention.span)
        return
    name = view.text(module).cut(mention.target)
    if not name.isidentifier():
        yield problem("the patch is bound to something other than a plain name", module, mention.target)
        return
    yield InsertBefore(path=module.path, span=mention.body, code=template.format(name))


def _returning(view: View, rename: Replace, found: MentionOccurrence) -> Edit | Problem:
    """`mocker.patch("m.x")` gives the mock itself: the whole call is written anew."""
    call, name = found.mention.call, found.mention.span
    if call is None:
        return problem("the call cannot be told", found.module, name)
    text = view.text(found.module)
    before = text.cut(Span(call.line, call.column, name.line, name.column))
    after = text.cut(Span(name.end_line, name.end_column, call.end_line, call.end_column))
    return Replace(path=rename.path, span=call, code=f"{before}{rename.code}{after}.return_value")


def _new_value(arguments: tuple[Argument, ...], position: int) -> Argument | None:
    for number, argument in enumerate(arguments):
        if argument.keyword in ("new", "value") or (argument.keyword is None and number == position + 1):
            return argument
    return None


def _renamed(view: View, found: MentionOccurrence, name: str) -> str:
    quoted = view.text(found.module).cut(found.mention.span)
    start = quoted.rindex(found.namespace.name)
    return f"{quoted[:start]}{name}{quoted[start + len(found.namespace.name) :]}"


def _getter_of(view: View, module: Module, value: Argument) -> str:
    """Write a function that always gives the value, which is computed once, where it was."""
    text = view.text(module).cut(value.span)
    is_plain = value.constant is not None or value.ref == LiteralRef("None")
    is_settled = is_plain or _is_bound_once(module, value.ref)
    if ":=" in text:
        text = f"({text})"  # the parentheses stand outside of the value's place
    return f"lambda: {text}" if is_settled else f"lambda value={text}: value"


def _is_bound_once(module: Module, ref: Ref | None) -> bool:
    """Tell whether a function that is called later still sees the same value under the name."""
    if not isinstance(ref, NameRef):
        return False
    scope = module.facts.scopes[ref.scope]
    if scope.kind == "class":
        return False  # functions do not see the names of a class body
    if ref.scope == MODULE:
        return len(module.facts.bindings.get(ref.name, ())) <= 1
    bound = scope.locals.get(ref.name, ())
    is_parameter = any(parameter.name == ref.name for parameter in scope.parameters)
    return len(bound) + is_parameter == 1 and not any(isinstance(value, ItemRef) for value in bound)


def _is_used_in_header(view: View, found: MentionOccurrence) -> bool:
    """`with patch("m.x") as a, patch.object(a, …)`: the rest of the header would see the getter."""
    mention = found.mention
    if mention.target is None or mention.body is None:
        return False
    text, target = view.text(found.module), mention.target
    rest = text.cut(Span(target.end_line, target.end_column, mention.body.line, mention.body.column))
    return re.search(rf"\b{re.escape(text.cut(target))}\b", rest) is not None


def _overlaps(to: Redirection, module: Module, span: Span) -> bool:
    return any(use.module is module and span.contains(use.span) for use in to.found.uses)


def _injected(view: View, found: MentionOccurrence) -> str | None:
    """Find the parameter that the decorator's mock is passed as: mocks come in from the lowest decorator up."""
    scope = found.module.facts.scopes[found.mention.holder]
    if scope.kind != "function":
        return None
    holder = ast.parse(textwrap.dedent(_whole_lines(view, found.module, scope.span))).body[0]
    if not isinstance(holder, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    line = found.mention.span.line - scope.span.line + 1
    place = 0
    for decorator in reversed(holder.decorator_list):
        if decorator.lineno <= line <= (decorator.end_lineno or 0):
            break
        place += _injects(decorator)
    names = [p.arg for p in (*holder.args.posonlyargs, *holder.args.args)]
    place += found.module.facts.scopes[scope.parent].kind == "class"
    if not holder.name.startswith("test"):
        return None  # called by other code, whose own arguments come first
    return names[place] if place < len(names) else None


def _injects(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    name = ast.unparse(decorator.func)
    own = 2 if name.endswith("patch.object") else 1
    is_patch = name.endswith(("patch.object", "patch"))
    return is_patch and len(decorator.args) <= own and all(k.arg != "new" for k in decorator.keywords)


def _whole_lines(view: View, module: Module, span: Span) -> str:
    return view.text(module).cut(Span(span.line, 0, span.end_line, span.end_column))


def _tail(ref: Ref | None) -> str:
    match ref:
        case NameRef(name, _) | AttributeRef(_, name):
            return name
        case _:
            return ""


def _root_name(ref: Ref | None) -> str:
    while isinstance(ref, AttributeRef):
        ref = ref.value
    return ref.name if isinstance(ref, NameRef) else ""
