from unittest import mock

from src.middleware import csrf_protection
from src.middleware.csrf import CSRFProtection


def test_tokens_are_bound_to_the_session():
    token = csrf_protection.token_for("alice")
    assert csrf_protection.is_valid("alice", token)
    assert not csrf_protection.is_valid("bob", token)


def test_secrets_differ():
    assert CSRFProtection().secret != CSRFProtection().secret


def test_post_needs_a_token(client):
    assert client.post("/reviews/lamp", json={"stars": 5}).status_code == 403


def test_post_with_token(client):
    token = client.get("/csrf-token").json()["token"]
    response = client.post("/reviews/lamp", json={"stars": 4}, headers={"X-CSRF-Token": token})
    assert response.status_code == 201


@mock.patch("src.middleware.csrf.csrf_protection", new=CSRFProtection("fixed"))
def test_known_secret(client):
    token = CSRFProtection("fixed").token_for("anonymous")
    response = client.post("/reviews/bulb", json={"stars": 3}, headers={"X-CSRF-Token": token})
    assert response.status_code == 201


@mock.patch("src.api.main.csrf_protection")
def test_token_endpoint(protection, client):
    protection.token_for.return_value = "t"
    assert client.get("/csrf-token").json() == {"token": "t"}
