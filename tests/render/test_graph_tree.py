import re

from lazify.render.graph_tree import Layout, graph_tree
from tests.render.graphs import NASTY, graph, hostile
from tests.render.records import BASE

PLAIN = """\
app  app.py
├── net  app.py:1  ✂ LZ203 deferred
│   └── HEAVY torch  1166 ms, 197 MiB (measured)  net.py:2
│       └── LZ201 stays: the class at net.py:4 needs torch.nn.Module at import
├── db  app.py:2
│   ├── ↻ app is not complete here: import app closes a cycle  db.py:1
│   └── DANGEROUS database  conn = connect()  db.py:3
│       ├── conn = connect() → __init__ → sqlite3.connect: database
│       └── condition: unless conn = connect() (db.py:2)
└── · quiet (where nothing happens)

Crash points, the most likely first
   1. db.py:3  conn = connect()
      fails on a read-only file system: conn = connect() → __init__ → sqlite3.connect: database

Import cycles
  2 modules: app, db
    app → db → app
      closed by db.py:1 import app: takes x, y, while app waits at app.py:2
      at risk: y, bound below that line
    fails if db is imported first: app.py:2 does not find z in db

Packages without __init__.py
  parts/ (2 modules, beside pkg/): imported at app.py:4; packaging tools that look for packages leave it out

4 modules, 1 DANGEROUS, 0 RISKY, 1 heavy package, 1 crash point, 1 cycle
"""


def test_the_tree_of_a_pipe_is_plain_text_without_padding() -> None:
    assert graph_tree([graph()], Layout(base=BASE)) == PLAIN


def test_all_shows_modules_in_which_nothing_happens_and_what_they_import() -> None:
    text = graph_tree([graph()], Layout(base=BASE, shows_all=True))
    assert "└── quiet  app.py:3\n    └── ↑ db (above)\n" in text
    assert "where nothing happens" not in text


def test_a_terminal_gets_colours_and_lines_of_its_width() -> None:
    text = graph_tree([graph()], Layout(base=BASE, width=60, has_colours=True))
    assert "\x1b[1;31mDANGEROUS" in text
    plain = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert max(map(len, plain.splitlines())) <= 60


def test_names_and_lines_cannot_steer_the_terminal_or_mark_text_up() -> None:
    text = graph_tree([hostile()], Layout(base=BASE))
    assert "\x1b" not in text
    assert "[[x]]" in text
    assert "\n" not in NASTY
