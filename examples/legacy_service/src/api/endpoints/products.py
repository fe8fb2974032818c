from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field

from src.middleware.audit_logger import audit_logger, log_event
from src.middleware.security import require_api_key
from src.services import orders
from src.services.exchange_rates import RATES, convert
from src.services.recommendations import similar
from src.services.supplier_service import supplier_service

router = APIRouter(prefix="/products", tags=["products"])


class Order(BaseModel):
    amount: int = Field(gt=0, le=100)


def _product_or_404(sku):
    product = supplier_service.product(sku)
    if product is None:
        raise HTTPException(404, detail="no such product")
    return product


@router.get("")
def list_products():
    return {"products": supplier_service.products()}


@router.get("/{sku}")
def one_product(sku: str):
    return _product_or_404(sku)


@router.get("/{sku}/price")
def price(sku: str, currency: str = Query("EUR")):
    if currency not in RATES:
        raise HTTPException(422, detail="currencies: " + ", ".join(sorted(RATES)))
    return {"currency": currency, "price": convert(_product_or_404(sku)["price"], currency)}


@router.get("/{sku}/similar")
def similar_products(sku: str, count: int = 2):
    return {"similar": similar(sku, count)}


@router.post("/{sku}/orders", status_code=201)
def place_order(sku: str, order: Order, key: str = Depends(require_api_key)):
    product = _product_or_404(sku)
    number = orders.place(sku, order.amount)
    log_event("order", "customer", sku=sku, amount=order.amount)
    if order.amount > 50:
        audit_logger.log("order.large", "customer", sku=sku)
    return {"order": number, "total": round(product["price"] * order.amount, 2)}
