"""Notes on linters are true: ruff says it before the lines are added to its configuration, and nothing after."""

import subprocess
import sys
from pathlib import Path

import pytest

from lazify.testing import Outcome, check

FLAG = """
    try:
        import fractions

        READY = True
    except ImportError:
        READY = False

    import os


    def half():
        if not READY:
            return os.sep
        return fractions.Fraction(1, 2)
    """
PLAIN = "import fractions\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n"


def advised(code: str, ruff: str) -> Outcome:
    """Rewrite a project with this configuration."""
    return check({"pkg/m.py": code, "pyproject.toml": ruff}, flags={"heavy": ("fractions",)})


def notes(outcome: Outcome) -> str:
    return "\n".join(note for change in outcome.plan.changes for note in change.notes)


def reported(folder: Path, code: str, configuration: str) -> str:
    """Ask ruff about a file."""
    (folder / "pkg").mkdir(exist_ok=True)
    (folder / "pkg/m.py").write_text(code)
    (folder / "pyproject.toml").write_text(configuration)
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("code", "selected", "line"),
    [
        (PLAIN, "PLC0415", '"pkg/m.py" = ["PLC0415"]'),
        (FLAG, "E402", '"pkg/m.py" = ["E402"]'),
        (FLAG, 'E4", "PL', '"pkg/m.py" = ["E402", "PLC0415"]'),
    ],
)
def test_ruff_is_content_with_the_line_that_is_named(
    tmp_path: Path, code: str, selected: str, line: str
) -> None:
    configuration = f'[tool.ruff.lint]\nselect = ["{selected}"]\n'
    outcome = advised(code, configuration)
    said = f"add {line} under [tool.ruff.lint.per-file-ignores] of pyproject.toml"
    assert said in notes(outcome)
    rewritten = outcome.files["pkg/m.py"]
    assert "pkg/m.py" in reported(tmp_path, rewritten, configuration)
    configuration += f"[tool.ruff.lint.per-file-ignores]\n{line}\n"
    assert "All checks passed" in reported(tmp_path, rewritten, configuration)


def test_what_ruff_bans_at_module_level_it_lets_be_in_functions(tmp_path: Path) -> None:
    configuration = '[tool.ruff.lint]\nselect = ["PLC0415", "TID253"]\n'
    outcome = advised(PLAIN, configuration)
    where = "[tool.ruff.lint.flake8-tidy-imports] of pyproject.toml"
    assert f'add "fractions" to banned-module-level-imports under {where}' in notes(outcome)
    banned = '[tool.ruff.lint.flake8-tidy-imports]\nbanned-module-level-imports = ["fractions"]\n'
    assert "All checks passed" in reported(tmp_path, outcome.files["pkg/m.py"], configuration + banned)
    assert "TID253" in reported(tmp_path, PLAIN, configuration + banned)
    assert "ruff" not in notes(advised(PLAIN, configuration + banned))


def test_the_order_of_imports_needs_no_advice_they_stand_in_it(tmp_path: Path) -> None:
    configuration = '[tool.ruff.lint]\nselect = ["I"]\n'
    outcome = advised(PLAIN, configuration)
    assert notes(outcome) == ""
    assert "All checks passed" in reported(tmp_path, outcome.files["pkg/m.py"], configuration)


@pytest.mark.parametrize(
    "configuration",
    [
        "",
        '[tool.ruff.lint]\nselect = ["F"]\n',
        '[tool.ruff.lint]\nselect = ["ALL"]\nignore = ["PLC", "I", "E4", "TID"]\n',
    ],
)
def test_nothing_is_said_where_no_linter_minds(configuration: str) -> None:
    said = notes(advised(FLAG, configuration))
    assert "ruff" not in said
    assert "flake8" not in said


def test_an_import_that_waits_for_type_checkers_alone_is_no_import_in_a_function() -> None:
    code = "import fractions\n\n\ndef half(x: fractions.Fraction) -> int:\n    return 1\n"
    assert "PLC0415" not in notes(advised(code, '[tool.ruff.lint]\nselect = ["PLC0415"]\n'))


def test_flake8_is_told_in_its_own_file() -> None:
    files = {"m.py": FLAG, ".flake8": "[flake8]\nmax-line-length = 100\n"}
    said = notes(check(files, flags={"heavy": ("fractions",)}))
    assert "flake8 reports imports below the flag: add m.py: E402 to per-file-ignores in .flake8" in said
