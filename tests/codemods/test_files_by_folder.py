"""Files that code finds in their folder, without knowing what they are called."""

import pytest

from lazify.testing import check, refused

IMPORTS = "import fnmatch\nimport glob\nimport os\nimport shutil\nimport sqlite3\nfrom pathlib import Path\n"
SPELLED = "value = sqlite3.connect('data/app.db')"
JOINED = "FOLDER = 'data'\nPLACE = os.path.join(FOLDER, 'app.db')\nvalue = sqlite3.connect(PLACE)"
SLASHED = "FOLDER = Path('data')\nPLACE = FOLDER / 'app.db'\nvalue = sqlite3.connect(PLACE)"
HERE = "PLACE = 'app.db'\nvalue = sqlite3.connect(PLACE)"
LISTED = {
    "glob with the folder": (SPELLED, "glob.glob('data/*.db')"),
    "iglob": (SPELLED, "sorted(glob.iglob('data/*'))"),
    "every folder": (SPELLED, "glob.glob('**/*.db', recursive=True)"),
    "listdir": (SPELLED, "os.listdir('data')"),
    "listdir with a slash": (SPELLED, "os.listdir('./data/')"),
    "scandir": (SPELLED, "[each.name for each in os.scandir('data')]"),
    "walk": (SPELLED, "[each for _, _, each in os.walk('data')]"),
    "walk from above": (SPELLED, "[each for _, _, each in os.walk('.')]"),
    "iterdir": (SPELLED, "sorted(Path('data').iterdir())"),
    "glob of a path": (SPELLED, "sorted(Path('data').glob('*.db'))"),
    "rglob": (SPELLED, "sorted(Path('.').rglob('*.db'))"),
    "rglob of everything": (SPELLED, "sorted(Path('data').rglob('*'))"),
    "a function": (SPELLED, "names('data')"),
    "a joined pattern": (SPELLED, "glob.glob(os.path.join('data', '*'))"),
    "the name of the folder": (JOINED, "os.listdir(db.FOLDER)"),
    "the name of the folder, by hand": (JOINED, "os.listdir('data')"),
    "its pattern": (JOINED, "glob.glob(os.path.join(db.FOLDER, '*.db'))"),
    "an f-string": (JOINED, "glob.glob(f'{db.FOLDER}/*.db')"),
    "a sum": (JOINED, "glob.glob(db.FOLDER + '/*')"),
    "a path": (SLASHED, "sorted(db.FOLDER.iterdir())"),
    "the parent": (SLASHED, "sorted(db.PLACE.parent.iterdir())"),
    "the folder's name": (JOINED, "os.listdir(os.path.dirname(db.PLACE))"),
    "the end": (JOINED, "[each for each in names(os.environ.get('D', 'data')) if each.endswith('.db')]"),
    "removed": (JOINED, "shutil.rmtree(db.FOLDER)"),
    "copied": (JOINED, "shutil.copytree('data', 'copy')"),
    "here": (HERE, "os.listdir()"),
    "here, as a dot": (HERE, "os.listdir('.')"),
    "here, as a path": (HERE, "sorted(Path().iterdir())"),
    "the working folder": (HERE, "sorted(os.listdir(os.getcwd()))"),
    "the working folder's path": (HERE, "sorted(Path.cwd().iterdir())"),
    "a pattern here": (HERE, "glob.glob('*.db')"),
    "everything here": (HERE, "glob.glob('*')"),
}  # fmt: skip
APART = {
    "another folder": (JOINED, "os.listdir('other')"),
    "another pattern": (SPELLED, "glob.glob('data/*.txt')"),
    "another pattern of a path": (SLASHED, "sorted(db.FOLDER.glob('*.txt'))"),
    "the same name elsewhere": (SPELLED, "glob.glob('other/*.db')"),
    "a folder below": (SPELLED, "os.listdir('data/more')"),
    "the folder is there": (JOINED, "os.path.isdir(db.FOLDER)"),
    "another file of the folder": (JOINED, "open(os.path.join(db.FOLDER, 'a.txt')).read()"),
    "here is not there": (SPELLED, "glob.glob('*.db')"),
    "the name alone": (SLASHED, "db.PLACE.name"),
}


def _files(make: str, ask: str) -> dict[str, str]:
    return {
        "data/a.txt": "1",
        "data/more/a.txt": "1",
        "other/a.txt": "1",
        "db.py": f"{IMPORTS}\n{make}\n\n\ndef show():\n    return value\n",
        "status.py": f"{IMPORTS}\nimport db\n\n\ndef names(folder):\n    return sorted(os.listdir(folder))\n\n\ndef f():\n    return {ask}\n",
    }


@pytest.mark.parametrize(("make", "ask"), LISTED.values(), ids=list(LISTED))
def test_a_file_that_the_program_finds_in_its_folder_is_made_where_it_is(make: str, ask: str) -> None:
    refused(_files(make, ask), because="making it may write")


@pytest.mark.parametrize(("make", "ask"), APART.values(), ids=list(APART))
def test_a_file_that_nobody_finds_is_made_later(make: str, ask: str) -> None:
    outcome = check(_files(make, ask), run="import status; print(status.f())")
    assert [change.title for change in outcome.plan.changes] == ["value becomes get_value()"]


LOOKS = {
    "listdir": "value = os.listdir('data')",
    "glob": "value = glob.glob('data/*.txt')",
    "a path": "FOLDER = Path('data')\nvalue = sorted(FOLDER.glob('*.txt'))",
    "the end of a path": "ROOT = Path('.')\nvalue = sorted((ROOT / 'data').rglob('*'))",
    "a function": "FOLDER = 'data'\n\n\ndef load(folder):\n    return [os.path.join(folder, each) for each in os.listdir(folder)]\n\n\nvalue = load(FOLDER)",
    "a default": "def load(folder=Path('data')):\n    return sorted(folder.iterdir())\n\n\nvalue = load()",
}
FILLS = [
    "open('data/b.txt', 'w').write('1')",
    "(Path('data') / 'b.txt').write_text('1')",
    "Path('data', 'b.txt').touch()",
    "open(f'data/{1}.txt', 'w').write('1')",
    "put('data', 'b.txt')",
    "os.remove('data/a.txt')",
    "shutil.rmtree('data')",
    "shutil.copy('other/a.txt', 'data')",
    "os.makedirs('./data/more/b')",
]
FILLS_OTHERS = [
    "open('other/b.txt', 'w').write('1')",
    "put('other', 'b.txt')",
    "open(f'data/{\"a\"}.txt').read()",
    "sorted(Path('data').iterdir())",
    "shutil.copy('data/a.txt', 'other')",
]


def _looking(make: str, fill: str) -> dict[str, str]:
    files = _files(make, fill)
    put = "def put(folder, name):\n    place = os.path.join(folder, name)\n    with open(place, 'w') as stream:\n        stream.write('1')\n\n\n"
    return {**files, "status.py": files["status.py"].replace("def f()", f"{put}def f()")}


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("make", LOOKS.values(), ids=list(LOOKS))
def test_what_looks_through_a_folder_does_that_before_the_program_fills_it(make: str, fill: str) -> None:
    refused(_looking(make, fill), because="the program writes into the folder at", flags={"risky": True})


@pytest.mark.parametrize("fill", FILLS_OTHERS)
@pytest.mark.parametrize("make", LOOKS.values(), ids=list(LOOKS))
def test_what_looks_through_a_folder_that_stays_as_it_is_waits(make: str, fill: str) -> None:
    run = "import status; status.f(); print(sorted(map(str, status.db.show())))"
    outcome = check(_looking(make, fill), run=run, flags={"risky": True})
    assert "value becomes get_value()" in [change.title for change in outcome.plan.changes]
