"""What is known of code that lazify does not read: the standard library, builtins, third-party packages."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from lazify.knowledge.facts import Case, Fact, Holds
from lazify.knowledge.tables import Row, read, split
from lazify.model.effects import EffectKind

__all__ = ["Case", "Fact", "Holds", "Knowledge", "knowledge"]


@cache
def knowledge() -> "Knowledge":
    """The facts of effects*.toml, read once in a process."""
    texts: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("effects*.toml")):
        texts.update(split(path.read_text(encoding="utf-8")))
    return Knowledge(texts)


class Knowledge:
    """Facts about callables by qualified name. Tables are parsed when a name of theirs is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts`: the TOML text of each table, by the table's name."""
        self._texts = texts
        self._tables: dict[str, Mapping[str, Row]] = {}
        self._found: dict[str, Fact | None] = {}

    def fact(self, qualified: str) -> Fact | None:
        """What calling that name does, or None if nobody knows. Builtins are asked for as `builtins.open`,
        methods as `sqlite3.Connection.execute`."""
        if qualified not in self._found:
            self._found[qualified] = self._find(qualified)
        return self._found[qualified]

    def names(self) -> Iterator[str]:
        """Every name and rule that is listed. This parses all tables."""
        for table in self._texts:
            yield from self._rows(table)

    def row(self, name: str) -> Row | None:
        """What the tables say under exactly this name."""
        table = name
        while table:
            table = table.rpartition(".")[0]
            if table in self._texts:
                return self._rows(table).get(name)
        return None

    def _rows(self, table: str) -> Mapping[str, Row]:
        if table not in self._tables:
            self._tables[table] = read(table, self._texts[table])
        return self._tables[table]

    def _find(self, name: str) -> Fact | None:
        row = self.row(name)
        if row is not None and row.alias is not None:
            return self.fact(row.alias)
        if row is not None and (row.is_listed or row.value is not None):
            return _fact(name, name, row, row)
        found = self._inherited(name)
        if row is None or found is None:
            return found
        rule = self.row(found.rule)
        return found if rule is None else _fact(name, found.rule, row, rule)

    def _inherited(self, name: str) -> Fact | None:
        owner = name
        while owner:
            owner = owner.rpartition(".")[0]
            found = self._below(owner, name[len(owner) :])
            if found is not None:
                return found
        return None

    def _below(self, owner: str, rest: str) -> Fact | None:
        """The fact about `owner` + `rest` that follows from what is known of the owner."""
        row = self.row(owner)
        if row is not None and row.alias is not None:
            return self.fact(row.alias + rest)
        if row is not None and row.value is not None:
            return self._of_value(owner, row.value + rest)
        for base in row.bases if row is not None else ():
            found = self.fact(base + rest)
            if found is not None:
                return replace(found, returns=owner) if found.returns == base else found
        last = rest.rpartition(".")[2]
        for pattern in (f"{owner}.*.{last}", f"{owner}.*"):
            rule = self.row(pattern)
            if rule is not None and (pattern[-1] == "*" or rest.count(".") > 1):
                return _fact(owner + rest, pattern, None, rule)
        return None

    def _of_value(self, owner: str, name: str) -> Fact | None:
        """A method of an object that the process shares, if a module owns it: `sys.path.append`."""
        found = self.fact(name)
        is_shared = self.row(owner.rpartition(".")[0]) is None
        if found is None or not found.mutates or not is_shared:
            return found
        return replace(found, effects=(*found.effects, EffectKind.STATE))


def _fact(name: str, rule_name: str, row: Row | None, rule: Row) -> Fact:
    """`rule` says what a call does, `row` the rest: None for a name that no table mentions."""
    own = row or Row(source=rule.source)
    return Fact(
        name=name,
        rule=rule_name,
        effects=tuple(rule.effects),
        cases=tuple(own.cases or rule.cases),
        is_declaration=rule.is_declaration,
        is_class=None if row is None else _is_class(name, row),
        mutates=rule.mutates,
        is_decorator=own.is_decorator or rule.is_decorator,
        calls=tuple(own.calls or rule.calls),
        keeps=tuple(own.keeps),
        returns=own.returns or rule.returns,
        value=own.value,
        bases=tuple(own.bases),
        subclassing=tuple(own.subclassing or rule.subclassing),
        needs_fields=own.needs_fields,
        source=own.source,
        inferred=own.inferred or rule.inferred,
        innocence=own.suspected or (rule.suspected if rule_name == name else None),
    )


def _is_class(name: str, row: Row) -> bool:
    if row.is_class is not None or row.value is not None:
        return bool(row.is_class)
    return name.rpartition(".")[2].lstrip("_")[:1].isupper()
