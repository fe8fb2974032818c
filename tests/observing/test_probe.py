"""What the probe sees, in every version of Python that is installed here."""

from pathlib import Path

import pytest

from lazify.model.effects import EffectKind
from lazify.model.observations import Imported, Observation, Raised
from tests.observing.interpreters import INTERPRETERS
from tests.observing.project import conditions, seen, told, written

SERVICE = {
    "api/index.py": """
        import os
        from app import store, clock
        app = store.App()
        """,
    "app/__init__.py": "",
    "app/store.py": """
        import os
        import sqlite3
        import threading

        from app.files import read

        KEY = os.environ["KEY"]
        MODE = os.environ.get("MODE")
        ALL = dict(os.environ)
        db = sqlite3.connect(
            ":memory:"
        )
        settings = read("settings.txt")
        os.makedirs("made", exist_ok=True)

        def work():
            open("log.txt", "a").close()

        worker = threading.Thread(target=work)
        worker.start()
        worker.join()

        class Rule:
            rule = "/rule"
            methods = {"GET"}

        class Map:
            def iter_rules(self):
                return [Rule]

        class App:
            url_map = Map()
        """,
    "app/files.py": """
        __all__ = ["read"]

        def read(name):
            with open(name) as file:
                return file.read()
        """,
    "app/clock.py": """
        import time
        time.sleep(0.05)
        """,
    "settings.txt": "",
}


@pytest.fixture(params=INTERPRETERS)
def observed(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Observation]:
    root = written(tmp_path, SERVICE)
    return root, seen(root, "api/index.py", conditions(request.param, KEY="secret"))


def test_effects_are_blamed_on_lines_of_module_bodies(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    assert observation.outcome == Imported()
    effects = {
        (effect.kind, effect.detail, told(effect.blamed, root), told(effect.at, root))
        for effect in observation.effects
        if effect.blamed and not effect.is_installed
    }
    assert effects == {
        (EffectKind.DATABASE, ":memory:", "app/store.py:10", "app/store.py:10"),
        (EffectKind.FILE_READ, "settings.txt", "app/store.py:13", "app/files.py:4"),
        (EffectKind.FILE_WRITE, "made", "app/store.py:14", "app/store.py:14"),
        (EffectKind.THREAD, "work", "app/store.py:20", "app/store.py:20"),
        (EffectKind.FILE_WRITE, "log.txt", "app/store.py:20", "app/store.py:17"),
        (EffectKind.SLEEP, "0.05", "app/clock.py:2", "app/clock.py:2"),
    }


def test_the_chain_leads_to_the_entry(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    database = next(effect for effect in observation.effects if effect.kind is EffectKind.DATABASE)
    assert [told(line, root) for line in database.chain] == ["app/store.py:10", "api/index.py:2"]


def test_only_a_subscript_requires_a_variable(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    read = {
        (each.name, each.is_required, each.is_set, told(each.at, root))
        for each in observation.variables
        if each.name in ("KEY", "MODE")
    }
    assert read == {("KEY", True, True, "app/store.py:7"), ("MODE", False, False, "app/store.py:8")}


def test_reading_all_variables_requires_none(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    assert not any(told(each.at, root) == "app/store.py:9" for each in observation.variables)


def test_each_second_is_one_lines_own(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    costs = {told(cost.at, root): cost for cost in observation.costs}
    assert costs["app/clock.py:2"].own_seconds >= 0.05
    outer = costs["api/index.py:2"]
    assert outer.seconds >= costs["app/clock.py:2"].own_seconds
    assert outer.own_seconds < outer.seconds - 0.04
    assert sum(cost.own_seconds for cost in observation.costs) <= observation.seconds


def test_modules_know_what_they_took_and_who_imported_them(observed: tuple[Path, Observation]) -> None:
    root, observation = observed
    modules = {module.name: module for module in observation.modules}
    assert modules["app.store"].file == root / "app/store.py"
    assert told(modules["app.store"].importer, root) == "api/index.py:2"
    assert told(modules["sqlite3"].importer, root) == "app/store.py:2"
    assert modules["sqlite3.dbapi2"].parent == "sqlite3"
    assert modules["app.clock"].own_seconds >= 0.05
    assert modules["api.index"].seconds >= modules["app.clock"].seconds


def test_names_and_routes_are_listed(observed: tuple[Path, Observation]) -> None:
    _, observation = observed
    names = {each.name: each for each in observation.names}
    assert names["app.files"].values == ("read",)
    assert names["app.clock"].modules == ("time",)
    assert "App" in names["app.store"].values
    assert [(route.app, route.method, route.path) for route in observation.routes] == [
        ("app", "GET", "/rule")
    ]


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_plain_run_lists_the_same_modules_and_blames_nobody(python: str, tmp_path: Path) -> None:
    root = written(tmp_path, SERVICE)
    on = conditions(python, KEY="secret")
    traced = seen(root, "api/index.py", on)
    plain = seen(root, "api/index.py", on, is_traced=False)
    assert {each.name for each in plain.modules} == {each.name for each in traced.modules}
    assert plain.names == traced.names
    assert not plain.effects
    assert not plain.costs
    assert plain.peak_bytes >= plain.base_bytes > 0


@pytest.mark.parametrize("python", INTERPRETERS)
def test_the_entry_sees_what_it_would_see_without_the_probe(python: str, tmp_path: Path) -> None:
    root = written(
        tmp_path,
        {
            "entry.py": """
                import os, pickle, sys, time
                main = sys.modules["__main__"]
                seen = [sys.argv, sys.path[0], sorted(name for name in vars(main) if name != "__annotations__")]
                ours = [name for name in sys.modules if "probe" in name or name in ("__future__", "resource")]
                assert not ours, ours
                assert seen == [["-c"], "", EXPECTED], seen
                assert pickle.loads(pickle.dumps(time.sleep)) is time.sleep
                class Waiter:
                    wait = time.sleep
                Waiter().wait(0)
                assert os.environ.copy() == dict(os.environ)
                os.environ["NEW"] = "1"
                assert os.environ.pop("NEW") == os.environ.pop("NEW", "1")
                assert "NEW" not in os.environ
                """.replace(
                "EXPECTED",
                repr(["__builtins__", "__doc__", "__loader__", "__name__", "__package__", "__spec__"]),
            )
        },
    )
    for is_traced in (False, True):
        assert seen(root, "entry.py", conditions(python), is_traced=is_traced).outcome == Imported()


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_traceback_is_that_of_the_entry_alone(python: str, tmp_path: Path) -> None:
    root = written(tmp_path, {"entry.py": "import part\n", "part.py": "def f():\n    1 / 0\nf()\n"})
    outcome = seen(root, "entry.py", conditions(python)).outcome
    assert isinstance(outcome, Raised)
    assert outcome.error == "ZeroDivisionError"
    assert told(outcome.at, root) == "part.py:2"
    assert [told(line, root) for line in outcome.chain] == ["part.py:3", "entry.py:1"]
    assert "probe" not in outcome.traceback
    assert outcome.traceback.count("  File ") == 3


def test_an_installed_entry_is_first_party(tmp_path: Path) -> None:
    observation = seen(written(tmp_path, {}), "json")
    assert {each.name for each in observation.names} >= {"json", "json.decoder"}


def test_files_of_the_standard_library_are_marked(tmp_path: Path) -> None:
    root = written(tmp_path, {"entry.py": "import json, pathlib\npathlib.Path(json.__file__).read_text()\n"})
    effects = [
        effect for effect in seen(root, "entry.py").effects if effect.detail.endswith("json/__init__.py")
    ]
    assert [effect.is_installed for effect in effects] == [True]
