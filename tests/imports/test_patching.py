"""Tests that replace what a module imported replace it where functions import it from, or nothing moves."""

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions", "xml")}
MODULE = "from fractions import Fraction\n\n\ndef half():\n    return Fraction(1, 2)\n"
RUN = "import runpy; runpy.run_module('test_m', run_name='__main__')"


@pytest.mark.parametrize(
    "test",
    [
        "from unittest.mock import patch\n\nimport m\n\nwith patch('m.Fraction', return_value=7) as made:\n    print(m.half(), made.called)\nprint(m.half())\n",
        "from unittest import mock\n\nimport m\n\n\n@mock.patch('m.Fraction')\ndef test(made):\n    made.return_value = 7\n    print(m.half())\n\n\ntest()\nprint(m.half())\n",
        "from unittest.mock import patch\n\nimport m\n\npatcher = patch('m.Fraction', new=lambda *_: 7)\npatcher.start()\nprint(m.half())\npatcher.stop()\nprint(m.half())\n",
    ],
)
def test_a_name_of_a_package_is_replaced_there(test: str) -> None:
    outcome = check({"m.py": MODULE, "test_m.py": test}, flags=HEAVY, run=RUN)
    assert "patch('fractions.Fraction'" in outcome.files["test_m.py"]
    assert outcome.files["m.py"].startswith("def half():\n    from fractions import Fraction\n")


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"n.py": MODULE}, "a test replaces Fraction, and n would get what it puts there"),
        ({"n.py": "def f():\n    from fractions import Fraction\n    return Fraction\n"}, "and n would get"),
        ({"n.py": "import fractions\n\n\ndef f():\n    return fractions.Fraction(1)\n"}, "and n would get"),
        ({"n.py": "import fractions as fr\n\nF = fr.Fraction\n"}, "and n would get"),
        ({"n.py": "def f():\n    import fractions\n    return fractions.Fraction(1)\n"}, "and n would get"),
    ],
)
def test_nobody_else_may_take_it_from_there(more: dict[str, str], because: str) -> None:
    test = "from unittest.mock import patch\n\n\ndef test():\n    with patch('m.Fraction'): ...\n"
    outcome = refused_in_m({"m.py": MODULE, "test_m.py": test, **more}, because)
    assert outcome.startswith("from fractions import Fraction\n")


def refused_in_m(files: dict[str, str], because: str) -> str:
    outcome = check(files, flags=HEAVY)
    reasons = [refusal.reason for refusal in outcome.plan.refusals]
    assert any(because in reason for reason in reasons), reasons
    return outcome.files["m.py"]


@pytest.mark.parametrize(
    ("module", "test", "because"),
    [
        (
            "import fractions\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n",
            "from unittest.mock import patch\n\n\ndef test():\n    with patch('m.fractions'): ...\n",
            "a test replaces fractions",
        ),
        (
            "from xml.dom.minidom import parse\n\n\ndef read(x):\n    return parse(x)\n",
            "from unittest.mock import patch\n\n\ndef test():\n    with patch('m.parse'): ...\n",
            "a test replaces parse, which code in xml.dom.minidom may look up as well",
        ),
        (
            MODULE,
            "import m\n\n\ndef test(monkeypatch):\n    monkeypatch.setattr(m, 'Fraction', 1)\n",
            "a test replaces Fraction",
        ),
        (
            MODULE,
            "from unittest.mock import patch\n\n\ndef test():\n    with patch('m.' 'Fraction'): ...\n",
            "the string that patches Fraction cannot be edited",
        ),
    ],
)
def test_what_has_no_such_place_stays(module: str, test: str, because: str) -> None:
    refused({"m.py": module, "test_m.py": test}, because=because, flags=HEAVY)
