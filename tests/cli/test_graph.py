"""lazify graph on the command line: every format, what is wrong with entries, plain text in pipes."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.engine import lazify
from tests.graph.projects import write

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    "api/index.py": "from shop.main import app\n",
    "shop/__init__.py": "",
    "shop/main.py": "import os\nfrom shop import net\n\nKEY = os.environ['KEY']\napp = object()\n",
    "shop/net.py": "import numpy\n\nX = numpy.array([1])\n\n\nclass Net(numpy.ndarray): ...\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    root = write(tmp_path / "shop", FILES)
    monkeypatch.chdir(root)
    return root


def test_the_tree_goes_to_stdout_without_colours_where_that_is_no_terminal(shop: Path) -> None:
    done = lazify("graph", "api/index.py")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("api.index  api/index.py\n├── shop.main  api/index.py:1\n")
    assert "DANGEROUS environment required  KEY = os.environ['KEY']  shop/main.py:4\n" in done.stdout
    assert "fails without the variable" in done.stdout
    assert "\x1b" not in done.stdout


def test_an_entry_is_a_file_a_module_or_a_name_in_one_from_any_folder(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_module = json.loads(lazify("graph", "shop.main:app", "--format", "json").stdout)
    monkeypatch.chdir(shop.parent)
    of_file = json.loads(lazify("graph", "shop/shop/main.py", "--format", "json").stdout)
    assert of_module["graphs"][0]["entries"] == of_file["graphs"][0]["entries"] == ["shop.main"]
    assert [module["name"] for module in of_file["graphs"][0]["modules"]] == ["shop", "shop.main", "shop.net"]
    assert of_file["graphs"][0]["crash_points"][0]["path"] == "shop/shop/main.py"


@pytest.mark.parametrize(
    ("output", "start"),
    [("dot", "digraph imports {"), ("mermaid", "flowchart LR"), ("html", "<!doctype html>"), ("json", "{\n")],
)
def test_every_format_goes_to_stdout_the_same_each_time(shop: Path, output: str, start: str) -> None:
    first, second = (lazify("graph", "api/index.py", "--format", output) for _ in range(2))
    assert first.exit_code == 0
    assert first.stdout.startswith(start)
    assert first.stdout == second.stdout


def test_all_shows_what_is_quiet(shop: Path) -> None:
    assert "shop  api/index.py:1" not in lazify("graph", "api/index.py").stdout
    assert "shop  api/index.py:1" in lazify("graph", "api/index.py", "--all").stdout


def test_an_entry_that_is_not_there_is_named(shop: Path) -> None:
    done = lazify("graph", "api/nothing.py")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the entry api/nothing.py: no module of that name or path is there" in done.stderr


def test_an_entry_that_cannot_be_parsed_is_named_with_the_line(shop: Path) -> None:
    shop.joinpath("api/broken.py").write_text("x = 1\ndef f(:\n")
    done = lazify("graph", "api/broken.py")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the entry api/broken.py: not valid for Python" in done.stderr
    assert "(line 2)" in done.stderr


def test_nothing_of_the_project_runs(shop: Path) -> None:
    shop.joinpath("shop/net.py").write_text("open('ran', 'w').close()\n")
    lazify("graph", "api/index.py")
    assert not shop.joinpath("ran").exists()
    assert sorted(path.name for path in shop.iterdir()) == ["api", "pyproject.toml", "shop"]


def test_a_report_is_one_file_and_its_size_is_told(shop: Path) -> None:
    done = lazify("report", "-o", "report.html", "--entry", "api/index.py")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "wrote report.html" in done.stderr
    text = shop.joinpath("report.html").read_text("utf-8")
    assert "<title>shop · lazify</title>" in text
    assert lazify("report", "-o", "-", "--entry", "api/index.py").stdout == text


def test_a_report_without_entries_begins_where_nobody_imports(shop: Path) -> None:
    text = lazify("report", "-o", "-").stdout
    assert '"entries":["api.index"]' in text


def test_a_page_that_cannot_be_written_is_named(shop: Path) -> None:
    done = lazify("report", "-o", "missing/report.html")
    assert done.exit_code == 2
    assert "missing/report.html: cannot be written: No such file or directory" in done.stderr


def test_evidence_that_is_none_is_named(shop: Path) -> None:
    done = lazify("report", "-o", "-", "--evidence", "pyproject.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pyproject.toml" in done.stderr


def test_a_report_runs_the_entries_on_both_sides_when_asked_to_measure(shop: Path) -> None:
    def measured(*flags: str) -> list[str]:
        done = lazify("report", "-o", "-", "--entry", "api/index.py", *flags)
        assert done.exit_code == 0, done.output
        return re.findall(r'"side":"(\w+)","ms":[^"]*"mib":[^"]*"modules":[^"]*"measured":true', done.stdout)

    assert measured() == []
    assert measured("--measure", "--env", "KEY=secret") == ["before", "after"]


def test_what_a_report_cannot_measure_is_an_error(shop: Path) -> None:
    done = lazify("report", "-o", "-", "--entry", "api/index.py", "--measure", "--env", "KEY")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--env KEY: must be KEY=VALUE" in done.stderr
