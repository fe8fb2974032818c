"""`--test`: what became of each test, what counts as broken, and who is found guilty of it."""

import sys
from pathlib import Path

import pytest

from tests.verify.projects import Files, Said, compared, lazify, written

pytestmark = pytest.mark.slow

PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"
PASSES = {
    "entry.py": "x = 1\n",
    "tests/test_x.py": "import entry\ndef test_one():\n    assert entry.x == 1\n",
}


def with_tests(tmp_path: Path, before: Files, after: Files, command: str = PYTEST) -> Said:
    return compared(tmp_path, before, after, "--test", command)


def broken(said: Said) -> list[tuple[str, str]]:
    return [(each["test"], each["outcome"]) for each in said.json["tests"]["broken"]]


def test_tests_that_pass_on_both_sides_make_nothing_worse(tmp_path: Path) -> None:
    said = with_tests(tmp_path, PASSES, PASSES)
    assert said.code == 0
    assert said.json["tests"]["before"]["passed"] == said.json["tests"]["after"]["passed"] == 1


def test_a_test_that_passed_and_does_not_now_is_broken_with_its_reason(tmp_path: Path) -> None:
    said = with_tests(tmp_path, PASSES, PASSES | {"entry.py": "x = 2\n"})
    assert said.code == 1
    assert broken(said) == [("tests/test_x.py::test_one", "failed")]
    assert said.json["tests"]["broken"][0]["why"] == "assert 2 == 1"


def test_a_test_that_failed_before_is_nobody_s_fault(tmp_path: Path) -> None:
    failing = {
        "entry.py": "x = 2\n",
        "tests/test_x.py": "def test_one(): assert False\ndef test_two(): pass\n",
    }
    said = with_tests(tmp_path, failing, failing)
    assert said.code == 0
    assert said.json["tests"]["notes"] == [
        "the tests did not pass before either (exit code 1; tests/test_x.py::test_one: assert False)"
    ]


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        ("1/0\n", "did not run"),
        ("import os\nos._exit(0)\n", "did not run"),
        ("import pytest\npytest.skip('x', allow_module_level=True)\n", "did not run"),
    ],
)
def test_a_test_that_no_longer_runs_is_broken(tmp_path: Path, entry: str, outcome: str) -> None:
    said = with_tests(tmp_path, PASSES, PASSES | {"entry.py": entry})
    assert said.code == 1
    assert ("tests/test_x.py::test_one", outcome) in broken(said)


def test_what_fails_once_and_not_again_is_flaky(tmp_path: Path) -> None:
    flaky = """
        import pathlib
        def test_flaky():
            counter = pathlib.Path({counter!r})
            ran = len(counter.read_text()) if counter.exists() else 0
            counter.write_text("x" * (ran + 1))
            assert ran != 1
        """.format(counter=str(tmp_path / "counter"))
    files = {"entry.py": "", "tests/test_x.py": flaky}
    said = with_tests(tmp_path, files, files)
    assert said.code == 0
    assert said.json["tests"]["flaky"] == ["tests/test_x.py::test_flaky"]


def test_a_failure_that_needs_the_other_tests_is_found_all_the_same(tmp_path: Path) -> None:
    before = {
        "entry.py": "leaks = False\n",
        "tests/test_x.py": """
        import os, entry
        def test_a():
            if entry.leaks:
                os.environ["LEAKED"] = "1"
        def test_b():
            assert "LEAKED" not in os.environ
        """,
    }
    said = with_tests(tmp_path, before, before | {"entry.py": "leaks = True\n"})
    assert broken(said) == [("tests/test_x.py::test_b", "failed")]
    assert [each["at"] for each in said.json["guilty"]] == ["entry.py"]


def test_the_outcomes_of_expected_failures_and_skips(tmp_path: Path) -> None:
    files = {
        "entry.py": "",
        "tests/test_x.py": """
        import pytest
        @pytest.mark.xfail
        def test_expected(): assert False
        @pytest.mark.xfail
        def test_unexpected(): pass
        @pytest.mark.skip
        def test_skipped(): pass
        def test_teardown(request): request.addfinalizer(lambda: 1/0)
        """,
    }
    said = with_tests(tmp_path, files, files)
    tally = said.json["tests"]["after"]
    assert (tally["passed"], tally["failed"], tally["skipped"]) == (2, 1, 1)


def test_other_commands_are_compared_by_their_exit_code(tmp_path: Path) -> None:
    said = with_tests(tmp_path, PASSES, PASSES | {"entry.py": "x = 2\n"}, "sh -c 'grep -q 1 entry.py'")
    assert said.code == 1
    assert broken(said) == [("the whole command", "exit code 1")]
    assert said.json["guilty"][0]["at"] == "entry.py"


def test_tests_run_in_copies_with_the_user_s_environment(tmp_path: Path) -> None:
    files = {
        "entry.py": "",
        "tests/test_x.py": """
        import os, pathlib
        def test_x():
            assert os.environ["MINE"] == "yes"
            assert pathlib.Path.cwd() != pathlib.Path(os.environ["ORIGIN"])
            pathlib.Path("written").touch()
        """,
    }
    said = compared(tmp_path, files, files, "--test", PYTEST, MINE="yes", ORIGIN=str(tmp_path / "now"))
    assert said.json["tests"]["after"]["passed"] == 1
    assert not (tmp_path / "now/written").exists()


def test_an_editable_install_does_not_lead_back_to_the_checkout(tmp_path: Path) -> None:
    files = {
        "src/pkg/__init__.py": "x = 1\n",
        "tests/test_x.py": "import pkg\ndef test_x(): assert pkg.x == 1\n",
    }
    now = tmp_path / "now/src"
    said = compared(
        tmp_path,
        files,
        files | {"src/pkg/__init__.py": "x = 2\n"},
        "src/pkg/__init__.py",
        "--test",
        PYTEST,
        PYTHONPATH=str(now),
    )
    assert broken(said) == [("tests/test_x.py::test_x", "failed")]
    assert said.json["tests"]["before"]["passed"] == 1


def test_tests_that_take_too_long_are_ended(tmp_path: Path) -> None:
    slow = PASSES | {
        "entry.py": "x = 1\n",
        "tests/test_x.py": "import time\ndef test_one():\n    time.sleep(99)\n",
    }
    said = compared(tmp_path, PASSES, slow, "--test", PYTEST, "--test-timeout", "4")
    assert said.code == 1
    assert broken(said) == [("tests/test_x.py::test_one", "did not run")]
    assert "ended by lazify after" in said.json["tests"]["broken"][0]["why"]


# Who is guilty.


SERVICE = {
    "pyproject.toml": "",
    "one.py": "import json\n\none = json.load(open('one.json'))\n\n\ndef f():\n    return one\n",
    "two.py": "import json\n\ntwo = json.load(open('two.json'))\n\n\ndef f():\n    return two\n",
    "three.py": "import json\n\nthree = json.load(open('three.json'))\n\n\ndef f():\n    return three\n",
    "entry.py": "import one\nimport two\nimport three\n\n\ndef f():\n    return one.f(), two.f(), three.f()\n",
    "one.json": "1",
    "two.json": "2",
    "three.json": "3",
    "tests/test_all.py": "import entry\n\n\ndef test_all():\n    assert entry.f() == (1, 2, 3)\n",
    "tests/test_hidden.py": "import sys\n\nimport two\n\n\ndef test_hidden():\n    assert 'owt'[::-1] in vars(sys.modules[two.__name__])\n",
}


def test_apply_leaves_out_what_breaks_a_test_and_writes_the_rest(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    said = lazify("apply", "--verify", "--entry", "entry.py", "--test", PYTEST, "--runs", "1", cwd=root)
    assert said.code == 0, said.err
    assert (
        "left out, for without it nothing of this gets worse:\n    LZ102 two becomes get_two()  (two.py:3)"
        in said.err
    )
    assert "def get_one" in (root / "one.py").read_text()
    assert "def get_three" in (root / "three.py").read_text()
    assert (root / "two.py").read_text() == SERVICE["two.py"]
    assert "nothing got worse" in said.err


def test_apply_writes_nothing_before_the_verdict(tmp_path: Path) -> None:
    spy = "import pathlib\ndef test_spy():\n    assert 'get_one' not in pathlib.Path({!r}).read_text()\n"
    root = tmp_path / "app"
    written(root, SERVICE | {"tests/test_hidden.py": spy.format(str(root / "one.py"))})
    said = lazify("apply", "--verify", "--entry", "entry.py", "--test", PYTEST, "--runs", "1", cwd=root)
    assert said.code == 0
    assert "left out" not in said.err
    assert "def get_one" in (root / "one.py").read_text()


def test_apply_writes_nothing_where_an_entry_cannot_be_found(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    said = lazify("apply", "--verify", cwd=root)
    assert said.code == 2
    assert "name one" in said.err
    assert (root / "one.py").read_text() == SERVICE["one.py"]


def test_a_dry_run_may_verify_too(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    said = lazify(
        "apply", "--dry-run", "--verify", "--entry", "entry.py", "--runs", "1", "--format", "json", cwd=root
    )
    assert said.code == 0
    assert said.json["verdict"]["is_worse"] is False
    assert "+def get_one" in said.json["diff"]
    assert (root / "one.py").read_text() == SERVICE["one.py"]


def test_after_an_apply_verify_names_the_guilty_change_of_the_journal(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    assert lazify("apply", "--getter", "plain", cwd=root).code == 0
    said = lazify("verify", "entry.py", "--test", PYTEST, "--runs", "1", cwd=root)
    assert said.code == 1
    assert "LZ102 two becomes get_two()  (two.py:3)" in said.out
    assert "guilty, for without it nothing of this gets worse" in said.out
    assert "whole files were tried" not in said.out


def test_where_the_tree_was_edited_since_whole_files_are_blamed(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    assert lazify("apply", cwd=root).code == 0
    (root / "one.py").write_text((root / "one.py").read_text() + "\nedited = 1\n")
    said = lazify("verify", "entry.py", "--test", PYTEST, "--runs", "1", cwd=root)
    assert said.code == 1
    assert "what differs in this file  (two.py)" in said.out
    assert "whole files were tried" in said.out


def test_a_test_command_alone_is_a_usage_error_of_apply(tmp_path: Path) -> None:
    root = written(tmp_path / "app", SERVICE)
    said = lazify("apply", "--test", "true", cwd=root)
    assert said.code == 2
    assert "--test: goes with --verify" in said.err
