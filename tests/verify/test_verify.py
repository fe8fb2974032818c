"""`lazify verify` on small projects: what each aspect says, and what it is compared with."""

import textwrap
from pathlib import Path

import pytest

from tests.verify.projects import Files, committed, compared, lazify, written

QUICK = ("--runs", "1", "--format", "json")


def judgement(tmp_path: Path, aspect: str, before: Files, after: Files, *arguments: str) -> str:
    return str(compared(tmp_path, before, after, *arguments).aspect(aspect)["judgement"])


# The import itself.


def test_an_entry_that_now_imports_is_better(tmp_path: Path) -> None:
    said = compared(
        tmp_path,
        {"entry.py": "import os\nKEY = os.environ['KEY']\n"},
        {"entry.py": "import os\ndef get_key():\n    return os.environ['KEY']\n"},
    )
    assert said.code == 0
    assert said.aspect("import")["before"] == "KeyError: 'KEY' at entry.py:2"
    assert said.aspect("import")["judgement"] == "better"


def test_an_entry_that_no_longer_imports_is_worse(tmp_path: Path) -> None:
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": "import nowhere\n"})
    assert said.code == 1
    assert said.aspect("import")["after"] == "ModuleNotFoundError: No module named 'nowhere' at entry.py:1"


def test_an_entry_that_does_not_import_before_either_is_no_worse(tmp_path: Path) -> None:
    said = compared(tmp_path, {"entry.py": "1/0\n"}, {"entry.py": "x = 1\n1/0\n"})
    assert said.code == 0
    assert said.aspect("import")["judgement"] == "same"
    assert said.aspect("import")["before"] == "ZeroDivisionError: division by zero at entry.py:1"
    assert [each["aspect"] for each in said.json["entries"][0]["comparisons"]] == ["import"]


@pytest.mark.parametrize(("text", "code", "judgement"), [("", 0, "unknown"), ("1/0\n", 1, "worse")])
def test_a_new_entry_has_nothing_to_be_compared_with(
    tmp_path: Path, text: str, code: int, judgement: str
) -> None:
    said = compared(tmp_path, {"other.py": ""}, {"entry.py": text})
    assert said.code == code
    assert said.aspect("import")["before"] == "not there"
    assert said.aspect("import")["judgement"] == judgement


def test_a_variable_can_be_given(tmp_path: Path) -> None:
    text = {"entry.py": "import os\nassert os.environ['KEY'] == 'a=b'\n"}
    assert compared(tmp_path, text, text, "--env", "KEY=a=b").aspect("import")["before"] == "imported"


def test_the_environment_is_empty_but_for_the_platform_s(tmp_path: Path) -> None:
    text = {"entry.py": "import os\nraise SystemExit(' '.join(sorted(os.environ)))\n"}
    text = {"entry.py": "import os\nraise ValueError(' '.join(sorted(os.environ)))\n"}
    said = compared(tmp_path, text, text, SECRET="of mine")
    assert said.aspect("import")["before"] == "ValueError: HOME LANG PATH TMPDIR TZ at entry.py:2"
    said = compared(tmp_path, text, text, "--platform", "vercel")
    assert "VERCEL VERCEL_ENV" in said.aspect("import")["before"]


@pytest.mark.parametrize("isolation", [(), ("--isolation", "none")])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('log', 'w')", "OSError: [Errno 30] Read-only file system: 'log'"),
        ("import os; os.mkdir('cache')", "OSError: [Errno 30] Read-only file system: 'cache'"),
        (
            "import sqlite3; sqlite3.connect('x.db').execute('create table t(x)')",
            "sqlite3.OperationalError: unable to open database file",
        ),
        (
            "import socket; socket.create_connection(('192.0.2.1', 9), timeout=9)",
            "OSError: [Errno 101] Network is unreachable",
        ),
        ("import tempfile; tempfile.NamedTemporaryFile()", None),
        ("open('/dev/null', 'w')", None),
    ],
)
def test_the_file_system_is_read_only_and_there_is_no_network(
    tmp_path: Path, code: str, error: str | None, isolation: tuple[str, ...]
) -> None:
    text = {"entry.py": f"{code}\n"}
    said = compared(tmp_path, text, text, *isolation)
    expected = "imported" if error is None else f"{error} at entry.py:1"
    assert said.aspect("import")["after"] == expected


@pytest.mark.parametrize("isolation", [(), ("--isolation", "none")])
def test_an_effect_that_was_denied_is_one_all_the_same(tmp_path: Path, isolation: tuple[str, ...]) -> None:
    text = {"entry.py": "try:\n    open('log', 'w')\nexcept OSError:\n    pass\n"}
    assert compared(tmp_path, text, text, *isolation).aspect("effects at import")["after"] == "1"


def test_where_the_platform_lets_it_write_it_may_and_nothing_stays(tmp_path: Path) -> None:
    text = {"entry.py": "import os\nos.mkdir('cache')\nopen('cache/x', 'w').close()\n"}
    said = compared(tmp_path, text, text, "--platform", "cloud-run")
    assert said.aspect("import")["after"] == "imported"
    assert not (tmp_path / "now/cache").exists()
    assert not (tmp_path / "was/cache").exists()


def test_an_entry_may_be_a_module_a_package_or_a_name_in_one(tmp_path: Path) -> None:
    project = {"src/shop/__init__.py": "", "src/shop/api.py": "import shop\napp = None\n"}
    for entry in ("shop.api", "shop.api:app", "src/shop/api.py", "src/shop"):
        said = compared(tmp_path, project, project, "--test-timeout", "1")
        was, now = tmp_path / "was", tmp_path / "now"
        said = lazify("verify", entry, "--before", str(was), *QUICK, cwd=now)
        assert said.aspect("import")["after"] == "imported", said.err


# What it does and costs.


def test_a_new_effect_is_worse_and_one_that_is_gone_better(tmp_path: Path) -> None:
    reads = {"entry.py": "open('a.json')\n", "a.json": ""}
    twice = {"entry.py": "open('a.json')\nopen('b.json')\n", "a.json": "", "b.json": ""}
    said = compared(tmp_path, reads, twice)
    assert said.code == 1
    assert said.aspect("effects at import")["new"] == ["file read: open b.json"]
    assert judgement(tmp_path / "other", "effects at import", twice, reads) == "better"


def test_the_same_effect_from_another_line_is_the_same(tmp_path: Path) -> None:
    before = {"entry.py": "f = open('a.json')\n", "a.json": ""}
    after = {
        "entry.py": "import other\n",
        "other.py": "import os\nf = open(os.path.abspath('a.json'))\n",
        "a.json": "",
    }
    assert judgement(tmp_path, "effects at import", before, after) == "same"


def test_a_heavy_module_that_is_loaded_now_is_worse(tmp_path: Path) -> None:
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": "import libcst\n"})
    assert said.code == 1
    assert "libcst" in said.aspect("heavy modules")["new"]
    assert any("libcst" in line for line in said.json["entries"][0]["chain_after"])


def test_time_is_compared_with_some_tolerance(tmp_path: Path) -> None:
    slow = {"entry.py": "import time\ntime.sleep(0.6)\n"}
    assert judgement(tmp_path, "time", {"entry.py": ""}, slow) == "worse"
    assert judgement(tmp_path / "other", "time", slow, slow) == "same"


def test_memory_is_compared_with_some_tolerance(tmp_path: Path) -> None:
    large = {"entry.py": "x = b'x' * (80 << 20)\n"}
    assert judgement(tmp_path, "memory", {"entry.py": ""}, large) == "worse"
    assert judgement(tmp_path / "other", "memory", large, {"entry.py": ""}) == "better"


# Names and routes.


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        ("", ["entry.config"]),
        ("def get_config():\n    global _config\n    _config = 1\n    return _config\n", []),
        ("_config = None\ndef _fetch():\n    global _config\n    _config = 1\n    return _config\n", []),
        (
            "def __getattr__(name):\n    if name == 'config':\n        return 1\n    raise AttributeError(name)\n",
            [],
        ),
        ("def __getattr__(name):\n    raise AttributeError(name)\n", ["entry.config"]),
        ("configuration = 1\n", ["entry.config"]),
    ],
)
def test_a_name_is_lost_when_nothing_answers_for_it(tmp_path: Path, after: str, lost: list[str]) -> None:
    said = compared(tmp_path, {"entry.py": "config = 1\n"}, {"entry.py": after})
    assert said.aspect("public names")["gone"] == lost
    assert said.code == (1 if lost else 0)


def test_a_name_that_was_merely_imported_is_not_lost(tmp_path: Path) -> None:
    before = {
        "entry.py": "try:\n    from json import loads\nexcept ImportError:\n    loads = None\nimport json\n"
    }
    said = compared(tmp_path, {"entry.py": "from json import loads\n"}, {"entry.py": ""})
    assert said.aspect("public names")["gone"] == []
    before = {"entry.py": "from json import loads\n__all__ = ['loads']\n"}
    said = compared(tmp_path / "other", before, {"entry.py": "__all__ = []\n"})
    assert said.aspect("public names")["gone"] == ["entry.loads"]


APP = """
    class Route:
        def __init__(self, path, methods):
            self.path, self.methods = path, methods

    class App:
        routes = [{routes}]

    app = App()
    """


def test_a_route_that_is_gone_is_worse(tmp_path: Path) -> None:
    two = {"entry.py": textwrap.dedent(APP).format(routes="Route('/', {'GET'}), Route('/x', {'POST'})")}
    one = {"entry.py": textwrap.dedent(APP).format(routes="Route('/', {'GET'})")}
    said = compared(tmp_path, two, one)
    assert said.code == 1
    assert said.aspect("routes")["gone"] == ["app: POST /x"]
    assert judgement(tmp_path / "other", "routes", one, two) == "same"


def test_names_that_no_source_can_hold_are_nobody_s(tmp_path: Path) -> None:
    text = {"entry.py": "class A: pass\nglobals()[f'Made[{id(A)}, {__file__}]'] = A\n"}
    assert compared(tmp_path, text, text).aspect("public names")["gone"] == []


def test_messages_name_files_of_the_project_relative_to_it(tmp_path: Path) -> None:
    text = {"entry.py": "import os\nos.mkdir(os.path.abspath('cache'))\n"}
    said = compared(tmp_path, text, text)
    assert (
        said.aspect("import")["after"] == "OSError: [Errno 30] Read-only file system: 'cache' at entry.py:2"
    )


# What it is compared with.


def test_git_head_is_what_was_before(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"entry.py": "1/0\n"}))
    written(root, {"entry.py": ""})
    said = lazify("verify", "entry.py", *QUICK, cwd=root)
    assert said.json["before"].startswith("git HEAD ")
    assert said.aspect("import")["judgement"] == "better"


def test_the_last_apply_comes_before_git_head_until_it_is_undone(tmp_path: Path) -> None:
    root = committed(
        written(
            tmp_path / "app",
            {"entry.py": "import os\n\nKEY = os.environ['KEY']\n\n\ndef f():\n    return KEY\n"},
        )
    )
    written(root, {"other.py": "edited = 1\n"})
    assert lazify("apply", cwd=root).code == 0
    said = lazify("verify", "entry.py", *QUICK, cwd=root)
    assert said.json["before"] == "before the last apply (journal 000001)"
    assert said.aspect("import")["judgement"] == "better"
    assert lazify("undo", cwd=root).code == 0
    assert lazify("verify", "entry.py", *QUICK, cwd=root).json["before"].startswith("git HEAD ")


def test_without_anything_to_compare_with_it_says_how_to_name_it(tmp_path: Path) -> None:
    root = written(tmp_path / "app", {"entry.py": "", "pyproject.toml": ""})
    said = lazify("verify", "entry.py", cwd=root)
    assert said.code == 2
    assert "`--before PATH` names what was before" in said.err


def test_nothing_of_the_checkout_changes(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"entry.py": "open('/tmp/x', 'w').close()\n", "b.py": ""}))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    lazify("verify", "entry.py", "--test", "sh -c 'echo > written'", *QUICK, cwd=root)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


# Which entries.


def test_without_an_entry_those_of_platforms_are_taken(tmp_path: Path) -> None:
    files = {
        "vercel.json": '{"rewrites": [{"source": "/(.*)", "destination": "/api/index.py"}]}',
        "api/index.py": "",
        "api/_private.py": "",
        "Procfile": "web: uvicorn app.main:app --port $PORT\n",
        "app/main.py": "app = None\n",
        "serverless.yml": "functions:\n  f:\n    handler: jobs/nightly.handler\n",
        "jobs/nightly.py": "",
        "other.py": "",
        "pyproject.toml": "",
    }
    root = committed(written(tmp_path / "app", files))
    said = lazify("verify", *QUICK, cwd=root)
    assert sorted(Path(each["entry"]).relative_to(root).as_posix() for each in said.json["entries"]) == [
        "api/index.py",
        "app/main.py",
        "jobs/nightly.py",
    ]


def test_where_nothing_names_an_entry_it_asks_for_one(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"a.py": "", "pyproject.toml": ""}))
    said = lazify("verify", cwd=root)
    assert said.code == 2
    assert "names an entry point: name one" in said.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nowhere.py",), "nowhere.py: no such file"),
        (("nowhere.at.all",), "nowhere.at.all: no module of that name or path"),
        (("entry.py", "--platform", "moon"), "--platform moon: not known; there are serverless, aws-lambda"),
        (("entry.py", "--before", "nowhere"), "--before nowhere: no such folder"),
        (("entry.py", "--env", "KEY"), "--env KEY: must be KEY=VALUE"),
        (("entry.py", "--python", "nowhere"), "the interpreter nowhere: no such file"),
        (("entry.py", "--test", "no-such-program"), "no-such-program is not there"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    root = committed(written(tmp_path / "app", {"entry.py": "", "pyproject.toml": ""}))
    said = lazify("verify", *arguments, "--runs", "1", cwd=root)
    assert said.code == 2
    assert reason in said.err


# What is printed.


def test_the_import_chain_is_printed_before_and_after(tmp_path: Path) -> None:
    before = {
        "entry.py": "import first\nimport small\n",
        "first.py": "import json\nimport second\nimport time\ntime.sleep(0.1)\n",
        "second.py": "open('a.json')\n",
        "small.py": "",
        "a.json": "",
    }
    root = committed(written(tmp_path / "app", before))
    written(root, {"second.py": ""})
    said = lazify("verify", "entry.py", "--runs", "1", cwd=root)
    before_, _, after = said.out.partition("import chain after")
    assert said.code == 0
    assert "    import chain before:\n        entry.py\n        ├─ 1: first.py" in before_
    assert "        │  ├─ 2: second.py" in before_
    assert "        │  │  └─ 1: file read: open a.json" in before_
    assert "        └─ 1 module under" in before_
    assert "        ├─ 1: first.py" in after
    assert "a.json" not in after
    assert after.endswith("nothing got worse\n")


def test_a_chain_that_was_cut_short_shows_where(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"entry.py": "import first\n", "first.py": "x = 1\n1/0\n"}))
    said = lazify("verify", "entry.py", "--runs", "1", cwd=root)
    assert "└─ 1: first.py  not done\n           └─ 2: ✗ ZeroDivisionError" in said.out


def test_the_isolation_is_said(tmp_path: Path) -> None:
    text = {"entry.py": ""}
    assert (
        "native code is not held back"
        in compared(tmp_path, text, text, "--isolation", "none").json["isolation"]
    )
