"""Names that edits add to a module mean nothing else in it, nor to those who take names from it."""

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
HELPERS = "def get_conn():\n    return 'helper'\n\n\ndef find_spec(name):\n    return None\n\n\nTYPE_CHECKING = True\n"
CONN = "import sqlite3\n\nconn = sqlite3.connect('x.db')\n\n\ndef rows():\n    return conn.execute('select 1').fetchall()\n"
TYPED = "import fractions\n\n\ndef half(x: fractions.Fraction):\n    return fractions.Fraction(x) / 2\n"
GUARD = "try:\n    import fractions\n\n    READY = True\nexcept ImportError:\n    READY = False\n"
GUARDED = f"{GUARD}\n\ndef half(x):\n    return fractions.Fraction(x, 2) if READY else x\n"


@pytest.mark.parametrize("code", [f"from helpers import *\n{CONN}", f"{CONN}\n\nfrom helpers import *\n"])
def test_a_getter_has_no_name_that_a_star_import_brings(code: str) -> None:
    files = {"helpers.py": HELPERS, "m.py": code, "user.py": "from m import get_conn\n"}
    outcome = check(files, run="import m, user; print(m.rows(), user.get_conn())")
    assert "def get_shared_conn" in outcome.files["m.py"]


def test_a_getter_has_no_name_that_star_importers_hand_on() -> None:
    files = {
        "helpers.py": HELPERS,
        "m.py": CONN,
        "both.py": "from helpers import *\nfrom m import *\n",
        "user.py": "from both import get_conn\n",
    }
    outcome = check(files, run="import m, user; print(m.rows(), user.get_conn())")
    assert "def get_shared_conn" in outcome.files["m.py"]


def test_find_spec_of_a_star_import_is_not_asked() -> None:
    files = {"helpers.py": HELPERS, "m.py": f"{GUARDED}\n\nfrom helpers import *\n"}
    refused(files, because="find_spec means something else here", flags=HEAVY)
    harmless = {"helpers.py": "HALF = 2\n", "m.py": f"{GUARDED}\n\nfrom helpers import *\n"}
    assert check(harmless, run="import m; print(m.half(1))", flags=HEAVY).plan.changes


@pytest.mark.parametrize(
    "before",
    [
        "from helpers import *\n",
        "from helpers import TYPE_CHECKING\n",
        "TYPE_CHECKING = 'on'\n\n\ndef TYPE_CHECKER(): ...\n\n\n",
    ],
)
def test_type_checking_that_means_something_else_keeps_the_import_of_annotations(before: str) -> None:
    files = {"helpers.py": HELPERS, "m.py": f"{before}{TYPED}\n\ndef look():\n    return TYPE_CHECKING\n"}
    refused(files, because="TYPE_CHECKING means something else here", flags=HEAVY)


def test_a_block_for_type_checkers_serves_whatever_its_flag_comes_from() -> None:
    """Those who do not want to import `typing` write so."""
    block = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import decimal\n\n"
    outcome = check({"m.py": block + TYPED}, run="import m; print(m.half(1))", flags=HEAVY)
    assert "    import decimal\n    import fractions\n" in outcome.files["m.py"]


def test_what_star_importers_mean_by_type_checking_stays_theirs() -> None:
    files = {
        "helpers.py": HELPERS,
        "m.py": TYPED,
        "user.py": "from helpers import *\nfrom m import *\n\n\ndef look():\n    return TYPE_CHECKING, half(1)\n",
    }
    refused(files, because="TYPE_CHECKING means something else here", flags=HEAVY)
