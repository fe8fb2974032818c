"""`--python`: what is installed for the project is read, and only the project is changed."""

import json
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.cli.service import lazify, read, write

SDK = {
    "acme/__init__.py": "from acme.client import Client, Settings\n",
    "acme/client.py": """\
class Client:
    def __init__(self, path):
        self.log = open(path)


class Settings:
    def __init__(self, path):
        self.path = path
""",
}
APP = {
    "pyproject.toml": '[project]\nname = "service"\nversion = "1"\n',
    "app.py": """\
from acme import Client, Settings

client = Client("log.txt")
settings = Settings("settings.json")


def answer():
    return client, settings
""",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a virtual environment inside of it, where `acme` is installed."""
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    root = write(tmp_path / "service", APP)
    venv.create(root / ".venv", with_pip=False)
    write(Path(sysconfig.get_path("purelib", vars={"base": str(root / ".venv")})), SDK)
    monkeypatch.chdir(root)
    return root


def test_without_the_flag_an_unknown_package_is_only_suspected(project: Path) -> None:
    assert lazify("check").stdout == ""
    found = lazify("check", "--risky", expect=1).stdout.splitlines()
    assert [line.split()[1] for line in found] == ["LZ101", "LZ101"]


@pytest.mark.parametrize("python", [".venv", ".venv/bin/python"])
def test_with_the_flag_it_is_read(project: Path, python: str) -> None:
    found = lazify("check", "--python", python, expect=1)
    (line,) = found.stdout.splitlines()
    assert line.startswith("app.py:3:1 LZ101 client becomes get_client()")
    assert lazify("check", "--python", python, "--risky", expect=1).stdout == found.stdout


def test_the_chain_leads_into_the_package_by_a_short_path(project: Path) -> None:
    diff = lazify("apply", "--dry-run", "--python", ".venv").stdout
    assert "site-packages/acme/client.py:3 open(…)" in diff
    assert ".venv" not in diff
    document = lazify("check", "--python", ".venv", "--format", "json", expect=1).stdout
    assert Path(json.loads(document)["changes"][0]["why"][2]["path"]).is_file()


def test_nothing_installed_is_written(project: Path) -> None:
    before = read(project)
    lazify("apply", "--python", ".venv")
    after = read(project)
    assert {name for name in after if after[name] != before.get(name)} == {"app.py"}
    assert b"return get_client(), settings" in after["app.py"]
    lazify("apply", "--python", ".venv")
    assert read(project) == after


def test_the_configuration_names_it_too(project: Path) -> None:
    write(project, {"pyproject.toml": f'{APP["pyproject.toml"]}[tool.lazify]\npython = ".venv"\n'})
    assert "LZ101 client" in lazify("check", expect=1).stdout


def test_a_path_that_is_no_interpreter_is_one_line_and_exit_2(project: Path) -> None:
    found = lazify("check", "--python", "nowhere", expect=2)
    assert found.stdout == ""
    why = f"the interpreter {project / 'nowhere'}: no such file; --python takes the path of one"
    assert found.stderr == f"lazify: {why}\n"


def test_a_wrong_interpreter_in_the_configuration_is_exit_2(project: Path) -> None:
    write(project, {"pyproject.toml": f'{APP["pyproject.toml"]}[tool.lazify]\npython = "nowhere"\n'})
    assert "nowhere: no such file" in lazify("check", expect=2).stderr
