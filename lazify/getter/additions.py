"""Names that an edit imports for itself: they mean nothing else in the module, nor where `import *` takes them."""

from lazify.index.modules import Module
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import BindingKind


def may_import(view: View, module: Module, source: str, name: str | None = None) -> bool:
    """Tell whether `import source`, or `from source import name`, may stand at the top of the module.

    The name is new there, or means that already; what another module's `import *` brings is not new.
    """
    binds = name or source
    known = view.project.lookup(module, binds)
    bindings = module.facts.bindings.get(binds, ())
    if known == External(f"{source}.{name}" if name else source):
        return not any(binding.kind is BindingKind.DELETE for binding in bindings)
    return not bindings and known is None and not clashes(view, module, binds)


def clashes(view: View, module: Module, name: str) -> bool:
    """Tell whether a new name of the module would reach another by `import *` that has it for something."""
    if module.facts.exports is not None:
        return False
    importers = {importer for importer, _ in view.project.star_importers(module)}
    return any(name in view.taken(each) or view.project.binds(each, name) for each in importers)
