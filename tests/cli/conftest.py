from pathlib import Path

import pytest

from lazify import api
from tests.cli.engine import Engine
from tests.cli.service import SERVICE, write


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine(base=tmp_path)
    for name in ("load", "plan", "patches", "preview", "apply", "undo", "recover"):
        monkeypatch.setattr(api, name, getattr(engine, name))
    monkeypatch.chdir(tmp_path)
    return engine


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("LAZIFY_DEBUG", raising=False)
    root = write(tmp_path / "service", SERVICE)
    monkeypatch.chdir(root)
    return root


SERVICES = {f"{name}/{path}": text for name in ("one", "two") for path, text in SERVICE.items()}


@pytest.fixture
def services(service: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write(service.parent / "services", SERVICES)
    monkeypatch.chdir(root)
    return root
