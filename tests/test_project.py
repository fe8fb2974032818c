"""What the project says of itself is true: documentation, layers, its own source."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from lazify import codemod
from lazify.cli import main
from lazify.explain import PLANNED, explanation

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY.joinpath("README.md").read_text("utf-8")
CODES = [(each, code) for each in codemod.load() for code in each.codes]
FLAGS = [
    flag for parameter in main.commands["apply"].params for flag in parameter.opts if flag.startswith("-")
]
SOURCES = sorted([*REPOSITORY.glob("lazify/**/*.py"), *REPOSITORY.glob("codemods/*.py")])
OWNERS = {"libcst": "lazify/rewrite/", "black": "lazify/format/"}
REGISTRIES = [
    f"{host}.{domain}" for host, domain in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
]


@pytest.mark.parametrize(("owner", "code"), CODES, ids=[code for _, code in CODES])
def test_every_code_has_an_explanation_an_example_and_a_row_in_the_readme(
    owner: codemod.Codemod, code: str
) -> None:
    assert owner.codes[code]
    assert any(example.code == code for example in owner.examples)
    assert owner.__doc__
    assert owner.__doc__.splitlines()[0] in explanation(code, (owner,))
    assert re.search(rf"^\| {code} \|", README, re.MULTILINE)


def test_codes_that_do_nothing_yet_are_called_planned() -> None:
    rows = re.findall(r"^\| (LZ\d+)–(LZ\d+) \| .* \| planned \|$", README, re.MULTILINE)
    planned = {code for code in PLANNED for first, last in rows if first <= code <= last}

    assert planned == set(PLANNED) - {code for _, code in CODES}


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_of_apply_is_in_the_readme(flag: str) -> None:
    assert re.search(rf"(?<![\w-]){flag}(?![\w-])", README)


def test_the_commands_of_the_readme_exist_and_all_are_in_it() -> None:
    assert set(re.findall(r"`lazify ([a-z]+)", README)) == set(main.commands)


def test_the_readme_names_no_flag_that_no_command_has() -> None:
    known = {flag for command in main.commands.values() for flag in _flags(command)}
    commands = re.findall(r"lazify (?:apply|check|undo|explain)[^`\n]*", README)
    named = {flag for text in commands for flag in re.findall(r"(?<!\S)--?[a-z][a-z-]*", text)}

    assert {"--dry-run", "-i"} <= named <= known


def test_the_sessions_of_the_readme_are_what_lazify_prints(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".lazify", "*.db", "*.sqlite", "cache")
    example = "examples/legacy_service"
    shutil.copytree(REPOSITORY / example, tmp_path / example, ignore=ignored)
    sessions = re.findall(
        r"<!-- session: (.*) -->\n```\n\$ lazify (.*)\n([^`]*(?:`[^`]+`[^`]*)*?)```\n", README
    )

    assert [arguments.split()[0] for arguments, *_ in sessions] == ["check", "apply", "apply", "undo"]
    for arguments, typed, shown in sessions:
        assert typed == arguments
        done = _lazify(*arguments.split(), cwd=tmp_path)
        assert _missing(shown, done.stdout + done.stderr) == [], f"lazify {arguments}"


def test_the_readme_s_codemod_passes_the_readme_s_tests_when_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = re.findall(r"^(breakpoints = .*)$", README, re.MULTILINE)[0].replace('"', "")
    installed = tmp_path / "breakpoints-1.dist-info"
    installed.mkdir()
    installed.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: breakpoints\nVersion: 1\n")
    installed.joinpath("entry_points.txt").write_text(f"[lazify.codemods]\n{entry}\n")
    tmp_path.joinpath("breakpoints.py").write_text(_block("codemod"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    try:
        tests: dict[str, object] = {}
        exec(_block("codemod test"), tests)
        functions = [each for name, each in tests.items() if name.startswith("test_") and callable(each)]
        assert len(functions) == 2
        for function in functions:
            function()
        assert "breakpoint()\n" in CliRunner().invoke(main, ["explain", "BP001"]).stdout
    finally:
        sys.modules.pop("breakpoints", None)


def test_the_test_command_of_the_readme_is_one_command_that_sets_up_and_tests() -> None:
    marked = README.split("<!-- test command -->")[1].split("<!-- end -->")[0]
    lines = [line for line in marked.strip().splitlines() if not line.startswith("```")]

    assert len(lines) == 1
    assert "venv" in lines[0]
    assert "pytest" in lines[0]
    assert "test command" in REPOSITORY.joinpath(".ci", "run").read_text("utf-8")


def test_lazify_finds_nothing_in_itself(tmp_path: Path) -> None:
    done = _lazify("check", "lazify", "codemods", cwd=REPOSITORY, LAZIFY_CACHE_DIR=str(tmp_path))

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_no_file_names_the_host_of_a_package_registry() -> None:
    if not REPOSITORY.joinpath(".git").exists():
        pytest.skip("not a git checkout: which files are tracked cannot be told")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    tracked = [path for name in listed.stdout.decode().split("\0") if (path := REPOSITORY / name).is_file()]

    assert Path(__file__) in tracked or len(tracked) > 100
    named = [
        f"{path.relative_to(REPOSITORY)}: {host}"
        for path in tracked
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert named == []


def test_libcst_and_black_are_imported_in_one_place_each() -> None:
    found = {
        (name, path.relative_to(REPOSITORY).as_posix())
        for path in SOURCES
        for name in _imported(ast.parse(path.read_text("utf-8")))
        if name in OWNERS
    }

    assert {name for name, _ in found} == set(OWNERS)
    assert [(name, path) for name, path in found if not path.startswith(OWNERS[name])] == []


def test_codemods_use_nothing_but_lazify_and_the_standard_library() -> None:
    used = {
        name
        for path in REPOSITORY.glob("codemods/*.py")
        for name in _imported(ast.parse(path.read_text("utf-8")))
    }

    assert "lazify" in used
    assert used - {"lazify"} <= sys.stdlib_module_names


def test_lazify_itself_knows_no_codemod() -> None:
    inside = [path for path in SOURCES if path.is_relative_to(REPOSITORY / "lazify")]

    assert len(inside) > 100
    assert [path for path in inside if "lazify.codemods." in path.read_text("utf-8")] == []


def test_every_module_imports_without_what_only_rewriting_or_showing_needs() -> None:
    names = [_module(path) for path in SOURCES if not path.is_relative_to(REPOSITORY / "lazify/rewrite")]
    loaded = _loaded("-c", "\n".join(f"import {name}" for name in names), cwd=REPOSITORY)

    assert "lazify.api" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"libcst", "black", "rich"}}


def test_checking_loads_nothing_that_only_rewriting_needs(tmp_path: Path) -> None:
    tmp_path.joinpath("a.py").write_text("import os\n\nKEY = os.environ['KEY']\n")
    loaded = _loaded("-m", "lazify", "check", "a.py", cwd=tmp_path, LAZIFY_CACHE_DIR=str(tmp_path / "cache"))

    assert "lazify.getter.candidates" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"libcst", "black", "rich"}}


def test_the_package_holds_every_folder_of_the_source() -> None:
    text = REPOSITORY.joinpath("pyproject.toml").read_text("utf-8")
    folders = {".".join(path.parent.relative_to(REPOSITORY).parts) for path in SOURCES}

    for folder in folders:
        assert f'"{folder.replace("codemods", "lazify.codemods")}"' in text


def _flags(command: Command) -> Iterator[str]:
    yield from (flag for parameter in command.params for flag in parameter.opts)
    yield from ("-h", "--help")


def _block(name: str) -> str:
    return README.split(f"<!-- {name} -->\n```python\n")[1].split("```")[0]


def _missing(shown: str, printed: str) -> list[str]:
    """List what of `shown` does not stand in `printed`, in this order; a line `…` stands for any lines."""
    missing, at = [], 0
    passages = f"\n{shown}".split("\n…\n")
    for number, passage in enumerate(passages):
        text = passage if not number else f"\n{passage}"
        text += "\n" if number < len(passages) - 1 else ""
        found = f"\n{printed}".find(text, at)
        if found < 0 or (number == 0 and found > 0):
            missing.append(passage)
        else:
            at = found + len(text) - 1
    is_end = f"\n{printed}".endswith(passages[-1])
    return missing if is_end else [*missing, "the end"]


def _lazify(*arguments: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "LAZIFY_CACHE_DIR": str(cwd / "cache"),
        "PYTHONPATH": str(REPOSITORY),
        **variables,
    }
    command = [sys.executable, "-m", "lazify", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


def _loaded(*arguments: str, cwd: Path, **variables: str) -> set[str]:
    """Run Python, and give the modules that it imported."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **variables}
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the top package of every import, in functions, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def _module(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    named = ("lazify", *parts) if parts[0] == "codemods" else parts
    return ".".join(part for part in named if part != "__init__")
