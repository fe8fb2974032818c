"""For us. Needs the API key."""
from fastapi import APIRouter, Depends

from src.middleware import audit_logger as audit
from src.middleware.security import SecurityManager, get_security_manager, require_api_key
from src.services.cache_service import cache_service as cache
from src.services.metrics import metrics
from src.services.orders import all_orders

router = APIRouter(prefix="/admin", dependencies=[Depends(require_api_key)])


@router.get("/audit")
def audit_events(kind: str = "", limit: int = 50):
    return {"events": audit.audit_logger.events(kind or None, limit)}


@router.get("/security")
def security_status(manager: SecurityManager = Depends(get_security_manager)):
    return manager.status()


@router.post("/security/block/{ip}")
def block(ip: str, manager: SecurityManager = Depends(get_security_manager)):
    manager.block(ip)
    return manager.status()


@router.get("/stats")
def stats():
    return {"cache": cache.stats(), "metrics": metrics.snapshot(), "orders": all_orders()}
