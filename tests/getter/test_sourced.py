"""What a function uses whose source is read stays as it is written there."""

import pytest

from lazify.testing import Files, check, refused

CONF = 'import json\n\nwith open("c.json") as file:\n    conf = json.load(file)\n'
WORK = f"{CONF}\n\ndef work(x):\n    return x * conf\n"
SHIP = (
    "import inspect\n\n\ndef ship(function, **names):\n    space = dict(names)\n"
    "    exec(inspect.getsource(function), space)\n    return space['work'](3)\n"
)
READS = {
    "the function": "inspect.getsource(work.work)",
    "its lines": "inspect.getsourcelines(work.work)[0][0]",
    "under a name": "ship.ship(work.work, conf=7)",
    "through another": "over(work.work)",
    "the module": "inspect.getsource(work)",
}


def _files(read: str) -> Files:
    over = "def over(function):\n    return ship.ship(function, conf=7)\n"
    main = f"import inspect\n\nimport ship\nimport work\n\n\n{over}\n\ndef f():\n    return {read}\n"
    return {"c.json": "7", "work.py": WORK, "ship.py": SHIP, "main.py": main}


@pytest.mark.parametrize("read", READS.values(), ids=list(READS))
def test_the_source_of_a_function_is_read(read: str) -> None:
    refused(_files(read), because="the program reads the source of work, which uses conf")


def test_the_source_is_read_of_what_a_decorator_takes() -> None:
    ship = "import inspect\n\n\ndef sent(function):\n    function.text = inspect.getsource(function)\n    return function\n"
    work = WORK.replace("def work", "@ship.sent\ndef work").replace(
        "import json", "import json\n\nimport ship"
    )
    refused({"c.json": "7", "work.py": work, "ship.py": ship}, because="the program reads the source of work")


@pytest.mark.parametrize("read", ["ship.ship(f)", "inspect.getsource(ship)", "work.work(1)"])
def test_the_source_of_something_else_is_read(read: str) -> None:
    files = {
        **_files("work.work(1)"),
        "more.py": f"import inspect\n\nimport ship\nimport work\n\n\ndef f():\n    return {read}\n",
    }
    outcome = check(files, run="import main; print(main.f())")
    assert "conf becomes get_conf()" in [change.title for change in outcome.plan.changes]


LOOKS = {
    "the name of the code": "sys._getframe().f_code.co_name",
    "a line": "line()",
    "the stack": "inspect.stack()[0].function",
    "an outer frame": "sys._getframe(2).f_globals['__name__']",
    "a record of the stack": "traceback.extract_stack()[-1].name",
}


@pytest.mark.parametrize("looks", LOOKS.values(), ids=LOOKS)
def test_what_looks_at_the_code_that_it_is_made_in_stays(looks: str) -> None:
    code = (
        "import inspect\nimport sys\nimport traceback\n\n\ndef line():\n    return inspect.currentframe().f_back.f_lineno\n\n\n"
        f"FOUND = {looks}\n\n\ndef f():\n    return FOUND\n"
    )
    flags = {"singleton": ("*",), "risky": True}
    refused({"a.py": code}, because="making it looks at the code that it is made in", flags=flags)


def test_the_names_of_the_caller_are_those_of_the_getter() -> None:
    code = (
        "import sys\n\n\ndef caller():\n    return sys._getframe(1).f_globals['__name__']\n\n\n"
        "NAME = caller()\n\n\ndef f():\n    return NAME\n"
    )
    flags = {"singleton": ("*",), "risky": True}
    assert check({"a.py": code}, flags=flags, run="import a; print(a.f())").plan.changes
