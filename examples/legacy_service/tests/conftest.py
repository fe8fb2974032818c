# Everything happens on import, so all this has to stand before the first import of src.
import os
import shutil
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))

os.environ.setdefault("API_KEY", "test-key")
os.environ.setdefault("MONGO_URL", "mongodb://localhost:27017")
os.environ.setdefault("DB_NAME", "test")

_work = tempfile.mkdtemp(prefix="shop-")
shutil.copy(os.path.join(HERE, "..", "config.json"), _work)
os.chdir(_work)


@pytest.fixture(scope="session")
def app():
    from src.api.main import app

    return app


@pytest.fixture
def client(app):
    from fastapi.testclient import TestClient

    return TestClient(app)


@pytest.fixture
def key():
    return {"X-API-Key": os.environ["API_KEY"]}
