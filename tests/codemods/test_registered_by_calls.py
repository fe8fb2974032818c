"""Values that a call both makes and registers: made later, whoever goes through the registry would miss them."""

import pytest

from lazify.testing import refused

TASKS = """
from celery import Celery, Task, current_app

app = Celery("tasks")


class Add(Task):
    def __init__(self):
        self.text = open("pyproject.toml").read()

    def run(self, x, y):
        return x + y


add = {registered}


def call():
    return add.delay(1, 2)
"""


@pytest.mark.parametrize("registered", ["app.register_task(Add())", "current_app.register_task(Add())"])
def test_a_task_that_a_call_registers_is_registered_at_import(registered: str) -> None:
    """A worker finds by its name what a client sends: it imports the module, and calls nothing in it."""
    refused({"tasks.py": TASKS.format(registered=registered)}, because="reads or writes what others share")


def test_a_task_that_is_made_in_another_module_is_registered_at_import() -> None:
    app = 'from celery import Celery\n\napp = Celery("tasks")\n'
    tasks = TASKS.format(registered="app.register_task(Add())").replace(
        'app = Celery("tasks")', "from main import app"
    )
    refused({"main.py": app, "tasks.py": tasks}, because="reads or writes what others share")
