"""Files that two pieces of code reach by paths that each builds by itself."""

import pytest

from lazify.testing import check, refused


@pytest.mark.parametrize(
    "write",
    [
        "(Path('.') / 'state.json').write_text(text)",
        "Path('.').joinpath('state.json').write_text(text)",
        "with open(os.path.join('.', 'state.json'), 'w') as stream:\n        stream.write(text)",
        "open('./state.json', 'w').write(text)",
        "put(PLACE, text)",
        "here = Path('state.json')\n    here.unlink()\n    here.write_text(text)",
    ],
)
def test_a_file_is_written_under_a_path_that_is_built_again(write: str) -> None:
    files = {
        "state.json": "1",
        "store.py": "import json\nfrom pathlib import Path\n\nROOT = Path('.')\n"
        "state = json.loads((ROOT / 'state.json').read_text())\n\n\ndef show():\n    return state\n",
        "admin.py": "import os\nfrom pathlib import Path\n\nPLACE = Path('.') / 'state.json'\n\n\n"
        f"def put(path, text):\n    path.write_text(text)\n\n\ndef save(text):\n    {write}\n",
    }
    if not write.startswith("put"):
        files["admin.py"] = files["admin.py"].replace("PLACE = Path('.') / 'state.json'", "")
    refused(files, because="the program writes the file at state.json")


def test_a_file_of_another_name_is_another() -> None:
    files = {
        "state.json": "1",
        "store.py": "import json\nfrom pathlib import Path\n\n"
        "state = json.loads(Path('state.json').read_text())\n\n\ndef show():\n    return state\n",
        "admin.py": "from pathlib import Path\n\n\ndef save(text):\n    print('state.json')\n"
        "    Path('old-state.json').write_text(text)\n",
    }
    outcome = check(files, run="import admin, store; admin.save('2'); print(store.show())")
    assert [change.title for change in outcome.plan.changes] == ["state becomes get_state()"]


IMPORTS = "import logging\nimport os\nimport shutil\nimport sqlite3\nfrom pathlib import Path\n"
STORE = "class Store:\n    def __init__(self, path=PLACE):\n        self.path = path\n        Path(path).touch()\n\n\n"
FOLDER = "def made(path):\n    os.makedirs(path, exist_ok=True)\n    return path\n\n\n"
AUDIT = """
class Audit:
    def __init__(self, path="app.db"):
        self.path = path
        with sqlite3.connect(path) as connection:
            connection.execute("create table if not exists t (a)")

    def size(self):
        return os.path.getsize(self.path) if os.path.exists(self.path) else 0


"""
PLAIN = "value = sqlite3.connect(PLACE)"
MADE = {
    "exists": (PLAIN, "os.path.exists(db.PLACE)"),
    "exists, spelled": (PLAIN, "os.path.exists('app.db')"),
    "is_file": (PLAIN, "Path(db.PLACE).is_file()"),
    "removed": (PLAIN, "os.remove(db.PLACE)"),
    "opened": ("value = open(PLACE, 'w')", "open(db.PLACE).read()"),
    "read": ("value = Path(PLACE).open('w')", "Path(db.PLACE).read_text()"),
    "measured": ("value = logging.FileHandler(PLACE)", "os.path.getsize(db.PLACE)"),
    "the path is a default": (f"{STORE}value = Store()", "open(db.PLACE).read()"),
    "the tables": (
        f"{AUDIT}value = Audit()",
        "sqlite3.connect('app.db').execute('select * from t').fetchall()",
    ),
    "a folder": (f"{FOLDER}value = made(PLACE)", "open(os.path.join(db.PLACE, 'a.txt'), 'w')"),
    "a folder as a path": (f"{FOLDER}value = made(Path(PLACE))", "(Path(db.PLACE) / 'a.txt').write_text('')"),
}
APART = {
    "the value is asked": (PLAIN, "db.show().execute('select 1').fetchall()"),
    "its own methods": (f"{AUDIT}value = Audit()", "db.show().size() > 0"),
    "another connection": (PLAIN, "sqlite3.connect(db.PLACE).execute('select 1').fetchall()"),
    "another file": (PLAIN, "os.path.exists('old-app.db')"),
    "the path alone": (f"{FOLDER}value = made(PLACE)", "db.PLACE.upper()"),
}


def _files(make: str, ask: str) -> dict[str, str]:
    return {
        "db.py": f"{IMPORTS}\nPLACE = 'app.db'\n{make}\n\n\ndef show():\n    return value\n",
        "status.py": f"{IMPORTS}\nimport db\n\n\ndef f():\n    return {ask}\n",
    }


@pytest.mark.parametrize(("make", "ask"), MADE.values(), ids=list(MADE))
def test_a_file_that_the_program_asks_for_is_made_where_it_is(make: str, ask: str) -> None:
    refused(_files(make, ask), because="which making it may write")


@pytest.mark.parametrize(("make", "ask"), APART.values(), ids=list(APART))
def test_a_file_that_nobody_else_asks_for_is_made_later(make: str, ask: str) -> None:
    outcome = check(_files(make, ask), run="import status; print(status.f())")
    assert [change.title for change in outcome.plan.changes] == ["value becomes get_value()"]


def test_a_file_is_made_by_a_connection_and_asked_for_by_its_path_at_import() -> None:
    files = {
        "db.py": "import sqlite3\n\nconnection = sqlite3.connect('app.db')\n\n\n"
        "def rows():\n    return connection.execute('select 1').fetchall()\n",
        "status.py": "import os\n\nimport db\n\nIS_NEW = not os.path.exists('app.db')\n\n\n"
        "def f():\n    return IS_NEW, db.rows()\n",
    }
    refused(files, because="the program asks for the file at app.db, which making it may write")


READERS = {
    "a function spells it": ("def load():\n    return json.load(open('s.json'))\n\n\n", "load()"),
    "a default": ("def load(path=STATE):\n    return json.load(open(path))\n\n\n", "load()"),
    "a name": ("", "json.load(open(STATE))"),
}


@pytest.mark.parametrize(("above", "make"), READERS.values(), ids=list(READERS))
def test_a_file_is_written_that_the_making_reads_under_another_spelling(above: str, make: str) -> None:
    files = {
        "s.json": "1",
        "a.py": f"import json\n\nSTATE = 's.json'\n\n\n{above}state = {make}\n\n\ndef show():\n    return state\n",
        "b.py": "def save(text):\n    open('s.json', 'w').write(text)\n",
    }
    refused(files, because="the program writes the file at ")
