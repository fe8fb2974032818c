"""Settings are listed by whoever loads them: a getter is none, and a module `__getattr__` is not asked for one."""

import pytest

from lazify.testing import Files, check, refused

KEY = 'import os\n\nKEY = os.environ["KEY"]\n\n\ndef key():\n    return KEY\n'
FLASK = "from flask import Flask\n\napp = Flask(__name__)\napp.config."
MANAGE = "import os\n\nos.environ"
LOADED: dict[str, Files] = {
    "Flask, by name": {"app.py": f'{FLASK}from_object("config")\n', "config.py": KEY},
    "Flask, the module": {"app.py": f"import config\n{FLASK}from_object(config)\n", "config.py": KEY},
    "Flask, the module itself": {"config.py": f"{FLASK}from_object(__name__)\n{KEY}"},
    "Flask, the file": {"app.py": f'{FLASK}from_pyfile("config.py")\n', "config.py": KEY},
    "Celery": {
        "app.py": 'from celery import Celery\n\napp = Celery("app")\napp.config_from_object("config")\n',
        "config.py": KEY,
    },
    "Celery, when it is made": {
        "app.py": 'from celery import Celery\n\napp = Celery("app", config_source="config")\n',
        "config.py": KEY,
    },
    "Django": {"manage.py": f'{MANAGE}["DJANGO_SETTINGS_MODULE"] = "config"\n', "config.py": KEY},
    "Django, unless something else is said": {
        "manage.py": f'{MANAGE}.setdefault("DJANGO_SETTINGS_MODULE", "config")\n',
        "config.py": KEY,
    },
    "what the settings take from elsewhere": {
        "manage.py": f'{MANAGE}.setdefault("DJANGO_SETTINGS_MODULE", "site.production")\n',
        "site/production.py": "from .base import *\n",
        "site/base.py": KEY,
    },
    "a variable of a test's configuration": {
        "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = site.config\n",
        "site/config.py": KEY,
    },
    "a file of variables": {
        ".env": "DEBUG=1\nDJANGO_SETTINGS_MODULE=site.main\n",
        "site/main.py": KEY,
        "main.py": "from site.main import KEY\n",
    },
    "Scrapy": {"scrapy.cfg": "[settings]\ndefault = crawl.settings\n", "crawl/settings.py": KEY},
    "a server's own file": {
        "Procfile": "web: gunicorn -c ./deploy/server.py app:app\n",
        "deploy/server.py": KEY,
    },
    "a server that the program starts": {
        "serve.py": 'import subprocess\n\n\ndef serve(): subprocess.run(["gunicorn", "-c", "server.py"])\n',
        "server.py": KEY,
    },
    "what Celery looks for": {"celeryconfig.py": KEY},
    "what gunicorn's configurations are called": {"gunicorn_config.py": KEY},
    "what nothing here imports": {"superset_config.py": KEY, "test_config.py": "import superset_config\n"},
    "what nothing here imports, in a package": {"conf/production.py": KEY, "main.py": "import os\n"},
}


@pytest.mark.parametrize("files", LOADED.values(), ids=LOADED.keys())
def test_the_names_of_loaded_settings_stay(files: Files) -> None:
    refused(files, because="names")


def test_a_class_of_settings_and_a_file_that_is_no_module_keep_nothing() -> None:
    files = {
        "app.py": f'{FLASK}from_object("config.Production")\napp.config.from_pyfile("local.cfg")\n',
        "config.py": f"{KEY}\n\nclass Production:\n    DEBUG = False\n",
    }
    assert "_key is None" in check(files, flags={"select": ("LZ103",)}).files["config.py"]


def test_settings_that_the_program_imports_wait_and_so_do_others_names() -> None:
    imported = {"config.py": KEY, "main.py": "from config import key\n\n\ndef main():\n    return key()\n"}
    assert "_key is None" in check(imported).files["config.py"]
    tested = {**imported, "test_config.py": "from config import KEY\n\n\ndef test():\n    assert KEY\n"}
    assert "_key is None" in check(tested).files["config.py"]
    alone = {"config.py": 'file = open("a.txt")\n\n\ndef text():\n    return file.read()\n'}
    assert "_file is None" in check(alone).files["config.py"]


def test_what_is_made_for_those_who_load_it_is_not_called_unused() -> None:
    settings = 'import os\n\nKEY = os.environ["KEY"]\n'
    refused(
        {"manage.py": f'{MANAGE}["DJANGO_SETTINGS_MODULE"] = "config"\n', "config.py": settings},
        because="listed",
    )
    server = 'def make():\n    return open("server.log")\n\n\napplication = make()\n'
    refused({"wsgi.py": server}, because="servers and frameworks look application up by its name")
