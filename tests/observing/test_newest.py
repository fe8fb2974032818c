"""The probe on the newest Pythons: those of Pyodide, which run under Node, and without processes.

Each is installed from npm once, into the folder of temporary files.
"""

import ast
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from lazify import probe

PYODIDES = {(3, 14): "314.0.7", (3, 15): "315.0.0-alpha.2"}
RUN = """
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
const [files, program] = JSON.parse(readFileSync(process.argv[2], "utf8"));
const python = await loadPyodide();
python.FS.mkdirTree("/project");
for (const [name, text] of Object.entries(files)) python.FS.writeFile(name, text);
console.log(python.runPython(program));
"""
FILES = {
    "/project/inner.py": "import os\nos.makedirs('/project/made')\nx = 1\n",
    "/project/entry.py": "import os\nimport inner\nf = open('/project/a.txt', 'w')\nf.close()\nk = os.environ.get('K')\n",
}
PROGRAM = """
import os, sys
journal = os.open("/journal", os.O_RDWR | os.O_CREAT)

class Ended(BaseException):
    pass

def end(code=0):
    raise Ended(code)

os._exit = end  # a process would be over
names = {"__name__": "__main__", "__file__": "/probe.py", "__builtins__": __builtins__}
sys.argv = ["/probe.py", str(journal), "traced", "entry", "", "path=/project", "own=/project"]
sys.path.insert(0, "/project")
try:
    exec(compile(open("/probe.py").read(), "/probe.py", "exec"), names)
except Ended as ended:
    assert ended.args == (0,)
open("/journal").read()
"""


@pytest.fixture(params=PYODIDES, ids=lambda version: ".".join(map(str, version)))
def pyodide(request: pytest.FixtureRequest) -> tuple[tuple[int, int], Path]:
    """A version of Python, and the folder with its Pyodide."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is missing: these Pythons run under it")
    version: tuple[int, int] = request.param
    folder = Path(tempfile.gettempdir()) / f"lazify-pyodide-{version[0]}{version[1]}"
    folder.mkdir(exist_ok=True)
    if not folder.joinpath("node_modules", "pyodide", "package.json").exists():
        wanted = f"pyodide@{PYODIDES[version]}"
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), wanted]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"{wanted} cannot be installed: {done.stderr.strip()[-200:]}")
    folder.joinpath("probing.mjs").write_text(RUN)
    return version, folder


def test_it_tells_there_what_it_tells_elsewhere(
    pyodide: tuple[tuple[int, int], Path], tmp_path: Path
) -> None:
    version, folder = pyodide
    given = tmp_path / "given.json"
    files = {**FILES, "/probe.py": Path(probe.__file__).read_text("utf-8")}
    given.write_text(json.dumps([files, PROGRAM]))
    done = subprocess.run(
        ["node", "probing.mjs", str(given)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    records = [ast.literal_eval(line) for line in done.stdout.splitlines() if line]
    said = [record[0] for record in records]
    assert records[0][1][:2] == version
    assert ("imported",) in records
    assert said[-1] == "end"
    assert "blind" not in said
    effects = [(event, detail, chain) for what, _, event, detail, chain, *_ in _of("effect", records)]
    own, above = ("/project/inner.py", 2), ("/project/entry.py", 2)
    expected = [
        ("os.mkdir", "/project/made", (own, above)),
        ("open", "/project/a.txt", (("/project/entry.py", 3),)),
    ]
    assert effects == expected
    assert [record[1] for record in _of("variable", records)] == ["K"]


def _of(what: str, records: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [record for record in records if record[0] == what]
