"""Where the imports of a program begin, if nobody says so."""

from lazify.entries.entry import is_entry
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service

MOST = 20
"""Modules that are taken for entries where nothing names one."""


def entries_of(view: View) -> tuple[Module, ...]:
    """Give the modules that `--entry` names, or else a platform's files, or else those that nobody imports.

    Of the last, the ones that import most come first.
    """
    if view.config.entry:
        return view.entries
    modules = [m for m in view.project.modules.values() if m.source.is_selected and runs_in_service(m)]
    named = tuple(module for module in modules if is_entry(view, module))
    return named or tuple(_roots(view, modules)[:MOST])


def _roots(view: View, modules: list[Module]) -> list[Module]:
    imported = {
        target
        for importer in modules
        for item in importer.facts.imports
        for target in view.project.imported_modules(importer, item)
        if target is not importer
    }
    roots = [module for module in modules if module not in imported and module.facts.imports]
    return sorted(roots, key=lambda module: (-len(module.facts.imports), module.name))
