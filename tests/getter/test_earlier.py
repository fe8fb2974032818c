"""What has run when a value is made at import changes nothing for it; what comes later does."""

import textwrap

import pytest

from lazify.testing import check, refused

API = """
    import os


    class Api:
        def __init__(self):
            self.base = os.getenv("API_BASE", "http://here")
            self.text = open("pyproject.toml").read()


    api = Api()


    def base():
        return api.base
    """
SETS = "import os\n\nos.environ['API_BASE'] = 'x'\n"
LOADS = "from dotenv import load_dotenv\n\nload_dotenv()\n"
LATER = {
    "in a function": {"main.py": "import api\n\n\ndef main():\n    {set}\n    print(api.base())\n"},
    "below its import": {"main.py": "import api\n\n{set}\nprint(api.base())\n"},
    "below what imports it": {"main.py": "import web\n\n{set}\n", "web.py": "import api\n"},
    "in what is imported after it": {"main.py": "import api\nimport prepare\n", "prepare.py": "{set}\n"},
    "in what nothing imports": {"prepare.py": "{set}\n"},
    "in what is imported before it under a condition": {
        "main.py": "import sys\nif 'x' in sys.argv:\n    import prepare\nimport api\n",
        "prepare.py": "{set}\n",
    },
    "in what it imports itself under a condition": {
        "api.py": f"import sys\n\nif 'x' in sys.argv: import prepare\n{textwrap.dedent(API)}",
        "prepare.py": "{set}\n",
    },
    "in what it imports where that may fail": {
        "api.py": f"try:\n    import nothing, prepare\nexcept ImportError: ...\n{textwrap.dedent(API)}",
        "prepare.py": "{set}\n",
    },
    "in what imports it by a call": {
        "api.py": f"import prepare\n{textwrap.dedent(API)}",
        "prepare.py": "def f(): import api\n\n\nf()\n{set}\n",
    },
    "in what imports it by a computed name": {
        "api.py": f"import prepare\n{textwrap.dedent(API)}",
        "prepare.py": "from importlib import import_module\n\nimport_module('a' + 'pi')\n{set}\n",
    },
    "now before it, now after": {
        "main.py": "import api\nimport prepare\n",
        "other.py": "import prepare\nimport api\n",
        "prepare.py": "{set}\n",
    },
}
BEFORE = {
    "above its import": {"main.py": "{set}\nimport api\n\n\ndef main():\n    print(api.base())\n"},
    "above what imports it": {"main.py": "{set}\nimport web\n", "web.py": "import api\n"},
    "in what is imported before it": {"main.py": "import prepare\nimport api\n", "prepare.py": "{set}\n"},
    "in the package around it": {"shop/__init__.py": "{set}\n", "shop/api.py": API},
    "in what brings it along": {"main.py": "import prepare\n", "prepare.py": "{set}\nimport api\n"},
}
SET = {
    "assigned": ("import os\n\n", "os.environ['API_BASE'] = 'x'", "the program sets API_BASE itself"),
    "loaded": (
        "from dotenv import load_dotenv\n\n",
        "load_dotenv()",
        "variables of the environment, which the program changes",
    ),
}


def written(files: dict[str, str], start: str, does: str) -> dict[str, str]:
    return {
        "api.py": API,
        **{
            path: start + text.replace("{set}", does) if "{set}" in text else text
            for path, text in files.items()
        },
    }


@pytest.mark.parametrize(("start", "does", "because"), SET.values(), ids=SET)
@pytest.mark.parametrize("files", LATER.values(), ids=LATER)
def test_a_value_that_was_made_before_a_variable_is_set_stays(
    files: dict[str, str], start: str, does: str, because: str
) -> None:
    refused(written(files, start, does), because=because)


@pytest.mark.parametrize(("start", "does", "because"), SET.values(), ids=SET)
@pytest.mark.parametrize("files", BEFORE.values(), ids=BEFORE)
def test_a_value_that_was_made_after_a_variable_is_set_waits(
    files: dict[str, str], start: str, does: str, because: str
) -> None:
    assert check(written(files, start, does)).plan.changes, because


def test_what_the_module_of_the_value_imports_above_has_run() -> None:
    files = {
        "api.py": "import prepare\n"
        + "import os\n\nKEY = open(os.getenv('KEY', 'api.py')).read()\n\n\ndef key():\n    return KEY\n",
        "prepare.py": LOADS,
    }
    assert check(files).plan.changes
    files = {
        "api.py": "import os\n\nKEY = open(os.getenv('KEY', 'api.py')).read()\n\n\ndef key():\n    return KEY\n\n\nimport prepare\n",
        "prepare.py": LOADS,
    }
    refused(files, because="variables of the environment, which the program changes")


@pytest.mark.parametrize(
    ("makes", "variable"),
    [
        ("import httpx\n\nclient = httpx.Client()", "HTTPS_PROXY"),
        ("from openai import OpenAI\n\nclient = OpenAI()", "OPENAI_BASE_URL"),
        ("import torch\n\nclient = torch.load('a.pt')", "CUDA_VISIBLE_DEVICES"),
    ],
)
def test_a_client_that_reads_variables_when_it_is_made_stays_where_they_are_set_later(
    makes: str, variable: str
) -> None:
    client = f"{makes}\n\n\ndef use():\n    return client\n"
    main = "import client\nimport os\n\n\ndef main():\n    os.environ['{}'] = 'x'\n    return client.use()\n"
    flags = {"select": ("LZ1",)}
    files = {"client.py": client, "main.py": main.format(variable)}
    refused(files, because=f"the program sets {variable} itself", flags=flags)
    assert check({**files, "main.py": main.format("OTHER")}, flags=flags).plan.changes
    test = f"import client\n\n\ndef test(monkeypatch):\n    monkeypatch.setenv('{variable}', 'x')\n    client.use()\n"
    refused({"client.py": client, "test_client.py": test}, because=f"a test sets {variable}", flags=flags)


SETTINGS = """
    from pydantic_settings import BaseSettings


    class Base(BaseSettings):
        token: str


    class Settings(Base):
        model_config = {"env_prefix": "SHOP_"}
        base_url: str = "http://here"


    settings = Settings()


    def url():
        return settings.base_url
    """


@pytest.mark.parametrize("variable", ["SHOP_BASE_URL", "base_url", "SHOP_TOKEN"])
def test_settings_stay_whose_variables_are_set_later(variable: str) -> None:
    files = {
        "shop.py": SETTINGS,
        "main.py": f"import os\nimport shop\n\n\ndef main():\n    os.environ['{variable}'] = 'x'\n",
    }
    refused(files, because=f"the program sets {variable} itself")
    test = f"import shop\n\n\ndef test(monkeypatch):\n    monkeypatch.setenv('{variable}', 'x')\n    shop.url()\n"
    refused({"shop.py": SETTINGS, "test_shop.py": test}, because=f"a test sets {variable}")
    assert check({"shop.py": SETTINGS, "test_shop.py": test.replace(variable, "OTHER")}).plan.changes
