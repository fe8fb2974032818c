"""What runs when the program ends finds values as they were: made, and still open."""

import pytest

from lazify.testing import check, refused

CLOSING = "def __init__(self):\n        self.rows = sqlite3.connect('a.db')\n        {}"
STORE = (
    "import atexit\nimport sqlite3\nimport weakref\n\n\nclass Store:\n    {}\n\n"
    "    def put(self, row):\n        return self.rows.execute('select ?', (row,)).fetchone()\n\n\n"
    "store = Store()\n\n\ndef put(row):\n    return store.put(row)\n"
)
BUFFER = (
    "import atexit\nimport store\n\nrows = []\n\n\ndef flush():\n    print([store.put(row) for row in rows])\n\n\n"
    "atexit.register(flush)\n"
)
RUN = "import store, buffer; print(store.put(1)); buffer.rows.append(2)"


@pytest.mark.parametrize(
    "way", ["atexit.register(self.rows.close)", "weakref.finalize(self, self.rows.close)"]
)
def test_what_closes_itself_at_exit_is_open_for_those_who_registered_later(way: str) -> None:
    files = {"store.py": STORE.format(CLOSING.format(way)), "buffer.py": BUFFER}
    assert not check(files, run=RUN).plan.changes
    refused(files, because="put may run at exit, when store cannot be made any more, or is closed already")


def test_a_statement_that_registers_the_closing_comes_before_who_registers_later() -> None:
    text = (
        "import atexit\nimport sqlite3\n\nrows = sqlite3.connect('a.db')\natexit.register(rows.close)\n\n\n"
        "def put(row):\n    return rows.execute('select ?', (row,)).fetchone()\n"
    )
    files = {"store.py": text, "buffer.py": BUFFER}
    assert not check(files, run=RUN).plan.changes
    refused(files, because="put may run at exit")


def test_a_value_computed_from_one_that_is_closed_at_exit_stays_with_it() -> None:
    text = (
        "import atexit\nimport sqlite3\n\nrows = sqlite3.connect('a.db')\natexit.register(rows.close)\n"
        "cursor = rows.cursor()\n\n\ndef put(row):\n    return cursor.execute('select ?', (row,)).fetchone()\n"
    )
    refused({"store.py": text, "buffer.py": BUFFER}, because="put may run at exit")


def test_a_thread_is_not_started_at_exit() -> None:
    text = (
        "import atexit\nimport threading\n\n\nclass Worker:\n    def __init__(self):\n        self.sent = []\n"
        "        threading.Thread(target=print).start()\n\n\nworker = Worker()\n\n\n"
        "@atexit.register\ndef bye():\n    worker.sent.append('bye')\n"
    )
    refused({"m.py": text}, because="bye may run at exit, when worker cannot be made any more")


def test_a_finalizer_does_not_make_what_it_uses() -> None:
    text = (
        "import json\n\nnames = json.load(open('names.json'))\n\n\nclass Kept:\n    def __del__(self):\n"
        "        print(names)\n\n\nKEPT = Kept()\n"
    )
    files = {"m.py": text, "names.json": "[1]"}
    assert not check(files, run="import m").plan.changes
    refused(files, because="__del__ uses names, perhaps when nothing can be made any more")


def test_what_is_only_closed_at_exit_is_not_made_for_it() -> None:
    text = (
        "import atexit\nimport sqlite3\n\nrows = sqlite3.connect('a.db')\n\n\n@atexit.register\ndef bye():\n"
        "    rows.close()\n\n\ndef f():\n    return rows.execute('select 1').fetchone()\n"
    )
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes


def test_a_file_may_be_read_at_exit() -> None:
    text = (
        "import atexit\nimport json\n\nnames = json.load(open('names.json'))\n\n\n@atexit.register\ndef bye():\n"
        "    print(names)\n"
    )
    assert check({"m.py": text, "names.json": "[1]"}, run="import m").plan.changes
