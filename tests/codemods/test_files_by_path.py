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


def test_a_file_is_made_by_a_connection_and_asked_for_by_its_path() -> None:
    files = {
        "db.py": "import sqlite3\n\nconnection = sqlite3.connect('app.db')\n\n\n"
        "def rows():\n    return connection.execute('select 1').fetchall()\n",
        "status.py": "import os\n\nimport db\n\nIS_NEW = not os.path.exists('app.db')\n\n\n"
        "def f():\n    return IS_NEW, db.rows()\n",
    }
    check(files, run="import status; print(status.f())")
