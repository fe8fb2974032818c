import asyncio
from unittest.mock import AsyncMock, Mock, patch

import src.api.main as main
from src.services.image_processing_service import image_service


def test_headers(client):
    response = client.get("/health")
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["x-shop"] == "1"


def test_info(client):
    info = client.get("/info").json()
    assert info["shop"] == "Nordwind"
    assert info["model"] == {"version": 3, "products": 5}
    assert info["images"] == image_service.status()


def test_ready(client):
    assert client.get("/ready").json()["db"] == "test"


def test_ready_when_mongo_is_slow(client):
    db = Mock()
    db.command = AsyncMock(return_value={"ok": 0.0})
    with patch("src.api.main.db", db):
        assert client.get("/ready").json() == {"ok": 0.0}


def test_reviews(client, key):
    client.post("/reviews/table", json={"stars": 2}, headers=key)
    assert client.get("/reviews/table").json() == {"stars": [2]}
    assert client.post("/reviews/table", json={"stars": 9}, headers=key).status_code == 400


def test_admin_needs_the_key(client, key):
    assert client.get("/admin/audit").status_code == 401
    assert client.get("/admin/audit", headers=key).status_code == 200
    assert "limit" in client.get("/admin/security", headers=key).json()


def test_startup_configures_security():
    with patch.object(main, "security_manager") as manager:
        asyncio.run(main.configure())
    manager.configure.assert_called_once_with(main.config["security"])


def test_shutdown_closes_the_client():
    with patch("src.api.main.client") as mongo:
        asyncio.run(main.shutdown_db_client())
    mongo.close.assert_called_once_with()


def test_entry_point():
    from api.index import app, handler

    assert app is main.app
    assert handler is not None
