"""Who takes a name from the module that imported it: `from m import np`, `m.np`, `"m.np"`.

`occurrences` would follow one name through the whole project; here are very many names, and each is followed for
one hop only, since what takes a name on from there takes it from another module. All are gathered in one pass.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.occurrences import MentionOccurrence, Namespace, Occurrences, resolve
from lazify.index.project import InModule, Project
from lazify.index.view import View
from lazify.model.facts import MODULE, Import, Mention, Use


@dataclass(frozen=True, slots=True)
class Reach:
    """A use in some module that reaches the name by an attribute: `m.np` of `m.np.mean`."""

    module: Module
    use: Use
    depth: int
    """How many attributes come up to the name: 1 for `m.np`, 2 for `pkg.m.np`."""


class Takers:
    """Finds who takes a name from a module."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._project: Project = view.project

    def imports(self, module: Module, name: str) -> list[tuple[Module, Import]]:
        """List the imports of the name from that module, each with the module that it stands in."""
        return self._imports.get((module, name), [])

    def uses(self, module: Module, name: str) -> list[Reach]:
        """List the uses of the name as an attribute of that module."""
        return self._uses.get((module, name), [])

    def mentions(self, module: Module, name: str) -> Occurrences:
        """Give the strings that name it, as the only occurrences."""
        namespace = Namespace(module, name)
        found = [
            MentionOccurrence(where, mention, namespace, rest, is_path)
            for where, mention, rest, is_path in self._mentions.get((module, name), ())
        ]
        return Occurrences(
            namespaces=(namespace,), uses=(), imports=(), exports=(), mentions=tuple(found), stars=()
        )

    def stars(self, module: Module, name: str) -> Iterator[tuple[Module, Import]]:
        """Yield the star imports that bring the name to a module which uses it or passes it on."""
        queue, seen = [module], {module}
        while queue:
            source = queue.pop()
            for importer, item in self._project.star_importers(source) if self._passes(source, name) else ():
                if importer not in seen:
                    seen.add(importer)
                    queue.append(importer)
                    if (
                        name in importer.facts.uses
                        or self.imports(importer, name)
                        or self.uses(importer, name)
                    ):
                        yield importer, item

    def _passes(self, module: Module, name: str) -> bool:
        """Tell whether `from module import *` may bring the name along."""
        exports = module.facts.exports
        if exports is not None and not module.facts.exports_are_dynamic:
            return any(name == export for export, _ in exports)
        return not name.startswith("_")

    @cached_property
    def _imports(self) -> dict[tuple[Module, str], list[tuple[Module, Import]]]:
        found: defaultdict[tuple[Module, str], list[tuple[Module, Import]]] = defaultdict(list)
        for module in self._project.modules.values():
            for item in module.facts.imports:
                if item.name and item.name != "*":
                    source = self._project.source_module(module, item)
                    if isinstance(source, Module):
                        found[source, item.name].append((module, item))
        return found

    @cached_property
    def _uses(self) -> dict[tuple[Module, str], list[Reach]]:
        found: defaultdict[tuple[Module, str], list[Reach]] = defaultdict(list)
        for module in self._project.modules.values():
            named = self._project.module_names(module)
            for use in (use for name in named for use in module.facts.uses.get(name, ()) if use.attributes):
                for holder, attribute, depth in self._project.steps(module, use):
                    found[holder, attribute].append(Reach(module, use, depth))
        return found

    @cached_property
    def _mentions(self) -> dict[tuple[Module, str], list[tuple[Module, Mention, tuple[str, ...], bool]]]:
        found: defaultdict[tuple[Module, str], list[tuple[Module, Mention, tuple[str, ...], bool]]]
        found = defaultdict(list)
        for module in self._project.modules.values():
            for mention in module.facts.mentions:
                if "." in mention.text or ":" in mention.text:
                    at = self._project.find(mention.text.replace(":", "."), seen_from=module)
                    if at is not None and at[1]:
                        found[at[0], at[1][0]].append((module, mention, at[1][1:], True))
                elif mention.position >= 1 and mention.arguments:
                    owner = resolve(self._project, module, mention.arguments[mention.position - 1].ref)
                    if isinstance(owner, InModule):
                        found[owner.module, mention.text].append((module, mention, (), False))
        return found


def is_at_module_level(item: Import) -> bool:
    """Tell whether the import stands in no function and no class."""
    return item.scope == MODULE
