"""Run in the service's folder: ask every route of the service, and print the answers as JSON.

A script, not a module of the tests: it starts in a fresh interpreter, before and after the migration.
"""

import asyncio
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx

KEY = {"X-API-Key": os.environ["API_KEY"]}
BLOCKED = {"X-Forwarded-For": "203.0.113.9"}

CONVERSATION: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/health", {}),
    ("GET", "/info", {}),
    ("GET", "/ready", {}),
    ("GET", "/csrf-token", {}),
    ("GET", "/products", {}),
    ("GET", "/products/lamp", {}),
    ("GET", "/products/sofa", {}),
    ("GET", "/products/chair/price?currency=USD", {}),
    ("GET", "/products/chair/price?currency=XXX", {}),
    ("GET", "/products/lamp/similar", {}),
    ("POST", "/products/kettle/orders", {"json": {"amount": 60}}),
    ("POST", "/products/kettle/orders", {"json": {"amount": 60}, "headers": {"X-API-Key": "wrong"}}),
    ("POST", "/products/kettle/orders", {"json": {"amount": 60}, "headers": KEY}),
    ("POST", "/products/kettle/orders", {"json": {"amount": 0}, "headers": KEY}),
    ("POST", "/reviews/lamp", {"json": {"stars": 5}, "headers": KEY}),
    ("POST", "/reviews/lamp", {"json": {"stars": 6}, "headers": KEY}),
    ("GET", "/reviews/lamp", {}),
    ("GET", "/products", {"headers": BLOCKED}),
    ("GET", "/admin/security", {"headers": KEY}),
    ("POST", "/admin/security/block/192.0.2.1", {"headers": KEY}),
    ("GET", "/products", {"headers": {"X-Forwarded-For": "192.0.2.1"}}),
    ("GET", "/admin/stats", {"headers": KEY}),
    ("GET", "/admin/audit", {}),
    ("GET", "/admin/audit", {"headers": KEY}),
    ("GET", "/openapi.json", {}),
]


async def converse(app: Any) -> list[list[object]]:
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://shop.test")
    async with app.router.lifespan_context(app), client:
        return [await ask(client, *line) for line in CONVERSATION]


async def ask(client: httpx.AsyncClient, method: str, path: str, options: Any) -> list[object]:
    response = await client.request(method, path, **options)
    body = response.json()
    if path == "/csrf-token":
        body = {name: f"<{len(value)} characters>" for name, value in body.items()}  # random by design
    return [method, path, response.status_code, body, response.headers.get("x-frame-options")]


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    service = importlib.import_module("src.api.main")
    print(json.dumps(asyncio.run(converse(service.app))))
