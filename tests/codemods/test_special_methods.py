"""Special methods that no call spells, and that read or change what others share."""

import pytest

from lazify.testing import check

CLASS = """\
TOTAL = {{'count': 0}}


class Task:
    def __init__(self, count=0):
        self.count = count
        self.next = []

    def __{method}__(self{parameters}):
        {body}
{more}

task = Task()
"""
STORE = """\
import sqlite3
from task import Task, task


def shown(each):
    return {expression}


db = ({made}, sqlite3.connect('store.db'))


def first():
    return db[0]
"""
USE = "import store\nfrom task import Task, task\n\n\ndef go():\n    own = {expression}\n    return own, store.first()\n"
ADD = """
    def add(self):
        self.count += 1
        return self.count

    def follow(self, other):
        self.next.append(other)
        return len(self.next)
"""
CHANGES = {
    "an operator": ("rshift", ", other", "return self.add()", "each >> 1"),
    "a reflected one": ("ror", ", other", "return self.add()", "1 | each"),
    "an operator that calls another method": ("lshift", ", other", "return self.follow(other)", "each << 1"),
    "a power": ("pow", ", other", "return self.add()", "each ** 2"),
    "a text": ("str", "", "self.count += 1\n        return str(self.count)", "f'{each}'"),
    "a format": ("format", ", spec", "self.count += 1\n        return str(self.count)", "'{}'.format(each)"),
    "a length": ("bool", "", "self.count += 1\n        return self.count > 1", "'yes' if each else 'no'"),
    "iteration": ("iter", "", "self.count += 1\n        return iter([self.count])", "list(each)"),
    "order": (
        "lt",
        ", other",
        "self.count += 1\n        return self.count > 1",
        "sorted([each, each]) and each.count",
    ),
    "a sign": ("neg", "", "return self.add()", "-each"),
    "a name of the module": (
        "add",
        ", other",
        "TOTAL['count'] += 1\n        return TOTAL['count']",
        "Task() + 1",
    ),
    "a key": (
        "hash",
        "",
        "TOTAL['count'] += 1\n        return 1",
        "len({each}) and __import__('task').TOTAL['count']",
    ),
}
HARMLESS = {
    "an operator that makes another": (
        "add",
        ", other",
        "return Task(self.count + other)",
        "(each + 1).count",
    ),
    "an operator that nothing spells": ("rshift", ", other", "self.next.append(other)", "each.count"),
    "an operator in its other way": ("ior", ", other", "self.next.append(other)", "each.count | 2"),
    "a text that only reads": ("str", "", "return str(len(self.next))", "f'{each}'"),
    "a key that is kept": ("hash", "", "self.hashed = 1\n        return 1", "len({each})"),
}


def program(method: str, parameters: str, body: str, expression: str, *, made: str) -> dict[str, str]:
    more = ADD if "self.add" in body or "self.follow" in body else ""
    return {
        "task.py": CLASS.format(method=method, parameters=parameters, body=body, more=more),
        "store.py": STORE.format(expression=expression, made=made),
        "use.py": USE.format(expression=expression.replace("each", "task")),
    }


@pytest.mark.parametrize("made", ["shown(task)", None], ids=["below", "beside"])
@pytest.mark.parametrize("way", CHANGES.values(), ids=CHANGES)
def test_a_making_that_runs_one_stays(way: tuple[str, str, str, str], made: str | None) -> None:
    files = program(*way, made=made or way[-1].replace("each", "task"))
    assert not check(files, run="import use; print(use.go())").plan.changes


@pytest.mark.parametrize("way", HARMLESS.values(), ids=HARMLESS)
def test_a_making_that_runs_a_harmless_one_waits(way: tuple[str, str, str, str]) -> None:
    files = program(*way, made=way[-1].replace("each", "task"))
    assert check(files, run="import use; print(use.go())").plan.changes
