"""How imports of the project's own modules are written: as its code names them, since folders alone do not tell.

`src/python/shop/db.py` is `shop.db` where `src/python` is put on the path, and `python.shop.db` where `src` is.
"""

from functools import cached_property

from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Import


class Spelling:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._project = view.project

    def beside(self, importer: Module, item: Import, code: str) -> str | None:
        """Write `from ..b.c import d` where the import in whose place it stands, `from ..b import d`, is relative.

        None where nobody says that the name of a module of the project's own is one.
        """
        start, _, names = code.removeprefix("from ").partition(" import ")
        if not names or not self._project.find(start, seen_from=importer):
            return code
        package = importer.name.split(".") if importer.source.is_package else importer.name.split(".")[:-1]
        above = ".".join(package[: len(package) - item.level + 1])
        if item.level and above and f"{start}.".startswith(f"{above}."):
            return f"from {'.' * item.level}{start[len(above) + 1 :]} import {names}"
        return code if self.is_known(importer, start) else None

    def is_known(self, importer: Module, dotted: str) -> bool:
        """Tell whether some import begins as the name does, or a regular package has that beginning for its name."""
        top = dotted.partition(".")[0]
        return top in self._tops or self._project.find(top, seen_from=importer) is not None

    @cached_property
    def _tops(self) -> frozenset[str]:
        modules = self._project.modules.values()
        return frozenset(i.module.partition(".")[0] for m in modules for i in m.facts.imports if not i.level)
