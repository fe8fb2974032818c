"""What tests expect of importing a module: a failure, a warning. Seen in fastapi 0.165.0, in tests of its docs."""

import pytest

from lazify.testing import check, refused

SETTINGS = {
    "docs/__init__.py": "",
    "docs/a/__init__.py": "",
    "docs/a/main.py": """
        import os

        settings = {"mail": os.environ["MAIL"]}


        def mail():
            return settings["mail"]
        """,
}
TEST = """
    from importlib import import_module

    import pytest


    @pytest.fixture(params=["a"])
    def name(request):
        return f"{start}{{request.param}}.main"


    def test_it(name):
        with {context}:
            import_module(name)
    """


@pytest.mark.parametrize("context", ["pytest.raises(KeyError)", "open('x')"])
def test_a_test_that_imports_by_a_computed_name_may_expect_the_failure(context: str) -> None:
    test = TEST.format(start="docs.", context=context)
    refused({**SETTINGS, "tests/test_a.py": test}, because="it is imported under a guard or a patch")


def test_so_it_may_where_the_outermost_folder_has_no_init() -> None:
    """Seen in fastapi 0.165.0 as pytest runs it: `docs_src` is a namespace package."""
    files = {path: text for path, text in SETTINGS.items() if path != "docs/__init__.py"}
    test = TEST.format(start="docs.", context="pytest.raises(KeyError)")
    refused({**files, "tests/test_a.py": test}, because="it is imported under a guard or a patch")


@pytest.mark.parametrize(("start", "context"), [("other.", "pytest.raises(KeyError)"), ("docs.", "lock")])
def test_other_modules_and_other_blocks_expect_nothing_of_it(start: str, context: str) -> None:
    test = TEST.format(start=start, context=context)
    if context == "lock":
        test = test.replace("with lock:", "if name:")
    outcome = check({**SETTINGS, "tests/test_a.py": test})
    assert [change.code for change in outcome.plan.changes] == ["LZ103"]


EVENTS = {
    "main.py": """
        from fastapi import FastAPI

        app = FastAPI()


        @app.on_event("startup")
        def ready():
            print("ready")
        """
}


@pytest.mark.parametrize(
    "expectation", ["pytest.warns(DeprecationWarning)", "self.assertWarns(DeprecationWarning)"]
)
def test_a_test_may_expect_the_deprecation(expectation: str) -> None:
    test = f"import pytest\n\n\ndef test_it(self):\n    with {expectation}:\n        from main import app\n"
    because = "a test expects the warning that registering gives"
    refused({**EVENTS, "tests/test_main.py": test}, because=because, flags={"select": ("LZ3",)})


def test_a_test_that_expects_a_warning_elsewhere_does_not_mean_it() -> None:
    test = "import pytest\nfrom main import app\n\n\ndef test_it():\n    with pytest.warns(UserWarning):\n        app()\n"
    outcome = check({**EVENTS, "tests/test_main.py": test}, flags={"select": ("LZ3",)})
    assert [change.code for change in outcome.plan.changes] == ["LZ301"]
