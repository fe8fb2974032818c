"""Tools look for objects among the names of a module by what they are: such an object stays a value."""

import pytest

from lazify.testing import Files, check, refused

EVERYTHING = {"singleton": ["*"], "risky": True}
MADE = "def make(name='x'):\n    open('pyproject.toml').close()\n    return {}\n\n\nmade = make()\n\n\ndef use():\n    return made\n"
FOUND = {
    "flask routes": f"from flask import Flask\n\n\n{MADE.format('Flask(name)')}",
    "quart --app site": f"import quart\n\n\n{MADE.format('quart.Quart(name)')}",
    "dagster dev -m site": f"import dagster\n\n\n{MADE.format('dagster.Definitions()')}",
    "a folder of Airflow's": f"from airflow.models import DAG\n\n\n{MADE.format('DAG(name)')}",
    "litestar run": f"from litestar import Litestar\n\n\n{MADE.format('Litestar([])')}",
}
LISTED = {
    "a collection of tasks": f"from invoke import Collection\n\n\n{MADE.format('Collection(name)')}",
    "a task of unknown class": f"from invoke import task\n\n\n{MADE.format('task(name=name)(print)')}",
    "a class": f"import scrapy\n\n\n{MADE.format('type(name, (scrapy.Spider,), {})')}",
    "an instance of a class of its own": f"from airflow import DAG\n\n\nclass Graph(DAG):\n    pass\n\n\n{MADE.format('Graph(name)')}",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
def test_an_application_that_commands_look_for_stays_whoever_imports_it(text: str) -> None:
    files = {"site.py": text, "other.py": "from site import made\n\n\ndef f():\n    return made\n"}
    refused({"server.py": text}, because="looks for objects of the class", flags=EVERYTHING)
    refused(files, because="looks for objects of the class", flags=EVERYTHING)


@pytest.mark.parametrize("text", LISTED.values(), ids=LISTED.keys())
def test_what_a_tool_knows_stays_in_a_module_that_only_the_tool_loads(text: str) -> None:
    refused({"jobs.py": text}, because="jobs is imported by nothing here", flags=EVERYTHING)


def test_other_values_wait_there() -> None:
    """A value that has nothing to do with the tool is not what it looks for."""
    text = "from invoke import task\n\nlog = open('pyproject.toml')\n\n\n@task\ndef a(c):\n    print(log)\n"
    assert "_log is None" in check({"jobs.py": text}).files["jobs.py"]


def test_what_the_program_imports_waits() -> None:
    files = {
        "jobs.py": LISTED["a task of unknown class"],
        "main.py": "import jobs\n\n\ndef f():\n    return jobs.use()\n",
    }
    assert "def get_made" in check(files, flags=EVERYTHING).files["jobs.py"]


@pytest.mark.parametrize("name", ["dodo.py", "locustfile.py", "noxfile.py"])
def test_a_file_that_a_tool_finds_by_its_name_is_left_alone(name: str) -> None:
    files: Files = {name: MADE.format("name")}
    outcome = check(files, files)
    assert not outcome.plan.changes


@pytest.mark.parametrize(
    "line", ["--entry-point=made", "--entry-point made", "'--target', 'made'", "FUNCTION_TARGET: made"]
)
def test_a_function_that_is_deployed_by_its_name_stays(line: str) -> None:
    refused({"main.py": MADE.format("print"), "deploy.yaml": f"args: [{line}]\n"}, because="names made")


def test_a_library_of_template_tags_stays() -> None:
    """Django asks each module of `templatetags` for its `register`."""
    tags = {"blog/templatetags/tags.py": MADE.replace("made", "register").format("list(name)")}
    refused(tags, because="servers and frameworks look register up")


def test_a_class_that_a_function_makes_is_found_by_its_name() -> None:
    made = "type('Made', (), {'__module__': __name__})"
    text = f"def make():\n    open('pyproject.toml').close()\n    return {made}\n\n\nMade = make()\n\n\ndef f():\n    return Made()\n"
    refused({"shapes.py": text}, because="pickle looks for a class by its name")


def test_what_a_tool_knows_stays_in_a_module_that_is_handed_to_it() -> None:
    """`load_assets_from_modules` goes through the dictionary of each module."""
    making = MADE.format("asset(name=name)(print)")
    defs = "import assets\nfrom dagster import load_assets_from_modules\n\n\ndef load():\n    return load_assets_from_modules([assets])\n"
    files = {"assets.py": f"from dagster import asset\n\n\n{making}", "definitions.py": defs}
    refused(files, because="assets is a value: dagster may load it", flags=EVERYTHING)


@pytest.mark.parametrize("text", ["worker: huey_consumer.py site_.made -w 2", "start = 'shop.site_.made'"])
def test_a_name_that_a_file_of_the_platform_has_with_its_module_is_served(text: str) -> None:
    outcome = check(
        {"site_.py": MADE.format("name"), "Procfile": text}, run="import site_; print(site_.made)"
    )
    assert "def __getattr__" in outcome.files["site_.py"]


@pytest.mark.parametrize("element", ["text_input('Name')", "sidebar.slider('k')", "columns(2)"])
def test_an_element_of_a_page_is_added_where_it_stands(element: str) -> None:
    text = f"import streamlit as st\n\nname = st.{element}\n\n\ndef save():\n    st.session_state.name = name\n\n\nst.button('save', on_click=save)\n"
    refused({"page.py": text}, because="making it reads or writes what others share", flags=EVERYTHING)


@pytest.mark.parametrize(("package", "name"), [("alembic", "down_revision"), ("dash.html", "layout")])
def test_a_name_that_a_framework_looks_up_in_the_modules_it_loads_stays(package: str, name: str) -> None:
    text = MADE.replace("made", name).format("list(name)")
    refused(
        {"one.py": f"import {package}\n\n\n{text}"}, because=f"looks {name} up in modules", flags=EVERYTHING
    )
    assert "def get_" in check({"one.py": text}, flags=EVERYTHING).files["one.py"]
