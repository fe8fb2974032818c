"""What looks like a reason to refuse and is none, each seen in a real application."""

import pytest

from lazify.testing import check, refused, untouched

LOAD = """
import json
from pathlib import Path


def load(path):
    return json.loads(Path(path).read_text())
"""


def titles(files: dict[str, str], run: str | None = None) -> list[str]:
    return [change.title for change in check(files, run=run, flags={"select": ("LZ1",)}).plan.changes]


def test_a_module_that_is_loaded_already_does_not_run_again() -> None:
    files = {
        "pkg/__init__.py": "import random\n\nseed = random.random()\nfrom pkg.plans import plan\n",
        "pkg/plans.py": """
            class Plan:
                def __init__(self):
                    import pkg
                    self.size = 1

            plan = Plan()

            def size():
                return plan.size
        """,
    }
    outcome = check(files, run="import pkg; print(pkg.plans.size())")
    assert not [c for c in outcome.plan.changes if c.at.path.name == "plans.py"]
    assert not [r for r in outcome.plan.refusals if r.at.path.name == "plans.py"]


def test_a_module_that_nothing_has_loaded_yet_runs_now() -> None:
    files = {
        "audit.py": 'log = open("audit.log", "a")\n\ndef write(text):\n    log.write(text)\n',
        "app.py": """
            class Guard:
                def __init__(self):
                    import audit
                    self.write = audit.write

            guard = Guard()

            def run():
                guard.write("x")
        """,
    }
    assert "guard becomes get_guard()" in titles(files, "import app; app.run(); print('ok')")


def test_a_logger_whose_level_is_set_elsewhere_is_no_state() -> None:
    files = {
        "logs.py": """
            import logging

            logger = logging.getLogger("app")

            def verbose():
                logger.setLevel(10)
                logger.disabled = False
        """,
        "app.py": LOAD
        + """
from logs import logger

def read():
    logger.info("reading")
    return load("rates.json")

rates = read()

def rate(name):
    return rates[name]
""",
        "rates.json": '{"a": 1}',
    }
    assert titles(files, "import app; print(app.rate('a'))") == ["rates becomes get_rates()"]


def test_sending_a_patch_request_patches_no_name() -> None:
    files = {
        "app.py": LOAD + '\nrates = load("rates.json")\n\ndef rate(name):\n    return rates[name]\n',
        "rates.json": '{"a": 1}',
        "client.py": """
            import requests

            def update(url, rates):
                return requests.patch(url, json=rates)

            class Client:
                def send(self, base, rates):
                    return self.session.patch(f"{base}/rates", json=rates)
        """,
    }
    assert titles(files, "import app; print(app.rate('a'))") == ["rates becomes get_rates()"]


def test_a_path_beside_the_file_does_not_depend_on_the_working_folder() -> None:
    files = {
        "app.py": LOAD
        + '\nrates = load(Path(__file__).with_name("rates.json"))\n\ndef rate(name):\n    return rates[name]\n',
        "rates.json": '{"a": 1}',
        "work.py": "import os\n\ndef enter(folder):\n    os.chdir(folder)\n",
    }
    assert titles(files, "import app, work; work.enter('/'); print(app.rate('a'))") == [
        "rates becomes get_rates()"
    ]


def test_what_the_import_system_finds_does_not_depend_on_the_working_folder() -> None:
    files = {
        "app.py": """
            from importlib.resources import read_text

            rates = read_text("data", "rates.json")

            def size():
                return len(rates)
        """,
        "data/__init__.py": "",
        "data/rates.json": "{}",
        "work.py": "import os\n\ndef enter(folder):\n    os.chdir(folder)\n",
    }
    assert titles(files, "import app; print(app.size())") == ["rates becomes get_rates()"]


def test_the_version_of_an_installed_package_is_read_where_its_code_is() -> None:
    text = 'from importlib.metadata import version\n\nagent = "click/" + version("click")\n\ndef header():\n    return agent\n'
    untouched({"app.py": text})


def test_random_numbers_cannot_fail_so_a_guarded_import_does_not_wait_for_them() -> None:
    files = {
        "ids.py": "import uuid\n\nclass Worker:\n    def __init__(self):\n        self.name = uuid.uuid4().hex\n\n"
        "worker = Worker()\n\ndef name():\n    return len(worker.name)\n",
        "app.py": """
            try:
                import ids
            except Exception:
                ids = None

            def run():
                return ids.name()
        """,
    }
    assert titles(files, "import app; print(app.run())") == ["worker becomes get_worker()"]


def test_what_an_instance_holds_under_the_name_of_a_constant_is_its_own() -> None:
    files = {
        "config.py": """
            import secrets

            class Config:
                origins = None

                def __init__(self):
                    self.key = secrets.token_hex(4)

            def make():
                config = Config()
                if not config.origins:
                    config.origins = ["*"]
                else:
                    config.origins.remove("*")
                return config
        """,
        "app.py": "from config import make\n\nconfig = make()\n\ndef origins():\n    return config.origins\n",
    }
    assert titles(files, "import app; print(app.origins())") == ["config becomes get_config()"]


def test_the_statement_itself_is_no_writer_of_what_it_reads() -> None:
    files = {
        "app.py": """
            from pathlib import Path

            rates = Path("rates.json").read_text()
            Path("other.json").write_text("{}")

            def size():
                return len(rates)
        """,
        "rates.json": "{}",
    }
    assert titles(files, "import app; print(app.size())") == ["rates becomes get_rates()"]


def test_what_somebody_sets_of_a_class_is_shared_though_its_body_holds_a_constant() -> None:
    refused(
        {
            "a.py": """
                class Config:
                    cache = None

                Config.cache = {}

                def make():
                    Config().cache["a"] = 1
                    return open("pyproject.toml").read()

                text = make()
                seen = len(Config.cache)

                def size():
                    return len(text), seen
            """,
        },
        because="what others share",
    )


APPLICATION = """
    from typing import Generic, TypeVar

    T = TypeVar("T")

    class Base(Generic[T]):
        def run(self) -> T:
            return self.text

    class Application(Base):
        def __init__(self):
            self.text = open("pyproject.toml").read()

    application = Application()

    def main():
        return application.run()
"""


def test_servers_cannot_call_what_is_not_callable() -> None:
    found = titles({"a.py": APPLICATION}, "import a; print(a.main())")
    assert found == ["application becomes get_application()"]


@pytest.mark.parametrize(
    "changed",
    [
        ("        def run(self)", "        def __call__(self, *given): ...\n\n        def run(self)"),
        ("Base(Generic[T]):", "Base(Generic[T], Other):"),
        ("    class Base(", "    @decorated\n    class Base("),
        ("Base(Generic[T]):", "Base(Generic[T] if T else object):"),
        ("application = Application()", "Base.__call__ = main\n\n    application = Application()"),
        ("application = Application()", "application = made(Application())"),
    ],
    ids=["a method", "unread base", "decorator", "computed base", "set from outside", "unknown function"],
)
def test_servers_may_call_what_may_be_callable(changed: tuple[str, str]) -> None:
    refused({"a.py": APPLICATION.replace(*changed)}, because="servers and frameworks look application up")


def test_a_copy_of_a_named_tuple_changes_nothing_of_the_first() -> None:
    before = """
        from collections import namedtuple
        from typing import NamedTuple

        class Look(NamedTuple):
            colour: str
            text: str = ""

            def told(self):
                return f"{self.colour} {self.text}"

        PLAIN = Look("red")
        ORIGIN = namedtuple("Point", "x y")(0, 0)

        class Style:
            def __init__(self):
                self.look = PLAIN._replace(text=open("pyproject.toml").read())._replace(colour="blue")
                self.at = ORIGIN._replace(x=1)._asdict()

        style = Style()

        def size():
            return style.look.told(), style.at, PLAIN, len(style.look._asdict())
    """
    assert titles({"a.py": before}, "import a; print(a.size())") == ["style becomes get_style()"]


def test_a_class_that_a_function_makes_for_each_call_is_nothing_shared() -> None:
    before = """
        def make(name):
            class Sentinel:
                text = open("pyproject.toml").read()

            Sentinel.__name__ = name
            return Sentinel()

        MISSING = make("MISSING")

        def name():
            return type(MISSING).__name__
    """
    assert titles({"a.py": before}, "import a; print(a.name())") == ["MISSING becomes get_missing()"]


@pytest.mark.parametrize(
    "made",
    [
        "class Sentinel: ...\n            Sentinel = LAST or Sentinel",
        "class Sentinel: ...\n            from b import Sentinel",
        "class Sentinel: ...\n            for Sentinel in [LAST]: ...",
        "class Other: ...\n            Sentinel = LAST",
    ],
    ids=["bound again", "imported", "of a loop", "of the module"],
)
def test_a_class_that_others_know_is_shared(made: str) -> None:
    before = f"""
        class LAST: ...

        def make():
            {made}
            Sentinel.size = open("pyproject.toml").read()
            return Sentinel.size

        MISSING = make()
        SEEN = LAST.size

        def name():
            return MISSING, SEEN
    """
    refused({"a.py": before, "b.py": "from a import LAST as Sentinel\n"}, because="what others share")
