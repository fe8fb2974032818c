"""What a process makes at import is shared by those that fork from it."""

import pytest

from lazify.testing import check, refused

SHARED = "processes that fork share it"
POOL = """
import multiprocessing

import m


def run():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return list(pool.map(m.f, range(6), chunksize=1)), m.seen()
"""
LINES = "\n\ndef f(n):\n    out.write(f'{n};')\n    out.flush()\n\n\ndef seen(): return len(open('rows.txt').read())\n"
FOLDER = "\n\ndef f(n): open(os.path.join(folder, str(n)), 'w').close()\n\n\ndef seen(): return len(os.listdir(folder))\n"
SERVER = "\n\ndef f(n): return server.getsockname() == seen()\n\n\ndef seen(): return server.getsockname() and True\n"
VALUES = {
    "a file open for writing": f'out = open("rows.txt", "w"){LINES}',
    "a file open for reading": (
        'rows = open("pyproject.toml", buffering=0, mode="rb")\n\n\n'
        "def f(n): return len(rows.read(1))\n\n\ndef seen(): return rows.tell()\n"
    ),
    "an object that keeps a file": (
        "class Rows:\n    def __init__(self):\n        self.file = open('pyproject.toml', 'rb', buffering=0)\n\n"
        "    def read(self): return self.file.read(1)\n\n\nrows = Rows()\n\n\n"
        "def f(n): return len(rows.read())\n\n\ndef seen(): return rows.file.tell()\n"
    ),
    "what reads from a file": (
        "import csv\n\nrows = csv.reader(open('pyproject.toml'))\n\n\n"
        "def f(n): return len(next(rows))\n\n\ndef seen(): return True\n"
    ),
    "made by a function": f'def opened(): return open("rows.txt", "w")\n\n\nout = opened(){LINES}',
    "a folder of its own": f"import os\nimport tempfile\n\nfolder = tempfile.mkdtemp(){FOLDER}",
    "a socket that listens": f'import socket\n\nserver = socket.create_server(("127.0.0.1", 0)){SERVER}',
    "a key that is drawn": (
        "import uuid\nfrom dataclasses import dataclass, field\n\n\n@dataclass\nclass Settings:\n    text: str\n"
        "    key: str = field(default_factory=lambda: uuid.uuid4().hex)\n\n\n"
        "settings = Settings(open('pyproject.toml').read())\n\n\n"
        "def f(n): return settings.key\n\n\ndef seen(): return settings.key and True\n"
    ),
    "a process": 'import subprocess\n\nserver = subprocess.Popen(["sleep", "0"])\n\n\ndef f(n): return n\n\n\n'
    "def seen(): return server.wait()\n",
}


@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES.keys())
def test_what_workers_share_stays(text: str) -> None:
    files = {"m.py": text, "app.py": POOL}
    assert not check(files, run="import app; print(app.run()[1])").plan.changes
    refused(files, because=SHARED)


@pytest.mark.parametrize(
    "text",
    [
        "import os\n\n\ndef run(): return os.fork()\n",
        "from concurrent.futures import ProcessPoolExecutor as Pool\n\n\ndef run():\n    with Pool(2) as p: return p\n",
        "import multiprocessing as mp\n\n\nclass Worker(mp.Process):\n    def run(self): pass\n",
        "from celery import Celery\n\ncelery = Celery('x')\n",
        "preload_app = True\n",
    ],
)
def test_there_are_many_ways_to_fork(text: str) -> None:
    refused(
        {"m.py": 'out = open("rows.txt", "w")\n\n\ndef f(): return out\n', "app.py": text}, because=SHARED
    )


@pytest.mark.parametrize(
    "value",
    [
        'open("pyproject.toml").read()',
        "subprocess.check_output(['echo'])",
        "made(os.makedirs('data', exist_ok=True))",
    ],
)
def test_what_each_may_have_for_itself_becomes_a_getter(value: str) -> None:
    text = f"import os\nimport subprocess\n\n\ndef made(_): return 'data'\n\n\nconfig = {value}\n\n\n"
    text += "def f(n): return len(config)\n\n\ndef seen(): return config\n"
    assert check({"m.py": text, "app.py": POOL}, run="import app; print(app.run())").plan.changes


def test_each_has_its_own_copy_of_what_is_in_memory() -> None:
    text = "import io\n\nbox = io.StringIO(open('pyproject.toml').read())\n\n\ndef f(n): return len(box.getvalue())\n\n\n"
    text += "def seen(): return box.tell()\n"
    assert check({"m.py": text, "app.py": POOL}, run="import app; print(app.run())").plan.changes


def test_counting_processors_forks_nothing() -> None:
    text = 'out = open("rows.txt", "w")\n\n\ndef f(): return out.name\n'
    other = "import multiprocessing\n\n\ndef count(): return multiprocessing.cpu_count()\n"
    assert check({"m.py": text, "app.py": other}, run="import m; print(m.f())").plan.changes
