"""State that looks as if a making shared it and is nobody's, each seen in a real library; and what is shared."""

import pytest

from lazify.testing import check, refused

FORCED = {"singleton": ("*",), "risky": True}

READS_CODECS = """
class Reply:
    def restore(self, state):
        for name, value in state.items():
            setattr(self, name, value)


def restore(any, state):
    for name, value in state.items():
        setattr(any, name, value)

class Codec:
    level = 1

class Codecs:
    def keys(self):
        return ["b"]

CODECS = {made}
ACCEPTED = ", ".join({read})

def accepted():
    return ACCEPTED.upper()

def change(state):
    restore(CODECS, state)
"""


@pytest.mark.parametrize("read", ["CODECS.keys()", "CODECS\\\n    .copy()", "sorted(CODECS.keys())"])
def test_nobody_sets_a_method_of_a_dictionary(read: str) -> None:
    """As in httpx 0.28.1: `setattr(self, name, value)` in a class of its own."""
    main = READS_CODECS.format(made="{'br': 1, 'gzip': 2}", read=read)
    outcome = check({"main.py": main}, run="import main; print(main.accepted())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["ACCEPTED becomes get_accepted()"]


@pytest.mark.parametrize(
    ("made", "read"),
    [
        ("{'br': Codec()}", "str(CODECS['br'].level)"),
        ("{'br': Codec()}", "str(CODECS.get('br').level)"),
        ("Codecs() if input() else {}", "CODECS.keys()"),
        ("Codecs()", "CODECS.keys()"),
    ],
    ids=["an item", "what a method gives", "another class, perhaps", "another class"],
)
def test_what_somebody_may_set_of_an_object_is_read_when_it_was(made: str, read: str) -> None:
    refused(
        {"main.py": READS_CODECS.format(made=made, read=read)},
        because="which making it reads, is changed by a function",
        flags={"singleton": ("ACCEPTED",), "risky": True},
    )


PATHS = """
from pathlib import Path


class Node:
    def adopt(self, other):
        other.parent = self


HERE = Path(__file__).parent
ABOVE = str(HERE.parent / "tests")


def above(): return ABOVE[-5:]
"""


def test_nobody_sets_an_attribute_of_a_path() -> None:
    """As in jsonschema 4.26: exceptions have a parent, too."""
    outcome = check({"main.py": PATHS}, run="import main; print(main.above())", flags=FORCED)
    assert "ABOVE becomes get_above()" in [change.title for change in outcome.plan.changes]
