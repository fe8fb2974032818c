"""What follows from moves is worked out again only where other imports move."""

from collections.abc import Iterator

import pytest

from lazify.imports.candidates import Candidate
from lazify.imports.follow import Following, Movers
from lazify.testing import check

HEAVY = {"heavy": ("fractions", "statistics")}
USES = "\n\n\ndef f():\n    return {}(1)\n"


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, frozenset[object]]]:
    """List every question for what follows: its import, and what moves with it."""
    asked: list[tuple[str, frozenset[object]]] = []
    of = Following.of

    def recorded(self: Following, candidate: Candidate, name: str, movers: Movers) -> Iterator[object]:
        asked.append((f"{candidate.key} {name}", frozenset(movers)))
        yield from of(self, candidate, name, movers)

    monkeypatch.setattr(Following, "of", recorded)
    return asked


def test_nothing_is_followed_twice_beside_the_same_moves(followed: list[object]) -> None:
    before = {
        "a.py": "import fractions" + USES.format("fractions.Fraction"),
        "b.py": "import statistics\nimport net" + USES.format("statistics.mean"),
        "net.py": "import fractions\n\n\nclass Half(fractions.Fraction): ...\n",
    }
    after = {
        "a.py": "def f():\n    import fractions\n\n    return fractions.Fraction(1)\n",
        "b.py": "import net\n\n\ndef f():\n    import statistics\n\n    return statistics.mean(1)\n",
    }
    check(before, after, flags=HEAVY)
    assert followed
    assert len(followed) == len(set(followed))
