"""Values that are drawn at import identify a process, and those that fork from it."""

import pytest

from lazify.testing import check, refused

SHARED = "processes that fork after the import share it"


@pytest.mark.parametrize(
    "value",
    [
        "secrets.token_hex(16)",
        "uuid.uuid4()",
        'f"worker-{uuid.uuid4().hex}"',
        "os.urandom(8)",
        "draw()",
    ],
)
def test_a_random_value_stays_for_those_that_fork(value: str) -> None:
    text = "import os\nimport secrets\nimport uuid\n\n\ndef draw():\n    return secrets.token_hex(2)\n\n\n"
    refused({"m.py": f"{text}TOKEN = {value}\n\n\ndef f():\n    return TOKEN\n"}, because=SHARED)


@pytest.mark.parametrize("annotated", ["TOKEN: Final", "TOKEN: str", "TOKEN: uuid.UUID"])
def test_what_its_annotation_says_makes_no_object_of_it(annotated: str) -> None:
    text = f"import uuid\nfrom typing import Final\n\n{annotated} = uuid.uuid4()\n\n\ndef f():\n    return TOKEN\n"
    refused({"m.py": text}, because=SHARED)


def test_forked_workers_share_it_as_before() -> None:
    """The program itself: a pool whose workers compare what they were forked with."""
    files = {
        "m.py": "import secrets\n\nTOKEN = secrets.token_hex(16)\n\n\ndef f(_):\n    return TOKEN\n",
        "app.py": "import multiprocessing\n\nimport m\n\n\ndef run():\n"
        "    with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "        return len({m.f(0), *pool.map(m.f, range(8))})\n",
    }
    assert not check(files, run="import app; print(app.run())").plan.changes


def test_an_object_that_draws_a_key_becomes_a_getter_and_says_so() -> None:
    text = "import secrets\n\n\nclass Protection:\n    def __init__(self):\n        self.key = secrets.token_hex(4)\n\n\n"
    outcome = check(
        {"m.py": f"{text}protection = Protection()\n\n\ndef f():\n    return len(protection.key)\n"},
        run="import m; print(m.f())",
    )
    assert [change.notes for change in outcome.plan.changes] == [
        ("processes that fork before first use draw their own random values (secrets.token_hex)",)
    ]


def test_what_else_its_making_does_is_reason_enough() -> None:
    text = 'import secrets\n\nTOKEN = open("pyproject.toml").read() + secrets.token_hex(1)\n\n\ndef f():\n    return len(TOKEN)\n'
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes


def test_whoever_names_it_gets_it_lazy() -> None:
    text = "import secrets\n\nTOKEN = secrets.token_hex(16)\n\n\ndef f():\n    return len(TOKEN)\n"
    assert check({"m.py": text}, flags={"singleton": ("TOKEN",)}, run="import m; print(m.f())").plan.changes
