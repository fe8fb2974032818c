"""Everything between the socket and the handlers."""
from .csrf import csrf_middleware, csrf_protection
from .security import security_middleware
from .security_headers import SecurityHeadersMiddleware

__all__ = ["SecurityHeadersMiddleware", "csrf_middleware", "csrf_protection", "security_middleware"]
