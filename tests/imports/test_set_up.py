"""What a package sets up when it is imported must not undo what the program has set up by then."""

import pytest

from lazify.testing import check, refused

PARTS = "import logging\n\nlogging.getLogger('parts').setLevel(logging.INFO)\n"
RUN = "import sys, logging; sys.path.insert(0, 'vendor'); import m; m.f(); print(logging.getLogger('parts').level)"
HEAVY = {"heavy": ("parts",)}
HEAD = "import logging\nimport logging.config\n\nimport parts\n\n"
BODY = "\n\ndef f():\n    return parts.__name__\n"


@pytest.mark.parametrize(
    "code",
    [
        "logging.getLogger('parts').setLevel(logging.ERROR)",
        "for name in ('other', 'parts'):\n    logging.getLogger(name).setLevel(logging.ERROR)",
        "logging.config.dictConfig({'version': 1, 'loggers': {'parts': {'level': 'ERROR'}}})",
    ],
)
def test_a_package_whose_logger_the_program_sets_up_is_imported_before(code: str) -> None:
    files = {"m.py": HEAD + code + BODY, "vendor/parts/__init__.py": PARTS}
    check(files, flags=HEAVY, run=RUN)
    refused(files, because="importing parts may set up its logger, as m does", flags=HEAVY)


def test_a_function_that_sets_it_up_may_be_called_before() -> None:
    quiet = (
        "import logging\n\n\ndef quiet():\n    logging.getLogger('transformers').setLevel(logging.ERROR)\n"
    )
    model = "import transformers\n\n\ndef f():\n    return transformers.pipeline('translation')\n"
    refused({"quiet.py": quiet, "model.py": model}, because="transformers sets up its logger, as quiet does")


@pytest.mark.parametrize(
    "code",
    [
        "log = logging.getLogger(__name__)",
        "log = logging.getLogger('particles')\nNAME = 'parts'",
        "logging.getLogger('other').setLevel(logging.ERROR)",
    ],
)
def test_loggers_of_others_leave_it_alone(code: str) -> None:
    files = {"m.py": HEAD + code + BODY, "vendor/parts/__init__.py": PARTS}
    assert check(files, flags=HEAVY, run=RUN).plan.changes


def test_packages_that_are_known_to_leave_their_loggers_alone_move() -> None:
    code = "import logging\n\nimport httpx\n\nlogging.getLogger('httpx').setLevel(logging.ERROR)\n"
    assert check({"m.py": f"{code}\n\ndef f():\n    return httpx.get('x')\n"}).plan.changes


def test_a_package_that_has_warnings_shown_is_imported_before_the_program_has_them_ignored() -> None:
    code = "import warnings\n\nimport statsmodels.api as sm\n\nwarnings.filterwarnings('ignore')\n"
    files = {"m.py": f"{code}\n\ndef f():\n    return sm.OLS([1], [1])\n"}
    refused(files, because="importing statsmodels sets filters of warnings, as m does")


def test_a_package_that_extends_others_stays_where_only_another_function_names_it() -> None:
    code = "import pandas as pd\nimport woodwork as ww\n\n\ndef f():\n    return ww.init_series([])\n"
    files = {"m.py": f"{code}\n\ndef g():\n    return pd.DataFrame().ww.schema\n"}
    because = "importing woodwork changes what other packages do"
    outcome = check(files, flags={"heavy": ("woodwork",)})
    assert "import woodwork as ww\n\n\ndef f" in outcome.files["m.py"]
    assert any(because in refusal.reason for refusal in outcome.plan.refusals)
