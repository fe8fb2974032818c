"""Files that two pieces of code reach by paths that each builds by itself."""

from lazify.testing import check


def test_a_file_is_written_under_a_path_that_is_built_again() -> None:
    files = {
        "state.json": "1",
        "store.py": "import json\nfrom pathlib import Path\n\nROOT = Path('.')\n"
        "state = json.loads((ROOT / 'state.json').read_text())\n\n\ndef show():\n    return state\n",
        "admin.py": "from pathlib import Path\n\nPLACE = Path('.') / 'state.json'\n\n\n"
        "def save(text):\n    PLACE.write_text(text)\n",
    }
    check(files, run="import admin, store; admin.save('2'); print(store.show())")


def test_a_file_is_made_by_a_connection_and_asked_for_by_its_path() -> None:
    files = {
        "db.py": "import sqlite3\n\nconnection = sqlite3.connect('app.db')\n\n\n"
        "def rows():\n    return connection.execute('select 1').fetchall()\n",
        "status.py": "import os\n\nimport db\n\nIS_NEW = not os.path.exists('app.db')\n\n\n"
        "def f():\n    return IS_NEW, db.rows()\n",
    }
    check(files, run="import status; print(status.f())")
