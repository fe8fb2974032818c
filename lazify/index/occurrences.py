"""Every place of a project where one module-level name is read, written, imported, exported or spelled out.

A name lives in a *namespace*: `x` of `db.py` also lives in `api.py` under the name `client` after
`from db import x as client`. Occurrences are found one hop at a time from namespace to namespace, so each
knows by which one it reaches the value: patching `api.client` does not patch `db.x`.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.index.project import InModule, Project, Target
from lazify.model.facts import MODULE, AttributeRef, Import, Mention, NameRef, Ref, Use
from lazify.model.places import Span


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module and the name that the value has in it."""

    module: Module
    name: str


@dataclass(frozen=True, slots=True)
class UseOccurrence:
    """A use whose chain reaches the value after `depth` attributes: 0 for `x`, 1 for `m.x`."""

    module: Module
    use: Use
    depth: int
    namespace: Namespace

    @property
    def span(self) -> Span:
        """The expression up to the value: `x`, `m.x`."""
        if not self.depth:
            return self.use.span
        return Span(*self.use.span[:2], *self.use.ends[self.depth - 1])

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing follows: the use's role speaks of the value itself."""
        return self.depth == len(self.use.attributes)


@dataclass(frozen=True, slots=True)
class ImportOccurrence:
    """`from namespace.module import name`, at module level or in a function."""

    module: Module
    item: Import
    namespace: Namespace
    """Where the import takes the name from."""


@dataclass(frozen=True, slots=True)
class ExportOccurrence:
    """The name in the `__all__` of one of its namespaces."""

    namespace: Namespace
    span: Span


@dataclass(frozen=True, slots=True)
class MentionOccurrence:
    """A string that names the value by a namespace, with the attributes that follow in the string."""

    module: Module
    mention: Mention
    namespace: Namespace
    rest: tuple[str, ...]
    is_path: bool
    """The string is a dotted path; otherwise it stands beside the module, as in `setattr(m, "x", …)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """All that one project has of one module-level name."""

    namespaces: tuple[Namespace, ...]
    """The first is where the name is defined."""
    uses: tuple[UseOccurrence, ...]
    imports: tuple[ImportOccurrence, ...]
    exports: tuple[ExportOccurrence, ...]
    mentions: tuple[MentionOccurrence, ...]
    stars: tuple[tuple[Module, Import], ...]
    """Star imports that pass the name on, with the importing module."""


def occurrences(project: Project, module: Module, name: str) -> Occurrences:
    """Find every occurrence of the `name` that `module` defines."""
    return _Search(project, Namespace(module, name)).run()


def resolve(project: Project, module: Module, ref: Ref | None) -> Target | None:
    """Tell what a plain name or attribute chain means, as far as imports tell."""
    match ref:
        case NameRef(name, scope) if scope == MODULE:
            return project.lookup(module, name)
        case NameRef(name, scope):
            items = module.imports_of(scope, name)
            targets = {project.import_target(module, item) for item in items} if items else ()
            return targets.pop() if len(targets) == 1 else None
        case AttributeRef(value, attribute):
            return project.member(resolve(project, module, value), attribute)
        case _:
            return None


class _Search:
    def __init__(self, project: Project, origin: Namespace) -> None:
        self._project = project
        self._namespaces: dict[Namespace, None] = {origin: None}
        self._queue = deque([origin])
        self._uses: dict[tuple[Module, Span, int], UseOccurrence] = {}
        self._imports: dict[tuple[Module, Span], ImportOccurrence] = {}
        self._mentions: list[MentionOccurrence] = []
        self._stars: list[tuple[Module, Import]] = []

    def run(self) -> Occurrences:
        while self._queue:
            namespace = self._queue.popleft()
            self._add_uses(namespace.module, namespace.name, MODULE, namespace)
            self._search_stars(namespace)
            for module in self._project.mentioning(namespace.name):
                self._search_imports(module, namespace)
                self._search_attributes(module, namespace)
                self._mentions.extend(self._spelled(module, namespace))
        return Occurrences(
            namespaces=tuple(self._namespaces),
            uses=tuple(self._uses.values()),
            imports=tuple(self._imports.values()),
            exports=tuple(_exports(self._namespaces)),
            mentions=tuple(self._mentions),
            stars=tuple(self._stars),
        )

    def _enter(self, namespace: Namespace) -> None:
        if namespace not in self._namespaces:
            self._namespaces[namespace] = None
            self._queue.append(namespace)

    def _add_uses(self, module: Module, name: str, bound: int, namespace: Namespace) -> None:
        for use in module.facts.uses.get(name, ()):
            if use.bound == bound:
                self._uses[module, use.span, 0] = UseOccurrence(module, use, 0, namespace)

    def _search_imports(self, module: Module, namespace: Namespace) -> None:
        for item in module.facts.imports:
            if item.name == namespace.name and self._project.source_module(module, item) is namespace.module:
                self._imports[module, item.span] = ImportOccurrence(module, item, namespace)
                local = Namespace(module, item.binds)
                if item.scope == MODULE:
                    self._enter(local)
                else:
                    self._add_uses(module, item.binds, item.scope, local)

    def _search_stars(self, namespace: Namespace) -> None:
        """Enter the modules that import the name by `*`, which need not spell it; what else binds it there shows."""
        if not self._project.exports(namespace.module, namespace.name):
            return
        for module, item in self._project.star_importers(namespace.module):
            is_bound = namespace.name in module.facts.bindings
            if is_bound or self._project.star_source(module, namespace.name) is namespace.module:
                self._stars.append((module, item))
                self._enter(Namespace(module, namespace.name))

    def _search_attributes(self, module: Module, namespace: Namespace) -> None:
        for use in module.uses_through(namespace.name):
            for holder, attribute, depth in self._project.steps(module, use):
                if holder is namespace.module and attribute == namespace.name:
                    self._uses[module, use.span, depth] = UseOccurrence(module, use, depth, namespace)

    def _spelled(self, module: Module, namespace: Namespace) -> Iterator[MentionOccurrence]:
        for mention in module.facts.mentions:
            if mention.text == namespace.name:
                if self._is_beside(module, mention, namespace.module):
                    yield MentionOccurrence(module, mention, namespace, (), is_path=False)
            elif namespace.name in (path := mention.text.replace(":", ".")):
                found = self._project.find(path, seen_from=module)
                if found and found[0] is namespace.module and found[1][:1] == (namespace.name,):
                    yield MentionOccurrence(module, mention, namespace, found[1][1:], is_path=True)

    def _is_beside(self, module: Module, mention: Mention, owner: Module) -> bool:
        """Tell whether the string follows the module as an argument: `setattr(owner, "x")`."""
        if mention.position < 1 or not mention.arguments:
            return False
        return resolve(self._project, module, mention.arguments[mention.position - 1].ref) == InModule(owner)


def _exports(namespaces: dict[Namespace, None]) -> Iterator[ExportOccurrence]:
    for namespace in namespaces:
        for name, span in namespace.module.facts.exports or ():
            if name == namespace.name:
                yield ExportOccurrence(namespace, span)
