"""The templates of drawn applications and their handlers.

Beside the slots of `templates.py`: {a} is the name of an application, {r} an expression for one that is given a handler,
{v} the event, {d} is `def` or `async def`, {b} the body of a handler, {z} a `Res` that is there when the module is
imported, {inner} registrations on what the template says.
Handlers are h{i}; what they do is printed by `step`, which raises where the driver says so.
"""

HEAD = """import asyncio, colorsys, fractions
from contextlib import asynccontextmanager, nullcontext
from fastapi import APIRouter, FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from res import step, taken"""

APPLICATIONS = (
    "{a} = FastAPI()",
    "{a} = FastAPI()",
    "{a} = FastAPI()",
    '{a}: FastAPI = FastAPI(title="t")',
    '{a} = FastAPI(\n    title="t",  # why\n)',
    "{a} = FastAPI(lifespan=None)",
    "{a} = {a}_too = FastAPI()",
    "[{a}] = [FastAPI()]",
    "with nullcontext():\n    {a} = FastAPI()",
    "class Service{i}(FastAPI):\n    pass\n\n\n{a} = Service{i}()",
    (
        "class Service{i}(FastAPI):\n    def __init__(self, **rest):\n        super().__init__(title='t', **rest)\n\n\n"
        "{a} = Service{i}()"
    ),
    (
        "class Service{i}(FastAPI):\n    def __init__(self):\n        super().__init__(title='t')\n"
        "        self.router.add_event_handler('{v}', self.h{i})\n\n    {d} h{i}(self):\n        {b}\n\n\n{a} = Service{i}()"
    ),
    (
        "@asynccontextmanager\nasync def span{i}(app):\n    {b}\n    yield {{'x': {i}}}\n    step('t{i}')\n\n\n"
        "{a} = FastAPI(lifespan=span{i})"
    ),
    "{d} h{i}():\n    {b}\n\n\n{d} g{i}():\n    step('t{i}')\n\n\n{a} = FastAPI(on_startup=[h{i}], on_shutdown=[g{i}])",
    "{d} h{i}():\n    {b}\n\n\n{a} = FastAPI(\n    on_{v}=(\n        h{i},  # first\n        h{i},\n    ),\n)",
    "{a} = FastAPI(on_{v}=[{z}.bump, lambda: step('s{i}'), functools.partial(step, 't{i}')])",
    "{a} = FastAPI(on_{v}=[])",
    "def make{i}():\n    return FastAPI()\n\n\n{a} = make{i}()",
    "def make{i}():\n    app = FastAPI()\n    return app\n\n\n{a}, {a}_two = make{i}(), make{i}()",
    "{a} = FastAPI()\n{a}_two = FastAPI()\n{a}_two.mount('/one', {a})",
)
"""Those that can be given a lifespan."""

ODD_APPLICATIONS = (
    "{a} = FastAPI(title={z}.name)",
    "{a} = FastAPI(**dict(title='t'))",
    "{a} = taken(FastAPI())",
    "if os.sep:\n    {a} = FastAPI()\nelse:\n    {a} = FastAPI(title='other')",
    "try:\n    {a} = FastAPI()\nexcept OSError:\n    {a} = None",
    "for title{i} in ('one', 'two'):\n    {a} = FastAPI(title=title{i})",
    (
        "class Service{i}(FastAPI):\n    def on_event(self, event):\n        step(event)\n"
        "        return super().on_event(event)\n\n\n{a} = Service{i}()"
    ),
    "async def span{i}(app):\n    {b}\n    yield\n\n\n{a} = FastAPI(lifespan=span{i} if os.sep else None)",
    "HANDLERS{i} = [lambda: step('s{i}')]\n{a} = FastAPI(on_{v}=HANDLERS{i})",
)
"""Those of which that is not certain."""
HOLDERS = (
    "def create{i}(name='n'):\n    app = FastAPI()\n    {inner}\n    return app\n\n\n{a} = create{i}()",
    (
        "def create{i}(name='n') -> FastAPI:\n    app = FastAPI(title=name)\n    {inner}\n    return app\n\n\n"
        "{a} = create{i}()\n{a}_two = create{i}('two')"
    ),
    "class Server{i}:\n    def __init__(self):\n        self.app = app = FastAPI()\n        {inner}\n\n\n{a} = Server{i}().app",
)
"""What makes an application and has {inner}, which registers on `app`."""

ODD_HOLDERS = (
    (
        "def create{i}(name='n'):\n    app = FastAPI()\n    if name == 'two':\n        return app\n    {inner}\n    return app\n\n\n"
        "{a} = create{i}()\n{a}_two = create{i}('two')"
    ),
    "def create{i}(given=None):\n    app = given or FastAPI()\n    {inner}\n    return app\n\n\n{a} = create{i}(create{i}())",
    "@functools.lru_cache\ndef create{i}():\n    app = FastAPI()\n    {inner}\n    return app\n\n\n{a} = create{i}()",
    "class Server{i}:\n    app = FastAPI()\n    {inner}\n\n\n{a} = Server{i}.app",
    "def create{i}(name='n'):\n    app = FastAPI()\n    for part in range(2):\n        {inner}\n    return app\n\n\n{a} = create{i}()",
    "def create{i}(app):\n    {inner}\n    return app\n\n\n{a} = create{i}(FastAPI())",
)
"""Where a lifespan may not stand for what is registered."""
OLD_APPLICATIONS = (
    "{a} = Starlette()",
    "{a} = Starlette(debug=True)",
    "{d} h{i}():\n    {b}\n\n\n{a} = Starlette(on_{v}=[h{i}])",
    "def make{i}():\n    return Starlette()\n\n\n{a} = make{i}()",
)
"""What Starlette 1.0 has no more."""

REGISTRATIONS = (
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}',
    '# why\n@{r}.on_event("{v}")  # when\n{d} h{i}():\n    """What."""\n    {b}',
    '@{r}.router.on_event("{v}")\n{d} h{i}() -> None:\n    {b}',
    '@{r}.on_event("startup")\n@{r}.on_event("shutdown")\n{d} h{i}():\n    {b}',
    '{d} h{i}():\n    {b}\n\n\n{r}.on_event("{v}")(h{i})',
    '{d} h{i}():\n    {b}\n\n\n{r}.add_event_handler("{v}", h{i})',
    '{d} h{i}():\n    {b}\n\n\n{r}.router.add_event_handler(event_type="{v}", func=h{i})',
    "{d} h{i}():\n    {b}\n\n\n{r}.router.on_{v}.append(h{i})",
    '{d} h{i}():\n    {b}\n\n\n{r}.on_event("{v}")(h{i})\n{r}.on_event("{v}")(h{i})',
    '{r}.on_event("{v}")(lambda: step("s{i}"))',
    '{r}.add_event_handler("{v}", lambda: {e})',
    '{r}.on_event("{v}")(functools.partial(step, "s{i}"))',
    '{r}.add_event_handler("{v}", {z}.close)',
    '{r}.add_event_handler("{v}", functools.partial(taken, {z}))',
    'def make{i}(given):\n    {d} h{i}():\n        print(given)\n        {b}\n\n    return h{i}\n\n\n{r}.on_event("{v}")(make{i}({z}))',
    (
        "class H{i}:\n    name = 's{i}'\n\n    {d} h(self):\n        print(self.name)\n        {b}\n\n\n"
        'handlers{i} = H{i}()\n{r}.on_event("{v}")(handlers{i}.h)\nhandlers{i} = None'
    ),
    'class H{i}:\n    @staticmethod\n    {d} h():\n        {b}\n\n\n{r}.on_event("{v}")(H{i}.h)',
    'with open("a.txt"):\n\n    @{r}.on_event("{v}")\n    {d} h{i}():\n        {b}',
    'def register{i}(app):\n    @app.on_event("{v}")\n    {d} h{i}():\n        {b}\n\n\nregister{i}({r})',
    (
        'def register{i}(app: FastAPI) -> None:\n    {d} h{i}():\n        {b}\n\n    {d} g{i}():\n        step("t{i}")\n\n'
        '    app.add_event_handler("startup", h{i})\n    app.add_event_handler("shutdown", g{i})\n\n\nregister{i}({r})'
    ),
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}\n\n\ndef f{i}():\n    return h{i}.__name__, asyncio.iscoroutinefunction(h{i})',
    '@{r}.on_event("{v}")\ndef h{i}():\n    {b}\n\n\ndef f{i}():\n    return h{i}()',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}\n\n\n@{r}.on_event("{v}")\n{d} h{i}():\n    step("t{i}")',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}\n\n\ndel h{i}',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}\n\n\nh{i} = None',
    '@{r}.on_event("{v}")\n{d} h{i}():\n    {b}\n\n\ndef f{i}():\n    global h{i}\n    h{i} = None',
    '{d} h{i}():\n    {b}\n\n\n{r}.on_event("{v}")(h{i})\nh{i} = lambda: step("t{i}")\n{r}.on_event("{v}")(h{i})',
    'def h{i}():\n    {b}\n    yield\n    step("t{i}")\n\n\n{r}.on_event("{v}")(h{i})',
    '@{r}.on_event("{v}")\nasync def h{i}():\n    {b}\n    yield',
    "sub{i} = FastAPI()\n\n\n@sub{i}.on_event('{v}')\n{d} h{i}():\n    {b}\n\n\n{r}.mount('/sub{i}', sub{i})",
)
"""What a lifespan can call."""

ODD_REGISTRATIONS = (
    '@{r}.on_event("{v}")\n@keep\ndef h{i}():\n    {b}',
    '@keep\n@{r}.on_event("{v}")\ndef h{i}():\n    {b}',
    '@functools.lru_cache\n@{r}.on_event("{v}")\ndef h{i}():\n    {b}',
    "{d} h{i}():\n    {b}\n\n\n{r}.router.on_{v}.insert(0, h{i})",
    "{d} h{i}():\n    {b}\n\n\n{r}.router.on_{v} += [h{i}]",
    '{r}.on_event("{v}")({z}.bump)',
    'class H{i}:\n    def __init__(self, app):\n        app.on_event("{v}")(self.h)\n\n    {d} h(self):\n        {b}\n\n\nH{i}({r})',
    'class H{i}:\n    @{r}.on_event("{v}")\n    {d} h():\n        {b}',
    "class H{i}:\n    {d} __call__(self):\n        {b}\n\n\n{r}.add_event_handler('{v}', H{i}())",
    'for word{i} in ("one", "two"):\n    {r}.on_event("{v}")(functools.partial(step, word{i}))',
    '{d} h{i}():\n    {b}\n\n\n[{r}.router.add_event_handler("{v}", each) for each in (h{i}, h{i})]',
    'if os.sep:\n    @{r}.on_event("{v}")\n    {d} h{i}():\n        {b}',
    'if {z}:\n    {r}.on_event("{v}")(lambda: step("s{i}"))',
    'try:\n    @{r}.on_event("{v}")\n    {d} h{i}():\n        {b}\nexcept OSError:\n    pass',
    'def register{i}(app):\n    print({z})\n    app.on_event("{v}")({z}.bump)\n    return 5\n\n\nregister{i}({r})\nregister{i}({r})',
    'register{i} = {r}.on_event\n\n\n@register{i}("{v}")\n{d} h{i}():\n    {b}',
    'getattr({r}, "on_event")("{v}")(lambda: step("s{i}"))',
    'EVENT{i} = "{v}"\n{r}.on_event(EVENT{i})(lambda: step("s{i}"))',
    "print(len({r}.router.on_{v}))",
    "{r}.router.on_{v}.clear()",
    "taken({r})",
    "def f{i}():\n    {r}.on_event('{v}')(lambda: step('s{i}'))",
    "@{r}.on_event('startup')\n{d} h{i}():\n    {b}\n    {r}.router.on_shutdown.append(lambda: step('t{i}'))",
    "router{i} = APIRouter()\n\n\n@router{i}.on_event('{v}')\n{d} h{i}():\n    {b}\n\n\n{r}.include_router(router{i})",
    "router{i} = APIRouter()\n{r}.include_router(router{i})\n\n\n@router{i}.on_event('{v}')\n{d} h{i}():\n    {b}",
    "router{i} = APIRouter(on_{v}=[lambda: step('s{i}')])\n{r}.include_router(router{i})",
    (
        "@asynccontextmanager\nasync def span{i}(app):\n    step('s{i}')\n    yield\n    step('t{i}')\n\n\n"
        "router{i} = APIRouter(lifespan=span{i})\n{r}.include_router(router{i})"
    ),
    "def f{i}():\n    return type({r}.router.lifespan_context).__name__ and {e}",
)
"""What may be called otherwise, more than once or never, and what else is done to applications."""
REGISTRARS = (
    'def register_all{i}(app):\n    @app.on_event("{v}")\n    {d} h{i}():\n        {b}',
    'def register_all{i}(app: FastAPI) -> None:\n    app.on_event("{v}")({x}.bump)\n    app.on_event("{v}")(h{i})\n\n\n'
    "{d} h{i}():\n    {b}",
    'def inner{i}(app):\n    app.add_event_handler("{v}", h{i})\n\n\n{d} h{i}():\n    {b}\n\n\n'
    'def register_all{i}(app):\n    inner{i}(app)\n    app.on_event("{v}")(lambda: step("t{i}"))',
    'def register_all{i}(app):\n    if app is None:\n        return\n    app.on_event("{v}")(lambda: step("t{i}"))',
)
"""Functions that other modules give an application."""

STEPS = (
    'step("s{i}")',
    'step("s{i}")',
    'step("s{i}")\nprint({e})',
    'print({e})\nstep("s{i}")',
    'step("s{i}")\n{x}.bump()',
    '{x}.tag = "s{i}"\nstep("s{i}")',
    'step("s{i}")\n{x}.close()',
    'if {x} is not None:\n    {x}.close()\nstep("s{i}")',
    "global {x}\n{x} = Res('b')\nstep('s{i}')",
    'global {x}\nstep("s{i}")\nold, {x} = {x}, None\nprint(old)',
    'global {x}\nstep("s{i}")\n{x} = 5',
    'step("s{i}")\nprint(fractions.Fraction(1, 2) + colorsys.rgb_to_hsv(0, 0, 1)[2])',
    'import fractions as late\nstep("s{i}")\nprint(late.Fraction(1, {i}))',
    'step("s{i}")\nprint(number(), Counted.made)',
    "known({x})\nstep('s{i}')",
    "import {m} as other\nstep('s{i}')\nprint(other.{n})",
    "from {m} import {n} as found\nstep('s{i}')\nprint(found.bump())",
    "import {m} as other\nother.{n} = Res('b')\nstep('s{i}')",
    "from unittest.mock import patch\nwith patch('{m}.{n}', 7):\n    step('s{i}')\n    import {m} as other\n    print(other.{n})",
    "step('s{i}')\nreturn {x}",
    "step('s{i}')\nraise KeyError('{x}')",
    "try:\n    step('s{i}')\n    print({e})\nfinally:\n    step('u{i}')",
    "os.environ['WORD'] = 's{i}'\nstep('s{i}')",
    "def inner():\n    return {e}\n\nstep('s{i}')\nprint(inner())",
    "step('s{i}')\napp = {x}\nprint(app)",
    "step('s{i}')\nstate = lifespan = {x}\nprint(state, lifespan)",
)
ROUTES = (
    '@{r}.get("/")\ndef f{i}():\n    return str({e})',
    '@{r}.get("/")\nasync def home{i}():\n    return str({e})',
    '@{r}.get("/")\ndef home{i}(request: Request):\n    return str([{x}, sorted(request.state._state)])',
    '{r}.add_route("/", lambda request: PlainTextResponse(str({e})))',
    '@{r}.middleware("http")\nasync def around{i}(request, call_next):\n    print({x})\n    return await call_next(request)',
)
ELSEWHERE = (
    ("from {m} import {r}", "{r}"),
    ("from {m} import {r} as other{i}", "other{i}"),
    ("import {m} as other{i}", "other{i}.{r}"),
    ("import {m}", "{m}.{r}"),
)
"""How another module gets at what it registers on, or at what registers."""
