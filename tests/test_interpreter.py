import stat
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from lazify.errors import ConfigError
from lazify.interpreter import Interpreter, ask


def stub(path: Path, script: str) -> Path:
    """An interpreter that only answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def answering(path: Path, packages: Path) -> Interpreter:
    packages.mkdir(parents=True, exist_ok=True)
    answer = f'{{"version": [3, 12, 1], "standard": [], "installed": ["{packages}"]}}'
    return ask(stub(path, f"echo '{answer}'"))


def test_the_running_interpreter_tells_its_library_and_its_packages() -> None:
    found = ask(Path(sys.executable))
    assert found.version == sys.version_info[:3]
    assert Path(sysconfig.get_path("stdlib")) in found.standard
    assert Path(sysconfig.get_path("purelib")) in found.installed
    assert found.search_path == (*found.standard, *found.installed)


def test_a_virtual_environment_has_packages_of_its_own(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    found = ask(tmp_path / "env")
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    assert found.installed == (packages,)
    assert ask(found.path).installed == (packages,)


def test_a_virtual_environment_may_share_those_of_its_interpreter(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False, system_site_packages=True)
    found = ask(tmp_path / "env").installed
    assert found[0].is_relative_to(tmp_path)
    assert any(Path(sys.base_prefix) in folder.parents for folder in found[1:])


def test_pth_files_add_folders_and_their_code_does_not_run(tmp_path: Path) -> None:
    packages, source, trace = tmp_path / "packages", tmp_path / "src", tmp_path / "trace"
    packages.mkdir()
    source.mkdir()
    lines = [
        f"import pathlib; pathlib.Path({str(trace)!r}).touch()",
        "# a comment",
        "",
        str(source),
        "../src",
        "nowhere",
    ]
    (packages / "project.pth").write_text("\n".join(lines))
    found = answering(tmp_path / "python", packages)
    assert found.installed == (packages, source, packages / "../src")
    assert not trace.exists()


def test_the_code_of_pth_files_does_not_run_in_a_real_environment(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    (packages,) = ask(tmp_path / "env").installed
    trace = tmp_path / "trace"
    (packages / "spy.pth").write_text(f"import pathlib; pathlib.Path({str(trace)!r}).touch()\n")
    (packages / "sitecustomize.py").write_text(f"import pathlib; pathlib.Path({str(trace)!r}).touch()\n")
    assert ask(tmp_path / "env").installed == (packages,)
    assert not trace.exists()


def test_a_module_of_the_working_folder_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert ask(Path(sys.executable)).version == sys.version_info[:3]


def test_an_interpreter_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    cases = {
        "nowhere": "no such file; --python takes the path of one",
        "empty": "a folder without a Python interpreter in it",
        "data": "not executable",
        "silent": "does not answer as Python 3 would",
        "wrong": "does not answer as Python 3 would",
        "failing": "does not answer as Python 3 would: it is broken",
        "binary": "cannot be run: ",
    }
    (tmp_path / "empty").mkdir()
    (tmp_path / "data").write_text("x")
    stub(tmp_path / "silent", "exit 0")
    stub(tmp_path / "wrong", "echo '{}'")
    stub(tmp_path / "failing", "echo it is broken >&2; exit 1")
    stub(tmp_path / "binary", "").write_bytes(b"\x7fELF\x00")
    for name, why in cases.items():
        with pytest.raises(ConfigError) as caught:
            ask(tmp_path / name)
        assert str(caught.value).startswith(f"the interpreter {tmp_path / name}: {why}"), name
        assert "\n" not in str(caught.value)
