"""What the knowledge base says of one call, written as source."""

from collections.abc import Sequence

from lazify.index.scan import scan
from lazify.knowledge import Fact, knowledge
from lazify.model.facts import Argument, Does


def known(name: str) -> Fact:
    fact = knowledge().fact(name)
    assert fact is not None, f"nobody knows {name}"
    return fact


def arguments(text: str) -> Sequence[Argument]:
    """Those of the call `f(text)`, as the scanner sees them."""
    operations = scan(f"f({text})").scopes[0].operations
    calls = [each for each in operations if each.does is Does.CALL]
    return calls[-1].arguments


def effects(call: str) -> list[str]:
    """The effects of a call such as `sqlite3.connect(':memory:')`, by their names in the tables."""
    name, _, rest = call.partition("(")
    return sorted(kind.name.lower() for kind in known(name).applies(arguments(rest.removesuffix(")"))))
