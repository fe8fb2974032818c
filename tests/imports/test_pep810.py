"""What `--imports lazy` and `lazy-modules` write runs on CPython 3.15, and waits there.

CPython 3.15 is the one of Pyodide, which runs under Node: it is installed once, into the folder of temporary files.
"""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from lazify import api

PYODIDE = "pyodide@315.0.0-alpha.2"
RUN = """
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
const [files, program] = JSON.parse(readFileSync(process.argv[2], "utf8"));
const python = await loadPyodide();
python.FS.mkdirTree("/project");
for (const [name, text] of Object.entries(files)) python.FS.writeFile("/project/" + name, text);
python.runPython("import sys; sys.path.insert(0, '/project')");
console.log(python.runPython(program));
"""
MODULES = {
    "m.py": "import os, wave\nfrom fractions import (\n    Fraction,  # exact\n)\n\n\n"
    "def f():\n    return Fraction(1, 2), os.sep, wave.Error.__name__\n",
    "n.py": "import colorsys as c\n\n\ndef g(x: 'c') -> float:\n    return c.rgb_to_hsv(1, 1, x)[2]\n",
}
HEAVY = ("wave", "fractions", "colorsys")
PROGRAM = f"""
import json, m, n
before = [name for name in {HEAVY!r} if name in sys.modules]
results = [str(m.f()), n.g(1)]
json.dumps([list(sys.version_info[:2]), before, results, [name in sys.modules for name in {HEAVY!r}]])
"""


@pytest.fixture(scope="module")
def node() -> Path:
    """The folder with Pyodide in it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is missing: CPython 3.15 runs under it")
    folder = Path(tempfile.gettempdir()) / "lazify-pyodide-315"
    folder.mkdir(exist_ok=True)
    if not folder.joinpath("node_modules", "pyodide", "package.json").exists():
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PYODIDE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"{PYODIDE} cannot be installed: {done.stderr.strip()[-200:]}")
    folder.joinpath("run.mjs").write_text(RUN)
    return folder


@pytest.mark.parametrize("mode", ["lazy", "lazy-modules"])
def test_lazy_imports_wait_until_they_are_used(mode: str, node: Path, tmp_path: Path) -> None:
    for name, text in MODULES.items():
        tmp_path.joinpath(name).write_text(text)
    flags = {"heavy": HEAVY, "imports": mode, "select": ("LZ2",)}
    loaded = api.load(api.Request(paths=(tmp_path,), flags=flags), progress=api.NoProgress())
    _, patches = api.patches(loaded, api.plan(loaded), progress=api.NoProgress())
    files = {patch.path.name: patch.after.decode() for patch in patches}

    assert files.keys() == MODULES.keys()
    version, before, results, after = _run(node, files)
    assert version == [3, 15]
    assert before == []
    assert results == ["(Fraction(1, 2), '/', 'Error')", 1]
    assert after == [True, True, True]


def test_without_lazify_they_are_loaded_at_once(node: Path) -> None:
    _, before, *_ = _run(node, MODULES)

    assert before == list(HEAVY)


def _run(node: Path, files: dict[str, str]) -> list[list[object]]:
    given = node / "files.json"
    given.write_text(json.dumps([files, PROGRAM]))
    done = subprocess.run(
        ["node", "run.mjs", str(given)], cwd=node, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    result: list[list[object]] = json.loads(done.stdout)
    return result
