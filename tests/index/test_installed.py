from collections.abc import Mapping
from pathlib import Path

import pytest

from lazify.index.installed import Installed
from lazify.index.store import Store, content_key, scanner_version
from lazify.knowledge import Knowledge
from tests.index.installations import Installation, install

OPENS = "class Client:\n    def __init__(self, path):\n        self.log = open(path)\n"
HARMLESS = "class Client:\n    def __init__(self, path):\n        self.path = path\n"
PROJECT = {"app.py": "import acme\n\nx = acme.Client('a')\n"}
UNKNOWN = {"unknown acme.Client"}
OPENED = {"file read builtins.open"}


def of(tmp_path: Path, installed: Mapping[str, str], project: Mapping[str, str] = PROJECT) -> set[str]:
    """What `app.x` does, with these files in a folder of packages."""
    return Installation(project, install(tmp_path, installed)).kinds("app.x")


def test_a_constructor_that_opens_a_file_is_dangerous_and_the_chain_leads_into_the_package(
    tmp_path: Path,
) -> None:
    world = Installation(PROJECT, install(tmp_path, {"acme.py": OPENS}))
    assert world.kinds("app.x") == OPENED
    assert world.chain("app.x", "builtins.open") == [
        'app.py:3 acme.Client("a")',
        "acme.py:2 __init__",
        "acme.py:3 open(…)",
    ]


def test_a_constructor_that_only_keeps_its_argument_is_safe(tmp_path: Path) -> None:
    assert of(tmp_path, {"acme.py": HARMLESS}) == set()


def test_without_the_package_its_constructor_is_unknown(tmp_path: Path) -> None:
    assert of(tmp_path, {}) == UNKNOWN


@pytest.mark.parametrize(
    "package",
    [
        {"__init__.py": "from acme.client import Client\n", "client.py": OPENS},
        {"__init__.py": "from .client import Client\n", "client.py": OPENS},
        {"__init__.py": "from .client import Client as Inner\nClient = Inner\n", "client.py": OPENS},
        {"__init__.py": "from . import client\nClient = client.Client\n", "client.py": OPENS},
        {"__init__.py": "from .client import *\n", "client.py": OPENS},
        {"__init__.py": "from .client import *\n", "client.py": f"__all__ = ['Client']\n{OPENS}"},
        {"__init__.py": "from .a import *\n", "a.py": "from .client import *\n", "client.py": OPENS},
        {"__init__.py": "from .deep.er import Client\n", "deep/er.py": "from ..client import Client\n", "client.py": OPENS},
        {"__init__.py": "from .client import client\nClient = client\n", "client.py": f"{OPENS}\ndef client(path):\n    return Client(path)\n"},
        {"__init__.py": "try:\n    from ._fast import Client\nexcept ImportError:\n    from .client import Client\n", "_fast.py": OPENS, "client.py": OPENS},
        {"__init__.py": "class Base:\n    def __init__(self, path):\n        open(path)\n\nclass Client(Base):\n    pass\n"},
        {"__init__.py": "class Meta(type):\n    def __call__(cls, path):\n        open(path)\n\nclass Client(metaclass=Meta):\n    pass\n"},
        {"__init__.py": "def Client(path):\n    from .late import load\n    return load(path)\n", "late.py": "def load(path):\n    return open(path)\n"},
    ],
)  # fmt: skip
def test_the_package_may_keep_it_anywhere(tmp_path: Path, package: Mapping[str, str]) -> None:
    assert of(tmp_path, {f"acme/{name}": text for name, text in package.items()}) == OPENED


@pytest.mark.parametrize(
    "package",
    [
        {"acme/__init__.py": "def __getattr__(name):\n    from . import client\n    return getattr(client, name)\n", "acme/client.py": HARMLESS},
        {"acme/__init__.py": f"{HARMLESS}\nimport sys\nsys.modules[__name__] = Client\n"},
        {"acme/__init__.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .client import Client\n", "acme/client.py": HARMLESS},
        {"acme/__init__.py": "from ._c import Client\n", "acme/_c.cpython-311-x86_64-linux-gnu.so": ""},
        {"acme/__init__.py": "from .client import Client\n", "acme/client.py": HARMLESS, "acme/client.cpython-311-x86_64-linux-gnu.so": ""},
        {"acme/__init__.py": "from .client import Client\n", "acme/client.pyc": ""},
        {"acme/__init__.py": "from .client import Client\n", "acme/client.pyi": HARMLESS},
        {"acme-stubs/__init__.py": HARMLESS},
        {"acme/__init__.pyi": HARMLESS},
        {"acme.py": "class Client:\n"},
        {"acme.py": HARMLESS, "acme.abi3.so": ""},
        {"acme/__init__.py": "from .client import *\n", "acme/client.py": f"__all__ = ['Other']\n{HARMLESS}"},
        {"acme/__init__.py": "from .client import *\nfrom ._c import *\n", "acme/client.py": HARMLESS, "acme/_c.abi3.so": ""},
        {"acme/__init__.py": "from acme import Client\n"},
        {"acme/__init__.py": "from .a import Client\n", "acme/a.py": "from . import Client\n"},
        {"acme/__init__.py": "from .a import *\n", "acme/a.py": "from . import *\n"},
        {"acme/__init__.py": "from .... import Client\n"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_stays_unknown(tmp_path: Path, package: Mapping[str, str]) -> None:
    (kind,) = of(tmp_path, package)
    assert kind.startswith("unknown acme.")


def test_safe_needs_all_that_is_reached_to_be_readable(tmp_path: Path) -> None:
    init = "from .base import Base\nfrom ._c import setup\n\nclass Client(Base):\n    pass\n"
    base = "from ._c import setup\n\nclass Base:\n    def __init__(self, path):\n        setup(path)\n"
    files = {"acme/__init__.py": init, "acme/base.py": base, "acme/_c.abi3.so": ""}
    assert of(tmp_path, files) == {"unknown acme._c.setup"}


def test_a_class_with_an_unreadable_base_is_unknown(tmp_path: Path) -> None:
    files = {"acme/__init__.py": "from ._c import Base\n\nclass Client(Base):\n    pass\n"}
    assert of(tmp_path, files) == {"unknown acme._c.Base"}


@pytest.mark.parametrize(
    "text",
    [
        "import other\n\n@other.deco\ndef Client(path):\n    return path\n",
        "from ._c import Meta\n\nclass Client(metaclass=Meta):\n    pass\n",
        "from ._c import deco\n\n@deco\nclass Client:\n    pass\n",
        "from ._c import hooks\n\n@hooks['deco']\nclass Client:\n    pass\n",
    ],
)
def test_what_unknown_decorators_and_metaclasses_make_of_it_is_unknown(tmp_path: Path, text: str) -> None:
    (kind,) = of(tmp_path, {"acme/__init__.py": text})
    assert kind.startswith("unknown ")


@pytest.mark.parametrize(
    "text",
    [
        "import functools\n\n@functools.lru_cache\ndef Client(path):\n    return path\n",
        "from abc import ABCMeta\n\nclass Client(metaclass=ABCMeta):\n    def __init__(self, path):\n        pass\n",
        "from dataclasses import dataclass\n\n@dataclass\nclass Client:\n    path: str\n",
        "from .d import deco\n\n@deco\ndef Client(path):\n    return path\n",
    ],
)
def test_known_decorators_and_metaclasses_leave_it_what_it_is(tmp_path: Path, text: str) -> None:
    wraps = "import functools\n\ndef deco(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a)\n    return inner\n"
    assert of(tmp_path, {"acme/__init__.py": text, "acme/d.py": wraps}) == set()


def test_a_function_that_has_the_name_of_its_module_is_the_function(tmp_path: Path) -> None:
    files = {
        "acme/__init__.py": "from .tool import tool\n",
        "acme/tool.py": "def tool(path):\n    return open(path)\n",
    }
    assert of(tmp_path, files, {"app.py": "import acme\n\nx = acme.tool('a')\n"}) == OPENED
    project = {"app.py": "from acme.tool import tool\n\nx = tool('a')\n"}
    assert Installation(project, tmp_path).kinds("app.x") == OPENED
    assert (
        Installation({"app.py": "import acme\n\nx = acme.tool.tool('a')\n"}, tmp_path).kinds("app.x") != set()
    )


def test_the_knowledge_base_wins(tmp_path: Path) -> None:
    project = {"app.py": "import requests\n\nx = requests.get('http://a')\n"}
    assert of(tmp_path, {"requests.py": "def get(url):\n    return url\n"}, project) == {
        "network requests.get"
    }


KNOWN = Knowledge({"acme": '[acme]\nsource = "a page"\nnetwork = ["Client"]\nharmless = ["Session"]\n'})


@pytest.mark.parametrize(
    "text",
    [
        "from acme.inner import Client\n\nx = Client('a')\n",
        "import other\n\nx = other.make('a')\n",
    ],
)
def test_what_the_knowledge_base_knows_by_its_public_name_is_known_where_it_is_written(
    tmp_path: Path, text: str
) -> None:
    files = {
        "acme/__init__.py": "from .inner import Client\n",
        "acme/inner.py": HARMLESS,
        "other.py": "from acme.inner import Client\n\ndef make(path):\n    return Client(path)\n",
    }
    world = Installation({"app.py": text}, install(tmp_path, files), facts=KNOWN)
    assert world.kinds("app.x") == {"network acme.Client"}


def test_rules_for_all_of_a_package_say_nothing_of_what_is_private_there(tmp_path: Path) -> None:
    files = {
        "acme/__init__.py": "from .inner import _Client as Client\n",
        "acme/inner.py": OPENS.replace("Client", "_Client"),
    }
    rule = Knowledge({"acme": '[acme]\nsource = "a page"\nharmless = ["inner.*"]\n'})
    world = Installation(PROJECT, install(tmp_path, files), facts=rule)
    assert world.kinds("app.x") == {"unknown builtins.open"}


def test_methods_that_the_knowledge_base_does_not_list_are_read(tmp_path: Path) -> None:
    session = "class Session:\n    def load(self):\n        open('a')\n\n    def __call__(self):\n        open('b')\n"
    folder = install(tmp_path, {"acme.py": session})
    project = {"app.py": "import acme\n\ns = acme.Session()\nx = s.load()\ny = s()\nz = s.more()\n"}
    world = Installation(project, folder, facts=KNOWN)
    assert [world.kinds(f"app.{name}") for name in "sxy"] == [
        set(),
        {"unknown builtins.open"},
        {"unknown builtins.open"},
    ]
    assert world.kinds("app.z") == {"unknown acme.Session.more"}


def test_properties_and_getattr_of_installed_classes_run_when_attributes_are_read(tmp_path: Path) -> None:
    acme = """
        class Client:
            @property
            def log(self):
                return open("a")

        class Lazy:
            def __getattr__(self, name):
                return open(name)
    """
    folder = install(tmp_path, {"acme.py": acme})
    project = {
        "app.py": "import acme\n\nx = acme.Client().log\ny = acme.Lazy().anything\nz = acme.Client().other\n"
    }
    world = Installation(project, folder)
    assert world.kinds("app.x") == OPENED
    assert world.kinds("app.y") == OPENED
    assert world.kinds("app.z") == set()


def test_a_class_of_the_project_inherits_what_an_installed_one_does(tmp_path: Path) -> None:
    project = {"app.py": "from acme import Client\n\nclass Own(Client):\n    pass\n\nx = Own('a')\n"}
    assert of(tmp_path, {"acme.py": OPENS}, project) == OPENED


def test_installed_code_that_calls_back_reaches_functions_of_the_project_only(tmp_path: Path) -> None:
    acme = "def call(function):\n    return inner(function)\n\ndef inner(function):\n    return function()\n"
    project = {"app.py": "from acme import call\n\ndef load():\n    open('a')\n\nx = call(load)\n"}
    world = Installation(project, install(tmp_path, {"acme.py": acme}))
    assert world.kinds("app.x") == OPENED
    assert world.reached("app.x") == {"app.load"}


def test_state_that_installed_code_shares_is_told(tmp_path: Path) -> None:
    acme = """
        from . import registry

        class Client:
            def __init__(self, name):
                registry.CLIENTS[name] = self

        def count():
            return len(registry.CLIENTS)
    """
    files = {
        "acme/__init__.py": acme,
        "acme/registry.py": "CLIENTS = {}\n\ndef clear():\n    CLIENTS.clear()\n",
    }
    project = {"app.py": "import acme\n\nx = acme.Client('a')\ny = acme.count()\n"}
    world = Installation(project, install(tmp_path, files))
    assert world.kinds("app.x") == {"shared state acme.registry.CLIENTS"}
    assert world.kinds("app.y") == {"shared state acme.registry.CLIENTS"}


def test_a_method_that_changes_what_the_project_holds_is_told(tmp_path: Path) -> None:
    acme = "class Session:\n    def add(self, name):\n        self.names = [name]\n"
    project = {"app.py": "import acme\n\ns = acme.Session()\nx = s.add('a')\n"}
    world = Installation(project, install(tmp_path, {"acme.py": acme}), facts=KNOWN)
    assert world.kinds("app.x") == {"shared state app.s"}


def test_importing_an_installed_module_is_no_effect_like_any_import_from_outside(tmp_path: Path) -> None:
    project = {"app.py": "def load():\n    import acme\n    return acme.VALUE\n\nx = load()\n"}
    assert of(tmp_path, {"acme.py": "open('a')\nVALUE = 1\n"}, project) == set()


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    files = {
        "acme/__init__.py": "from .client import Client\nfrom .server import Server\nimport other\n",
        "acme/client.py": HARMLESS,
        "acme/server.py": OPENS,
        "other.py": OPENS,
    }
    world = Installation(PROJECT, install(tmp_path, files))
    assert world.kinds("app.x") == set()
    assert world.installed.read == ("acme", "acme.client")


def test_what_was_read_is_kept_by_content(tmp_path: Path) -> None:
    folder, cache = install(tmp_path / "packages", {"acme.py": HARMLESS}), tmp_path / "cache"
    cache.mkdir(mode=0o700)
    assert Installation(PROJECT, folder, cache=cache).kinds("app.x") == set()
    key = content_key((folder / "acme.py").read_bytes(), scanner_version())
    with Store(cache) as store:
        assert key in store.get([key])
    assert Installation(PROJECT, folder, cache=cache).kinds("app.x") == set()
    install(folder, {"acme.py": OPENS})
    assert Installation(PROJECT, folder, cache=cache).kinds("app.x") == OPENED


def test_modules_of_the_project_come_first_and_are_not_seen_from_installed_ones(tmp_path: Path) -> None:
    files = {
        "acme.py": "import tools\n\ndef Client(path):\n    return tools.load(path)\n",
        "tools.py": "def load(path):\n    return path\n",
    }
    project = {
        "app.py": "import acme\nimport tools\n\nx = acme.Client('a')\ny = tools.load('a')\n",
        "tools.py": "def load(path):\n    return open(path)\n",
    }
    world = Installation(project, install(tmp_path, files))
    assert world.kinds("app.x") == set()
    assert world.kinds("app.y") == OPENED


def test_a_folder_of_packages_may_lead_back_into_the_project(tmp_path: Path) -> None:
    # `pip install --editable` puts the project's own folder on the path.
    world = Installation({"core.py": HARMLESS}, tmp_path)
    core = world.modules["core"]
    installed = Installed([install(tmp_path, {"core.py": OPENS})], {tmp_path / "core.py": core}, Store(None))
    assert installed.module("core") is core


def test_namespace_packages_lie_in_several_folders(tmp_path: Path) -> None:
    one = install(tmp_path / "one", {"acme/client.py": HARMLESS})
    two = install(tmp_path / "two", {"acme/server.py": OPENS})
    project = {
        "app.py": "import acme.client\nfrom acme.server import Client\n\nx = acme.client.Client('a')\ny = Client('a')\n"
    }
    world = Installation(project, one, two)
    assert world.kinds("app.x") == set()
    assert world.kinds("app.y") == OPENED


def test_the_first_folder_with_the_name_wins(tmp_path: Path) -> None:
    one, two = install(tmp_path / "one", {"acme.py": HARMLESS}), install(tmp_path / "two", {"acme.py": OPENS})
    assert Installation(PROJECT, one, two).kinds("app.x") == set()
    assert Installation(PROJECT, two, one).kinds("app.x") == OPENED


def test_star_imports_of_the_project_bring_installed_names(tmp_path: Path) -> None:
    project = {"app.py": "from acme import *\n\nx = Client('a')\n"}
    assert of(tmp_path, {"acme.py": OPENS}, project) == OPENED


def test_types_for_the_projects_code_are_told_without_what_is_installed(tmp_path: Path) -> None:
    world = Installation(PROJECT, install(tmp_path, {"acme.py": HARMLESS}))
    assert world.class_of("app.x") == "acme.Client"


def test_a_package_that_goes_on_without_end_ends(tmp_path: Path) -> None:
    files = {"acme/__init__.py": "from .a import b as a\n", "acme/a.py": "from . import a as b\n"}
    assert of(tmp_path, files, {"app.py": "import acme\n\nx = acme.a('a')\n"}) != set()
