"""The text of guarded entry points."""

_HARMLESS = '("development", "dev", "local", "preview", "test", "testing")'

_ANSWER = """\
if scope["type"] == "websocket":
    await receive()
    await send({{"type": "websocket.close", "code": 1013}})
    return
body = {reason}
headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
await send({{"type": "http.response.start", "status": 503, "headers": headers}})
await send({{"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}})
"""
_REASON = """\
def {name}(error: BaseException) -> bytes:
    \"\"\"Say why there is no application; the error itself only where VERCEL_ENV or ENVIRONMENT admits it.\"\"\"
    reason = {{"detail": "the application cannot be imported"}}
    if os.environ.get("VERCEL_ENV", os.environ.get("ENVIRONMENT", "")).lower() in {harmless}:
        reason["error"] = f"{{type(error).__name__}}: {{error}}"
    return json.dumps(reason).encode()
"""


def guard_text(app: str, reason: str, hole: str) -> str:
    """Write the import under a guard: where it fails, the name is an application that answers 503."""
    answer = _ANSWER.format(reason="_body")
    return (
        f"{_reason_text(reason)}\n\n"
        f"try:\n    {hole}\n"
        "except (Exception, SystemExit) as error:\n"
        f'    logging.getLogger(__name__).exception("the application cannot be imported")\n'
        f"    _body = {reason}(error)\n\n"
        f"    async def {app}(scope, receive, send):\n"
        f'        """Answer every request with 503 and the reason."""\n'
        '        if scope["type"] == "lifespan":\n'
        '            for event in ("startup", "shutdown"):\n'
        "                await receive()\n"
        '                await send({"type": f"lifespan.{event}.complete"})\n'
        "            return\n"
        f"{_indented(answer, 2)}"
    )


def lazy_text(app: str, getter: str, storage: str, reason: str, source: tuple[str, str]) -> str:
    """Write an application that gets the real one on the first request; `source` is an import and an expression."""
    imports, value = source
    answer = _ANSWER.format(reason=f"{reason}(error)")
    return (
        f"{_reason_text(reason)}\n\n"
        f"{storage} = None\n{storage}_lock = threading.RLock()\n\n\n"
        f"def {getter}():\n"
        '    """Return the application, made on first use; a failure is not remembered."""\n'
        f"    global {storage}\n"
        f"    if {storage} is None:\n"
        f"        with {storage}_lock:\n"
        f"            if {storage} is None:\n"
        + (f"                {imports}\n\n" if imports else "")
        + f"                {storage} = {value}\n"
        f"    return {storage}\n\n\n"
        f"async def {app}(scope, receive, send):\n"
        '    """Pass everything on to the application; answer 503 with the reason while it cannot be imported."""\n'
        "    # A server that starts the application sees its failure.\n"
        '    if scope["type"] == "lifespan":\n'
        f"        await {getter}()(scope, receive, send)\n"
        "        return\n"
        "    try:\n"
        f"        application = {getter}()\n"
        "    except (Exception, SystemExit) as error:\n"
        '        logging.getLogger(__name__).exception("the application cannot be imported")\n'
        f"{_indented(answer, 2)}"
        "        return\n"
        "    await application(scope, receive, send)\n"
    )


def optional_text(name: str, hole: str) -> str:
    """Write the import of an optional router under a guard."""
    return (
        f"try:\n    {hole}\nexcept Exception:\n"
        f'    logging.getLogger(__name__).exception("{name} cannot be imported and is left out")\n'
        f"    {name} = None\n"
    )


def _reason_text(name: str) -> str:
    return _REASON.format(name=name, harmless=_HARMLESS)


def _indented(text: str, levels: int) -> str:
    return "".join(f"{'    ' * levels}{line}\n" for line in text.splitlines())
