"""A value that is read from a file stays where the program writes the file, whatever has its path."""

import pytest

from lazify.testing import check, refused
from tests.fuzz.states import STATES

PATHS = next(each for each in STATES if each.name.startswith("PATH"))
IMPORTS = "import json\nimport os\nimport pathlib\nimport shutil\nfrom pathlib import Path\n\n"
FILES = {"a.txt": "1", "b.txt": "2"}


@pytest.mark.parametrize("change", [each for each in PATHS.changes if "c.txt" not in each])
@pytest.mark.parametrize("read", ["open({s}).read()", "pathlib.Path({s}).read_text()"])
def test_the_program_writes_the_file_at_a_name(change: str, read: str) -> None:
    body = "\n".join(f"    {line}" for line in change.format(s="PATH").split("\n"))
    main = f"{IMPORTS}PATH = 'a.txt'\nVALUE = {read.format(s='PATH')}\n\n\ndef save():\n{body}\n    return VALUE\n"
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


def test_a_function_of_another_module_writes_it() -> None:
    store = f"{IMPORTS}PATH = Path('a.txt')\n\n\ndef load(path):\n    return json.loads(path.read_text())\n\n\nstate = load(PATH)\n\n\ndef show():\n    return state\n"
    admin = "import store\n\n\ndef put(path, text):\n    path.write_text(text)\n\n\ndef reset():\n    put(store.PATH, '{}')\n"
    refused({**FILES, "store.py": store, "admin.py": admin}, because="the program writes the file at PATH")


def test_what_loads_it_knows_the_path() -> None:
    main = (
        f"{IMPORTS}PATH = 'a.txt'\n\n\ndef load():\n    with open(PATH) as stream:\n        return json.load(stream)\n\n\n"
        "state = load()\n\n\ndef save():\n    with open(PATH, 'w') as stream:\n        json.dump(state, stream)\n"
    )
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


@pytest.mark.parametrize(
    "body",
    [
        "return Path(PATH).with_suffix('.bak').write_text('3')",
        "return (Path('.') / 'c.txt').write_text(PATH)",
        "return shutil.copy(PATH, 'c.txt')",
        "return open(PATH).read()",
        "return PATH.replace('a', 'b')",
        "return os.path.exists(PATH)",
        "return open(PATH + '.bak', 'w').write('3')",
    ],
)
def test_another_file_is_another(body: str) -> None:
    main = f"{IMPORTS}PATH = 'a.txt'\nVALUE = open(PATH).read()\n\n\ndef save():\n    {body}\n\n\ndef show():\n    return [VALUE]\n"
    outcome = check({**FILES, "main.py": main}, run="import main; main.save(); print(main.show())")
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


@pytest.mark.parametrize(
    "write",
    [
        "joblib.dump([3], PATH)",
        "arrays.save(PATH, [3])",
        "frame.to_csv(PATH)",
        "dill.dump([3], file=PATH)",
        "zipfile.ZipFile(PATH, 'w')",
    ],
)
def test_a_package_writes_it(write: str) -> None:
    main = (
        f"{IMPORTS}import arrays, dill, joblib, zipfile\n\nPATH = 'a.txt'\nmodel = open(PATH).read()\n\n\n"
        f"def train(frame):\n    {write}\n    return model\n"
    )
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


PACKAGE = '[build-system]\nrequires = ["setuptools"]\n\n[project]\nname = "shop"\nversion = "1"\n'


@pytest.mark.parametrize("use", ["", "\n\ndef show():\n    return lines\n"])
@pytest.mark.parametrize("metadata", ["", PACKAGE])
def test_a_file_is_written_for_those_who_read_it(use: str, metadata: str) -> None:
    """As in the scripts beside opencanary 0.9.10: `chmod(SCRIPT)` further down would find no file."""
    main = (
        "import os\n\nSCRIPT = 'install.sh'\n\nwith open(SCRIPT, 'w') as stream:\n    lines = ['set -e', 'true']\n"
        f"    stream.write('\\n'.join(lines))\n\n\nos.chmod(SCRIPT, 0o700)\n{use}"
    )
    files = {"main.py": main, **({"pyproject.toml": metadata} if metadata else {})}
    run = "import os, main; print(oct(os.stat('install.sh').st_mode))"
    assert not check(files, run=run, flags={"risky": True, "singleton": ("*",)}).plan.changes


@pytest.mark.parametrize(
    "made",
    [
        "log = open('out.log', 'w')",
        "job = subprocess.Popen(['true'])",
        "worker = threading.Thread(target=print); worker.start()",
    ],
)
def test_what_leaves_traces_and_nobody_asks_for_is_made_at_import(made: str) -> None:
    main = f"import subprocess\nimport threading\n\n{made}\n"
    outcome = check({"main.py": main, "pyproject.toml": PACKAGE}, run="import main")
    assert not outcome.plan.changes


def test_what_is_only_read_may_wait_for_users_of_the_library() -> None:
    main = "text = open('pyproject.toml').read()\n"
    outcome = check({"main.py": main, "pyproject.toml": PACKAGE}, run="import main; print(len(main.text))")
    assert len(outcome.plan.changes) == 1
