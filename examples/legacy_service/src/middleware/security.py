"""Rate limits, blocked addresses, API keys."""
import hmac
import logging
import time
from collections import defaultdict, deque
from typing import Deque, Dict, Optional, Set

from fastapi import Header, HTTPException, Request
from fastapi.responses import JSONResponse

from ..settings import API_KEY
from .audit_logger import audit_logger

logger = logging.getLogger(__name__)

WINDOW = 60.0  # seconds


class SecurityManager:
    """Counts requests per address and remembers who is blocked."""

    def __init__(self):
        self.audit = audit_logger
        self.limit = 100
        self.blocked: Set[str] = set()
        self._requests: Dict[str, Deque[float]] = defaultdict(deque)
        self.audit.log("security.start", "system", limit=self.limit)

    def configure(self, options):
        self.limit = options.get("requests_per_minute", self.limit)
        self.blocked.update(options.get("blocked", ()))
        return self

    def client_ip(self, request: Request) -> str:
        forwarded = request.headers.get("x-forwarded-for")
        if forwarded:
            return forwarded.split(",")[0].strip()
        return request.client.host if request.client else "unknown"

    def is_blocked(self, ip: str) -> bool:
        return ip in self.blocked

    def check_rate_limit(self, ip: str, now: Optional[float] = None) -> bool:
        now = time.monotonic() if now is None else now
        recent = self._requests[ip]
        while recent and now - recent[0] > WINDOW:
            recent.popleft()
        if len(recent) >= self.limit:
            return False
        recent.append(now)
        return True

    def block(self, ip: str) -> None:
        self.blocked.add(ip)
        self.audit.log("security.block", ip)

    def status(self) -> dict:
        return {"limit": self.limit, "blocked": sorted(self.blocked), "clients": len(self._requests)}


# Global security manager instance (initialized with config in main.py)
security_manager = SecurityManager()


async def security_middleware(request: Request, call_next):
    """Applied to every request, see main.py."""
    if request.url.path == "/health":
        return await call_next(request)

    ip = security_manager.client_ip(request)

    if security_manager.is_blocked(ip):
        audit_logger.log("security.denied", ip, path=request.url.path)
        return JSONResponse({"detail": "blocked"}, status_code=403)

    if not security_manager.check_rate_limit(ip):
        security_manager.audit.log("security.limit", ip, path=request.url.path)
        return JSONResponse(
            {"detail": "too many requests", "limit": security_manager.limit},
            status_code=429,
        )

    response = await call_next(request)
    if response.status_code == 401:
        logger.warning("401 for %s (%d blocked)", ip, len(security_manager.blocked))
    return response


def get_security_manager() -> SecurityManager:
    """For FastAPI's Depends."""
    return security_manager


def require_api_key(x_api_key: Optional[str] = Header(default=None)) -> str:
    if x_api_key is None or not hmac.compare_digest(x_api_key, API_KEY):
        audit_logger.log("auth.failed", "unknown")
        raise HTTPException(status_code=401, detail="wrong or missing API key")
    return x_api_key
