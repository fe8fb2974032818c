"""Finds where objects are changed, each object once."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from lazify.getter.aliases.constants import Flat
from lazify.getter.aliases.finding import Alias, Finding, name_of
from lazify.getter.aliases.folders import Listings
from lazify.getter.aliases.following import FARTHEST, Change, Following
from lazify.getter.aliases.here import written_here
from lazify.getter.aliases.outcomes import Level
from lazify.getter.aliases.trees import Trees
from lazify.index.project import Defined
from lazify.index.state import is_class
from lazify.index.view import View
from lazify.model.facts import MODULE, Role

FARTHEST_OF_CLASS: Mapping[Level, int] = {"is": 8, "holds": 8, "part": 1, "shares": 1}
"""The attributes of a class are its methods, as a rule."""
FARTHEST_OF_FLAT: Mapping[Level, int] = {"is": 8, "holds": 8, "part": 0, "shares": 0}
"""Of what holds only constants, no part can be changed."""
FARTHEST_OF_PATH: Mapping[Level, int] = {"is": 8, "holds": 8, "part": 8, "shares": 8}
ACCESSES = frozenset({"file", "made", "asked", "opened", "joined", "listed", "walked", "inside"})


class Aliases:
    """Finds changes; each object is followed once."""

    def __init__(self, view: View) -> None:
        """Nothing is followed before the first question."""
        self._view, self.trees = view, Trees(view)
        self._finding = Finding(view, self.trees)
        self._flat = Flat(view, self.trees)
        self._known: dict[Defined, list[Change]] = {}
        self._outside: dict[str, list[Change]] = {}
        self._accessed: dict[Alias, list[Change]] = {}
        self._held: dict[Defined, tuple[Defined, ...]] = {}

    def changes(self, target: Defined) -> list[Change]:
        """List where the object of a module-level name may be changed, in no test, under whatever name."""
        if target not in self._known:
            farthest = FARTHEST_OF_CLASS if is_class(target) else FARTHEST
            farthest = FARTHEST_OF_FLAT if self._flat.is_flat(target) else farthest
            search = Following(self._view, self._finding, name_of(target), farthest=farthest)
            self._known[target] = [*search.run()]
        return self._known[target]

    def file_accesses(self, path: Alias) -> list[Change]:
        """List where a file is written or asked for, or its folder looked through, in no test, by what has its path."""
        if path not in self._accessed:
            found = Following(self._view, self._finding, path, farthest=FARTHEST_OF_PATH, is_path=True).run()
            self._accessed[path] = [each for each in found if each.how in ACCESSES]
        return self._accessed[path]

    @cached_property
    def listings(self) -> Listings:
        """What the project looks for by patterns."""
        return Listings(self._view, self.trees)

    @cached_property
    def written_here(self) -> tuple[Change, ...]:
        """What the program may write into its working folder."""
        return tuple(written_here(self._view, self.trees))

    def handed_on(self, name: str) -> list[Change]:
        """List where an object of Python's is changed under another name than its own: `held = os.environ`."""
        if name not in self._outside:
            first = Alias("outside", name, "is")
            search = Following(self._view, self._finding, first)
            self._outside[name] = [*search.run()]
        return self._outside[name]

    def held(self, target: Defined) -> tuple[Defined, ...]:
        """Give what the object may hold, or be a view of: `TABLE = Proxy(ROWS)`."""
        if target not in self._held:
            self._held[target] = tuple(dict.fromkeys(each for each in self._holds(target) if each != target))
        return self._held[target]

    def _holds(self, target: Defined) -> Iterator[Defined]:
        module = target.module
        statements = {binding.statement for binding in module.facts.bindings.get(target.name, ())}
        for uses in module.facts.uses.values():
            for use in uses:
                is_whole = use.role is Role.LOAD and not (use.attributes or use.is_called or use.deferred)
                if is_whole and use.statement in statements and use.scope == MODULE:
                    named = self._view.project.named(module, use)
                    if isinstance(named, Defined):
                        yield named
        for number in statements:
            yield from (Defined(module, name) for name in module.facts.statements[number].binds)
