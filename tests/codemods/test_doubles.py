"""A value that would be made first while a test replaces what it is made with stays: it would keep the double."""

import pytest

from lazify.testing import check, refused

CLIENT = """
class Client:
    def __init__(self):
        self.text = self.load()

    def load(self):
        return open("pyproject.toml").read()

    def ask(self):
        return self.text
"""
APP = """
from client import Client

client = Client()


def ask():
    return client.ask()
"""


@pytest.mark.parametrize(
    "patch",
    [
        'patch("app.Client")',
        'patch("client.Client.load")',
        'patch("app.Client.load")',
        'patch.object(app, "Client")',
        'patch.object(app.Client, "load")',
        'patch.object(Client, "load")',
    ],
)
def test_a_value_stays_when_a_test_replaces_what_it_is_made_with(patch: str) -> None:
    test = f"import app\nfrom client import Client\nfrom unittest.mock import patch\n\n\ndef test():\n    with {patch}:\n        app.ask()\n"
    refused({"client.py": CLIENT, "app.py": APP, "test_app.py": test}, because="a test replaces Client")


def test_a_value_stays_when_a_test_replaces_the_call_that_makes_it() -> None:
    app = "import requests\n\nrates = requests.get('https://rates').json()\n\n\ndef f():\n    return rates\n"
    for target in ('"app.requests.get"', '"requests.get"', 'requests, "get"'):
        test = f"import app, requests\n\n\ndef test(monkeypatch):\n    monkeypatch.setattr({target}, None)\n"
        refused(
            {"app.py": app, "test_app.py": test},
            because="a test replaces requests.get",
            flags={"select": ("LZ1",)},
        )


def test_a_value_waits_when_a_test_replaces_something_else() -> None:
    test = """
        import app, other
        from unittest.mock import patch


        def test():
            with patch("other.Client") as double, patch("client.Client.ask", lambda self: "asked"):
                double.return_value = 1
                return app.ask(), other.make()
    """
    files = {"client.py": CLIENT, "app.py": APP, "test_app.py": test}
    other = {"other.py": "from client import Client\n\n\ndef make():\n    return Client()\n"}
    outcome = check({**files, **other}, run="import test_app; print(test_app.test())")
    assert [change.title for change in outcome.plan.changes] == ["client becomes get_client()"]


def test_a_test_that_replaces_the_value_itself_is_followed() -> None:
    test = """
        import app
        from unittest.mock import patch


        def test():
            with patch("app.client") as double:
                double.ask.return_value = "mock"
                return app.ask()
    """
    files = {"client.py": CLIENT, "app.py": APP, "test_app.py": test}
    outcome = check(files, run="import test_app; print(test_app.test())")
    assert len(outcome.plan.changes) == 1
