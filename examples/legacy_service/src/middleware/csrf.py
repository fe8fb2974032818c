"""CSRF tokens for the old storefront (the app sends an API key instead)."""
import hashlib
import hmac
import secrets

from fastapi import Request
from fastapi.responses import JSONResponse

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
HEADER = "x-csrf-token"


class CSRFProtection:
    def __init__(self, secret: str = "") -> None:
        self.secret = secret or secrets.token_urlsafe(32)

    def token_for(self, session: str) -> str:
        return hmac.new(self.secret.encode(), session.encode(), hashlib.sha256).hexdigest()

    def is_valid(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self.token_for(session), token)


csrf_protection: CSRFProtection = CSRFProtection()


async def csrf_middleware(request: Request, call_next):
    if request.method in SAFE_METHODS or "x-api-key" in request.headers:
        return await call_next(request)
    session = request.cookies.get("session", "anonymous")
    token = request.headers.get(HEADER, "")
    if not csrf_protection.is_valid(session, token):
        return JSONResponse({"detail": "CSRF token missing or wrong"}, status_code=403)
    return await call_next(request)
