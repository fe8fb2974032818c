"""Imports that expect the making to happen, or to fail, there: in `try`, or under a patch of what it uses.

A value that is made later fails later, when nobody catches it, and sees what the patch has left.
"""

import ast
import re
from collections.abc import Collection, Iterator

from lazify.getter.caught_calls import CaughtCalls, caught_by
from lazify.getter.class_state import reached_scopes
from lazify.getter.groups import Group
from lazify.getter.loaders import guarded_loadings, loads
from lazify.getter.managers import Managers
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.effects import EffectKind, Level
from lazify.model.facts import MODULE, Dynamic, Import
from lazify.model.places import Span

ENTRY_NAMES = frozenset({"app", "application", "handler"})
"""An import of these is guarded to answer with an error, which later failures do as well."""
_IMPORT_FAILS = frozenset(
    {
        "ImportError",
        "ModuleNotFoundError",
        "KeyboardInterrupt",
        "SystemExit",
        "GeneratorExit",
        "CancelledError",
        "asyncio.CancelledError",
    }
)
"""What is caught where no failure of a making is expected."""
_KEY_FAILS = frozenset({"KeyError", "LookupError"})
_OPEN = frozenset({"Import", "ImportFrom"})
IMPORTERS = frozenset({"import_module", "__import__", "reload"})
"""Functions that import a module by its name."""
_HARMLESS = re.compile(r"warn|(?:suppress|raises)\(\s*(?:Import|ModuleNotFound)Error\b")
_ENVIRONMENT = re.compile(r"environ|env\b")
_PATCHED = re.compile(r"""patch(?:\.object)?\(\s*["']?[\w.]*?(\w+)["']""")

_DOTTED = re.compile(r"""(?<=["'])\w+\.[\w.]*""")
"""How a dotted name in quotes begins, up to what is computed: `f"shop.{name}.main"`."""
Block = ast.With | ast.AsyncWith | ast.Try | ast.TryStar

_MADE_LATER = "an import of the module is guarded, and a failure would come after it"


def import_problem(view: View, group: Group) -> Iterator[Problem]:
    """Say which import, of the module or of one that imports it, counts on the value's being made there."""
    if not _depends_on_world(view, group):
        return
    reaching, may_fail = reaching_modules(view, group.module), _may_fail(view, group)
    for owner in reaching:
        for module, item in view.importers(owner):
            if owner not in view.project.imported_modules(module, item):
                continue
            if _is_guard(view, group, module, item) and not _is_reached_openly(view, module, reaching):
                yield problem(_MADE_LATER, module, item.span)
            if item.scope != MODULE and may_fail:
                yield from _caught_calls(view, group, module, item, reaching)
    for module, block in importing_blocks(view, reaching):
        if _counts(view, group, block):
            span = Span(block.lineno, 0, block.lineno, 0)
            yield problem("it is imported under a guard or a patch", module, span)
    for loading in view.once(guarded_loadings):
        if _counts(view, group, loading.block) and any(loads(view, loading, owner) for owner in reaching):
            reason = "it may be imported by a computed name, under a guard that a failure would come after"
            yield problem(reason, loading.caller, loading.span)


def reaching_modules(view: View, module: Module) -> dict[Module, None]:
    """List the modules whose import runs the module's body, in the order of their distance."""
    found, queue = dict.fromkeys([module]), [module]
    while queue:
        for importer, item in view.importers(queue.pop(0)):
            if item.scope == MODULE and importer not in found:
                found[importer] = None
                queue.append(importer)
    return found


def _caught_calls(
    view: View, group: Group, module: Module, item: Import, reaching: Collection[Module]
) -> Iterator[Problem]:
    """Find the guards under which somebody calls the function that the import stands in."""
    if item.name in ENTRY_NAMES or not runs_in_service(module):
        return
    if not _is_reached_openly(view, module, reaching):
        for caller, block in view.once(CaughtCalls).of((module, item.scope)):
            caught = {name for name in caught_by(block) if _is_raised(view, group, name)}
            if _expects(view, group, caught) and not _is_reached_openly(view, caller, reaching):
                span = Span(block.lineno, 0, block.lineno, 0)
                yield problem(
                    "what is called here imports the module, and a failure would come after it", caller, span
                )


def _is_raised(view: View, group: Group, name: str) -> bool:
    """Tell whether making the value may raise it: what is of the project, only code that names it or a kind of it."""
    names, modules = [name], {group.module, *(module for module, _ in reached_scopes(view, group))}
    is_own = False
    for each in names:  # grows
        for module in view.project.mentioning(each):
            classes = [scope for scope in module.facts.scopes if scope.kind == "class"]
            is_own |= any(scope.name == each for scope in classes)
            below = (s.name for s in classes if any(getattr(base, "name", None) == each for base in s.bases))
            names += (found for found in below if found not in names)
    return not is_own or any(not module.facts.words.isdisjoint(names) for module in modules)


def _is_guard(view: View, group: Group, module: Module, item: Import) -> bool:
    """Tell whether an exception of the making would be caught around the import."""
    if item.name in ENTRY_NAMES:
        return False
    caught = (item.catches or frozenset()) | view.once(Managers).swallowed(module, item)
    return bool(caught) and _expects(view, group, caught)


def _expects(view: View, group: Group, caught: Collection[str]) -> bool:
    """Tell whether making the value may fail with one of these exceptions."""
    if _IMPORT_FAILS.issuperset(caught) or not _may_fail(view, group):
        return False
    return not (_IMPORT_FAILS | _KEY_FAILS).issuperset(caught) or _needs_variable(view, group)


def _is_reached_openly(view: View, module: Module, reaching: Collection[Module]) -> bool:
    """Tell whether the guarding module imports the value unguarded, too: then the failure ends it anyway."""
    return any(
        owner in reaching and owner is not module
        for item in module.facts.imports
        if item.scope == MODULE and module.facts.statements[item.statement].kind in _OPEN
        for owner in view.project.imported_modules(module, item)
    )


def importing_blocks(view: View, reaching: Collection[Module]) -> Iterator[tuple[Module, Block]]:
    """Yield the `try` blocks, and the `with` blocks of tests, that import one of the modules."""
    for module in _holders(view, reaching):
        if _is_reached_openly(view, module, reaching) and "reload" not in module.facts.words:
            continue
        is_test = not runs_in_service(module)
        # What `try` catches of plain imports is known.
        lines = {item.statement_span.line for item in _imports(view, module, reaching)} if is_test else set()
        kinds = (ast.With, ast.AsyncWith, ast.Try) if is_test else (ast.Try,)
        tree = ast.parse(view.text(module).whole)
        for block in (node for node in ast.walk(tree) if isinstance(node, kinds)):
            inside = (part for statement in block.body for part in ast.walk(statement))
            for part in inside:
                is_import = isinstance(part, ast.Import | ast.ImportFrom) and part.lineno in lines
                if is_import or _imports_by_name(view, module, part, reaching):
                    yield module, block
                    break


def _holders(view: View, reaching: Collection[Module]) -> Iterator[Module]:
    """Yield the modules that may import one of the modules by name, and the tests that do so within a block."""
    names = {owner.name.rpartition(".")[2] for owner in reaching}
    for module in view.project.modules.values():
        facts, is_test = module.facts, not runs_in_service(module)
        calls = [each for each in facts.dynamics if each.what in IMPORTERS]
        if is_test and _spells_start(view, module, calls, reaching):
            yield module
        elif not names.isdisjoint(facts.words):
            in_block = any(item.statement_span.column for item in facts.imports) or "reload" in facts.words
            if any(each.literal for each in calls) or (is_test and in_block):
                yield module


def _spells_start(
    view: View, module: Module, calls: Collection[Dynamic], reaching: Collection[Module]
) -> bool:
    """Tell whether a test that imports by a computed name spells how the name of one of the modules begins."""
    if all(each.literal for each in calls):
        return False
    spelled = _DOTTED.findall(view.text(module).whole)
    return any(f".{start}" in f".{owner.path_name}" for owner in reaching for start in spelled)


def _imports(view: View, module: Module, reaching: Collection[Module]) -> Iterator[Import]:
    for item in module.facts.imports:
        if any(owner in reaching for owner in view.project.imported_modules(module, item)):
            yield item


def _imports_by_name(view: View, module: Module, node: ast.AST, reaching: Collection[Module]) -> bool:
    if not isinstance(node, ast.Call) or not node.args:
        return False
    if ast.unparse(node.func).rpartition(".")[2] not in IMPORTERS:
        return False
    if not isinstance(node.args[0], ast.Constant):
        calls = [each for each in module.facts.dynamics if each.what in IMPORTERS]
        is_test = not runs_in_service(module)
        return "reload" in ast.unparse(node.func) or (
            is_test and _spells_start(view, module, calls, reaching)
        )
    found = view.project.find(str(node.args[0].value), seen_from=module)
    return found is not None and not found[1] and found[0] in reaching


def _counts(view: View, group: Group, block: Block) -> bool:
    """Tell whether the block makes a difference to making the value."""
    if isinstance(block, ast.Try | ast.TryStar):
        return bool(caught_by(block) - _IMPORT_FAILS) and _may_fail(view, group)
    context = ", ".join(ast.unparse(item.context_expr) for item in block.items)
    if _HARMLESS.search(context):
        return False
    if _ENVIRONMENT.search(context):
        return _needs_variable(view, group)
    patched = _PATCHED.findall(context)
    return not patched or not group.module.facts.words.isdisjoint(patched)


def _depends_on_world(view: View, group: Group) -> bool:
    """Tell whether making the value does anything that depends on the world."""
    return any(
        effect.level > Level.SAFE or effect.kind is EffectKind.SURROUNDINGS
        for number in group.statements
        for effect in view.effects.of_statement(group.module, number)
    )


def _needs_variable(view: View, group: Group) -> bool:
    kinds = {EffectKind.ENVIRONMENT, EffectKind.SURROUNDINGS}
    return any(
        effect.kind in kinds
        for number in group.statements
        for effect in view.effects.of_statement(group.module, number)
    )


def _may_fail(view: View, group: Group) -> bool:
    """Tell whether the world can make the making fail; random numbers never run out."""
    return any(
        (effect.level > Level.SAFE and effect.kind is not EffectKind.ENTROPY)
        or effect.kind is EffectKind.SURROUNDINGS
        for number in group.statements
        for effect in view.effects.of_statement(group.module, number)
    )
