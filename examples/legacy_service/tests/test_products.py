from types import SimpleNamespace
from unittest.mock import Mock, patch

import src.services.recommendations as recommendations
from src.services import exchange_rates, orders
from src.services.cache_service import CacheService, cache_service
from src.services.enhanced_supplier_service import EnhancedSupplierService
from src.settings import config, markup


def test_list(client):
    products = client.get("/products").json()["products"]
    assert [product["sku"] for product in products] == ["bulb", "chair", "kettle", "lamp", "table"]


def test_price_has_our_markup(client):
    assert client.get("/products/chair").json()["price"] == round(42.0 * config["markup"], 2)
    assert markup() == 1.25


def test_unknown_product(client):
    assert client.get("/products/sofa").status_code == 404


def test_supplier_is_down(client):
    with patch("src.api.endpoints.products.supplier_service") as supplier:
        supplier.product.return_value = None
        assert client.get("/products/lamp").status_code == 404


def test_price_in_other_currency(client, monkeypatch):
    rates = {"EUR": 1.0, "USD": 2.0}
    monkeypatch.setattr("src.services.exchange_rates.RATES", rates)
    monkeypatch.setattr("src.api.endpoints.products.RATES", rates)
    answer = client.get("/products/chair/price", params={"currency": "USD"}).json()
    assert answer == {"currency": "USD", "price": 105.0}
    assert client.get("/products/chair/price?currency=SEK").status_code == 422


def test_currencies(monkeypatch):
    monkeypatch.setattr(exchange_rates, "RATES", {"B": 1, "A": 2})
    assert exchange_rates.currencies() == ["A", "B"]


def test_similar(client):
    assert client.get("/products/lamp/similar?count=1").json() == {"similar": ["bulb"]}


def test_similar_with_other_model(monkeypatch):
    model = SimpleNamespace(vectors={"a": 1, "b": 2, "c": 3}, similarity=lambda x, y: ord(y), version=0)
    monkeypatch.setattr(recommendations, "ML_MODEL", model)
    assert recommendations.similar("a") == ["c", "b"]


def test_reload():
    assert recommendations.reload_model() == 3
    assert recommendations.ML_MODEL.version == 3


def test_order(client, key):
    response = client.post("/products/kettle/orders", json={"amount": 2}, headers=key)
    assert response.status_code == 201
    assert response.json()["total"] == 68.76
    assert orders.all_orders()[-1]["sku"] == "kettle"


def test_order_without_key(client):
    response = client.post("/products/kettle/orders", json={"amount": 2}, headers={"X-API-Key": "no"})
    assert response.status_code == 401


@patch("src.services.orders.conn")
def test_order_goes_to_the_database(conn):
    conn.execute.return_value = Mock(lastrowid=99)
    assert orders.place("lamp", 1) == 99
    conn.commit.assert_called_once_with()


def test_other_connection():
    db = Mock()
    db.execute.return_value = []
    assert orders.all_orders(db) == []


def test_second_fetch_comes_from_the_cache():
    service = EnhancedSupplierService()
    service.fetch("table")
    hits = cache_service.stats()["hits"]
    service.fetch("table")
    assert cache_service.stats()["hits"] == hits + 1
    assert isinstance(service.cache, CacheService)


def test_settings_of_the_supplier(monkeypatch):
    monkeypatch.setitem(config["suppliers"], "page_size", 2)
    assert EnhancedSupplierService(cache=Mock()).skus() == ["bulb", "chair"]
