import time
from unittest.mock import MagicMock, patch

import pytest

from src.middleware import security
from src.middleware.audit_logger import AuditLogger, audit_logger
from src.middleware.security import SecurityManager, get_security_manager


def test_there_is_one_manager():
    assert get_security_manager() is get_security_manager()
    assert isinstance(get_security_manager(), SecurityManager)


def test_blocked_addresses_get_403(client):
    with patch("src.middleware.security.security_manager") as manager:
        manager.client_ip.return_value = "198.51.100.7"
        manager.is_blocked.return_value = True
        response = client.get("/products")
    assert response.status_code == 403
    manager.client_ip.assert_called_once()


def test_too_many_requests_get_429(client):
    manager = MagicMock()
    manager.is_blocked.return_value = False
    manager.check_rate_limit.return_value = False
    manager.limit = 7
    with patch("src.middleware.security.security_manager", manager):
        response = client.get("/products")
    assert response.status_code == 429
    assert response.json()["limit"] == 7
    manager.audit.log.assert_called_once()


def test_health_is_never_limited(client):
    with patch.object(security, "security_manager") as manager:
        assert client.get("/health").json() == {"status": "ok"}
    manager.is_blocked.assert_not_called()


def test_denials_are_logged(client):
    with patch.object(security, "audit_logger") as log:
        response = client.get("/products", headers={"X-Forwarded-For": "198.51.100.1, 10.0.0.1"})
        assert response.status_code == 200
        log.log.assert_not_called()
        client.get("/admin/stats")
    log.log.assert_called_once_with("auth.failed", "unknown")


def test_wrong_key(client, monkeypatch):
    monkeypatch.setattr(security, "API_KEY", "another")
    assert client.get("/admin/stats", headers={"X-API-Key": "test-key"}).status_code == 401
    assert client.get("/admin/stats", headers={"X-API-Key": "another"}).status_code == 200


@pytest.mark.parametrize("limit", [1, 5])
def test_window(limit):
    manager = SecurityManager().configure({"requests_per_minute": limit})
    now = time.monotonic()
    assert all(manager.check_rate_limit("a", now) for _ in range(limit))
    assert not manager.check_rate_limit("a", now)
    assert manager.check_rate_limit("b", now)
    assert manager.check_rate_limit("a", now + 61)


def test_audit_events_can_be_read_back():
    before = len(audit_logger.events("test", limit=1000))
    audit_logger.log("test", "me", answer=42)
    events = audit_logger.events("test", limit=1000)
    assert len(events) == before + 1
    assert events[-1]["details"] == {"answer": 42}


def test_audit_file_of_its_own(tmp_path):
    log = AuditLogger(str(tmp_path / "other.db"))
    log.log("a", "b")
    assert [event["kind"] for event in log.events()] == ["a"]
    log.close()
