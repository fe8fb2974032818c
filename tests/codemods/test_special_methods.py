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


OWN = """\
def take(items):
    return items.pop()


class Task:
    def __init__(self):
        self.count = 0
        self.items = [1, 2, 3, 4]
        self.found = {{}}

{body}

task = Task()
tasks = [task]
"""
BODIES = {
    "an alias": (
        "    def follow(self, other):\n        self.count += 1\n        return self.count\n    __rshift__ = follow\n",
        "task >> 1",
    ),
    "a lambda": ("    __rshift__ = lambda self, other: self.items.pop()\n", "task >> 1"),
    "an alias that shows": (
        "    def show(self):\n        self.count += 1\n        return str(self.count)\n    __str__ = show\n",
        "f'{task}'",
    ),
    "an item that is taken": (
        "    def __getitem__(self, at):\n        return self.items.pop(at)\n",
        "task[0]",
    ),
    "a question that counts": (
        "    def __contains__(self, each):\n        self.count += 1\n        return self.count > 1\n",
        "1 in task",
    ),
    "an item that is numbered": (
        "    def __getitem__(self, name):\n        self.found.setdefault(name, len(self.found))\n"
        "        return self.found[name]\n",
        "task[__name__]",
    ),
    "an item that is taken by another name": (
        "    def __getitem__(self, at):\n        items = self.items\n        return items.pop(at)\n",
        "task[0]",
    ),
    "an item that is taken by a function": (
        "    def __getitem__(self, at):\n        return take(self.items)\n",
        "task[0]",
    ),
    "an item of what a copy holds": (
        "    def __getitem__(self, at):\n        found = dict(self.__dict__)\n        return found['items'].pop()\n",
        "task[0]",
    ),
    "an item that is taken in a loop": (
        "    def __getitem__(self, at):\n        for items in [self.items]:\n            return items.pop(at)\n",
        "task[0]",
    ),
    "an item of what may be something else": (
        "    def __getitem__(self, at):\n        items = self.items or [1]\n        return items.pop()\n",
        "task[0]",
    ),
    "what is bound again": (
        "    def __getitem__(self, at):\n        self.count = self.count + 1\n        return self.count\n",
        "task[0]",
    ),
    "what is bound by `setattr`": (
        "    def __getitem__(self, at):\n        object.__setattr__(self, 'count', self.count + 1)\n        return self.count\n",
        "task[0]",
    ),
    "what is bound to one of two": (
        "    def __getitem__(self, at):\n        before, self.count = self.count, at\n        return before\n",
        "task[__name__]",
    ),
    "a number by another name": (
        "    def __getitem__(self, at):\n        found = self.found\n        return found.setdefault(at, len(found))\n",
        "task[__name__]",
    ),
    "how many are kept": (
        "    def __getitem__(self, at):\n        self.found[at] = 1\n        return len(self.found)\n",
        "task[__name__]",
    ),
    "the first that is kept": (
        "    def __getitem__(self, at):\n        self.found[at] = 1\n        return list(self.found)[0]\n",
        "task[__name__]",
    ),
    "the highest yet": (
        "    def __getitem__(self, at):\n        self.found[at] = max(self.found.values(), default=0) + 1\n        return self.found[at]\n",
        "task[__name__]",
    ),
    "who asked last": (
        "    def __getitem__(self, at):\n        before = self.count\n        self.count = at\n        return before\n",
        "task[__name__]",
    ),
    "whether it is the first": (
        "    def __getitem__(self, at):\n        if self.found:\n            return 2\n        self.found = True\n        return 1\n",
        "task[0]",
    ),
    "whether it was the first": (
        "    def __getitem__(self, at):\n        first = not self.found\n        self.found = True\n        return 1 if first else 2\n",
        "task[0]",
    ),
    "an iterator that is kept": (
        "    def __getitem__(self, at):\n        if not self.found:\n            self.found = iter(self.items)\n        return next(self.found)\n",
        "task[0]",
    ),
    "an attribute that counts": (
        "    def __getattr__(self, name):\n        self.count += 1\n        return self.count\n",
        "task.anything",
    ),
    "an item of a list": (
        "    def __rshift__(self, other):\n        self.count += 1\n        return self.count\n",
        "tasks[0] >> 1",
    ),
}
KEPT = {
    "an item that is kept": (
        "    def __getitem__(self, at):\n        self.found[at] = at + 1\n        return self.found[at]\n",
        "task[0]",
    ),
    "an item that is made once": (
        "    def __getitem__(self, at):\n        return self.found.setdefault(at, at + 1)\n",
        "task[0]",
    ),
    "what is made of a copy": (
        "    def __getitem__(self, at):\n        items = self.items.copy()\n        items.append(at)\n        return len(items)\n",
        "task[0]",
    ),
    "what was not there": (
        "    def __getitem__(self, at):\n        if at not in self.found:\n            self.found[at] = at + 1\n        return self.found[at]\n",
        "task[0]",
    ),
    "what is tried": (
        "    def __getitem__(self, at):\n        try:\n            return self.found[at]\n        except KeyError:\n            value = self.found[at] = at + 1\n            return value\n",
        "task[0]",
    ),
    "what is asked for": (
        "    def __getitem__(self, at):\n        value = self.found.get(at)\n        if value is None:\n            value = at + 1\n            self.found[at] = value\n        return value\n",
        "task[0]",
    ),
    "what is kept by another name": (
        "    def __getitem__(self, at):\n        found = self.found\n        if at not in found:\n            found[at] = at + 1\n        return found[at]\n",
        "task[0]",
    ),
    "what is computed once": (
        "    def __getitem__(self, at):\n        if self.count == 0:\n            self.count = sum(self.items)\n        return self.count\n",
        "task[0]",
    ),
    "what is loaded once": (
        "    def __getitem__(self, at):\n        if not self.found:\n            self.found = dict(enumerate(self.items))\n        return self.found[at]\n",
        "task[0]",
    ),
    "an attribute that is kept": (
        "    def __getattr__(self, name):\n        value = self.__dict__[name] = len(name)\n        return value\n",
        "task.anything",
    ),
}


def own(body: str, expression: str) -> dict[str, str]:
    imported = "from task import Task, task, tasks"
    return {
        "task.py": OWN.format(body=body),
        "store.py": f"import sqlite3\n{imported}\n\ndb = ({expression}, sqlite3.connect('store.db'))\n\n\n"
        "def first():\n    return db[0]\n",
        "use.py": f"import store\n{imported}\n\n\ndef go():\n    own = {expression}\n    return own, store.first()\n",
    }


@pytest.mark.parametrize("way", BODIES.values(), ids=BODIES)
def test_a_making_that_runs_one_of_a_class_of_its_own_stays(way: tuple[str, str]) -> None:
    assert not check(own(*way), run="import use; print(use.go())").plan.changes


@pytest.mark.parametrize("way", KEPT.values(), ids=KEPT)
def test_a_making_that_runs_one_that_only_keeps_waits(way: tuple[str, str]) -> None:
    assert check(own(*way), run="import use; print(use.go())").plan.changes


def test_a_class_in_a_function_has_them_too() -> None:
    made = (
        "def make():\n    class Task:\n        count = 0\n\n        def __rshift__(self, other):\n"
        "            self.count += 1\n            return self.count\n\n    return Task()\n\n\n"
        "task = make()\nTask = tasks = None\n"
    )
    files = {**own("", "task >> 1"), "task.py": made}
    assert not check(files, run="import use; print(use.go())").plan.changes
