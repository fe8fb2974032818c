"""Code in strings uses names as other code does, wherever it is run."""

import pytest

from lazify.testing import check, refused

MODULE = "import json\n\nconf = json.load(open('c.json'))\n\n\ndef show():\n    return conf\n"


def _files(make: str, text: str, module: str = MODULE) -> dict[str, str]:
    head = "import subprocess\nimport sys\nimport timeit\nfrom textwrap import dedent\n\n\n"
    run = "def run(*command, **given):\n    subprocess.run([sys.executable, *command], check=True, **given)\n    return 1\n\n\n"
    return {
        "c.json": "7",
        "m.py": module,
        "s.py": f"{head}{run}TEXT = {text!r}\n\n\ndef f():\n    return {make}\n",
    }


RUNS = {
    "python -c": "run('-c', TEXT)",
    "standard input": "run('-', input=TEXT.encode())",
    "exec": "exec(TEXT, {})",
    "a piece": "exec(TEXT + '\\n', {})",
}
ASKS = [
    "import m; print(m.conf)",
    "import os, m\nprint(m.conf)",
    "import m as k; print(k.conf)",
    "from m import conf; print(conf)",
    "import m; print(getattr(m, 'conf'))",
    "try:\n    from m import (conf, show)\nfinally:\n    print(conf)",
]
TAKES_ALL = [
    "from m import *\nprint(conf)",
    "if True: from m import *; print(conf)",
    "import m; print(vars(m)['conf'])",
    "import m; print(m.__dict__['conf'])",
]
SETS = [
    "import m; m.conf = 3; print(m.show())",
    "import m; m.conf += 3; print(m.show())",
    "import m; setattr(m, 'conf', 3); print(m.show())",
    "import m; del m.conf",
]


@pytest.mark.parametrize("make", RUNS.values(), ids=list(RUNS))
@pytest.mark.parametrize("text", ASKS)
def test_code_in_a_string_asks_a_module_for_its_former_name(make: str, text: str) -> None:
    outcome = check(_files(make, text), run="import s; print(s.f())")
    assert "def __getattr__" in outcome.files["m.py"]


@pytest.mark.parametrize("make", RUNS.values(), ids=list(RUNS))
@pytest.mark.parametrize("text", TAKES_ALL)
def test_code_in_a_string_takes_what_a_module_has(make: str, text: str) -> None:
    refused(_files(make, text), because="a text is code that takes the names of m")


@pytest.mark.parametrize("text", SETS)
def test_code_in_a_string_sets_the_name(text: str) -> None:
    refused(_files(RUNS["exec"], text), because="a text is code that sets conf")


def test_the_name_may_be_in_another_string_than_the_import() -> None:
    files = _files("timeit.timeit('m.conf', setup=TEXT, number=1) > 0", "import m")
    assert "def __getattr__" in check(files, run="import s; print(s.f())").files["m.py"]


def test_a_list_of_names_has_the_getter_instead_for_a_star_in_a_string() -> None:
    files = _files(RUNS["exec"], TAKES_ALL[0], f"__all__ = ['conf']\n{MODULE}")
    refused(files, because="a text is code that takes the names of m")


@pytest.mark.parametrize(
    "text", ["from m import *; show()", "import m; m.show()", "print('conf')", "import n; n.conf"]
)
def test_code_in_a_string_that_is_about_something_else(text: str) -> None:
    outcome = check(_files("len(TEXT)", text), run="import s; print(s.f())")
    assert "__getattr__" not in outcome.files["m.py"]
