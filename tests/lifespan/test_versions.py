"""Converted applications do what they did: under the newest versions, and under the oldest that runs a lifespan."""

import sys
from pathlib import Path

import fastapi
import pytest

from tests.corpus.versions import differences
from tests.lifespan.behaviour import behaviour, write
from tests.lifespan.shapes import FACTORY, SHAPES, Shape

NEW, OLD = fastapi.__version__, "0.93.0"
PYTHON = Path(sys.executable)
CLIENTS = ("client", "requests")
SERVED = tuple(shape for shape in SHAPES if shape.name in ("decorators", "factory", "called"))
GONE = tuple(shape for shape in SHAPES if shape.is_gone)
HERE = tuple(shape for shape in SHAPES if not shape.is_gone and shape.runs_with("fastapi", NEW))
THERE = tuple(shape for shape in SHAPES if shape.runs_with("fastapi", OLD))


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write(SHAPES, tmp_path_factory.mktemp("shapes"))


def same(
    shapes: tuple[Shape, ...], trees: tuple[Path, Path], servers: tuple[str, ...], path: Path | None
) -> None:
    was, now = (behaviour(shapes, tree, python=PYTHON, path=path, servers=servers) for tree in trees)
    assert differences(shapes, was, now) == []


def test_the_newest_versions_see_no_difference(trees: tuple[Path, Path]) -> None:
    same(HERE, trees, CLIENTS, None)


def test_a_server_on_loopback_sees_no_difference(trees: tuple[Path, Path]) -> None:
    same(SERVED, trees, ("uvicorn",), None)


def test_the_oldest_fastapi_sees_no_difference(trees: tuple[Path, Path], old_packages: Path) -> None:
    same(THERE, trees, CLIENTS, old_packages)
    same(SERVED, trees, ("uvicorn",), old_packages)


def test_what_starlette_1_has_no_more_runs_there_again(trees: tuple[Path, Path], old_packages: Path) -> None:
    before, after = trees
    was = behaviour(GONE, before, python=PYTHON, path=old_packages, servers=CLIENTS)
    now = behaviour(GONE, after, python=PYTHON, servers=CLIENTS)
    assert differences(GONE, was, now) == []


def test_startup_requests_shutdown_and_failures_are_recorded(trees: tuple[Path, Path]) -> None:
    said = behaviour([FACTORY], trees[1], python=PYTHON)["factory"]
    once = ["configure letta", '200 "letta"', "over"]
    assert said["client"] == [*once, *once]
    assert said["requests"] == ['200 "letta"']
    assert said["uvicorn"] == once
    assert said["client configure letta"] == ["configure letta", "raises RuntimeError: configure letta"]
    assert said["client over"] == [*once, "raises RuntimeError: over"]
    assert said["uvicorn over"][:4] == [*once, "uvicorn: RuntimeError: over"]
    assert "uvicorn: Application startup failed. Exiting." in said["uvicorn configure letta"]
