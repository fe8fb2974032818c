"""What the knowledge base says of calls that services make at import: its specification."""

import pytest

from lazify.knowledge import knowledge
from lazify.model.effects import EffectKind
from tests.knowledge.calls import arguments, effects, known


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        # files
        ("builtins.open('config.json')", "file_read"),
        ("builtins.open('app.log', 'a')", "file_write"),
        ("builtins.open('app.log', mode='r+b')", "file_write"),
        ("builtins.open(path, mode)", "file_read"),
        ("io.open('x', 'wb')", "file_write"),
        ("pathlib.Path('x')", ""),
        ("pathlib.Path.read_text()", "file_read"),
        ("pathlib.Path.open('w')", "file_write"),
        ("pathlib.PosixPath.mkdir()", "file_write"),
        ("pathlib.Path.resolve()", ""),
        ("pathlib.Path.exists()", "surroundings"),
        ("pathlib.PosixPath.cwd()", "surroundings"),
        ("os.path.isfile('a')", "surroundings"),
        ("shutil.which('git')", "surroundings"),
        ("os.makedirs('logs', exist_ok=True)", "file_write"),
        ("os.listdir('.')", "file_read"),
        ("os.path.join('a', 'b')", ""),
        ("os.path.getmtime('a')", "file_read"),
        ("shutil.rmtree('a')", "file_write"),
        ("tempfile.mkdtemp()", "file_write"),
        ("glob.glob('*')", "file_read"),
        ("json.load(file)", "file_read"),
        ("json.loads('{}')", ""),
        ("gzip.open('a', 'wb')", "file_write"),
        ("zipfile.ZipFile('a')", "file_read"),
        ("zoneinfo.ZoneInfo('Europe/Berlin')", "file_read"),
        ("importlib.metadata.version('a')", ""),
        ("ctypes.CDLL('libc.so.6')", "file_read"),
        ("ctypes.CDLL(None)", ""),
        ("ssl.create_default_context()", "file_read"),
        ("logging.FileHandler('app.log')", "file_write"),
        ("logging.FileHandler('app.log', delay=True)", ""),
        ("logging.handlers.RotatingFileHandler('app.log', 'a', 10, 3)", "file_write"),
        ("logging.handlers.RotatingFileHandler('app.log', 'a', 10, 3, None, True)", ""),
        ("logging.basicConfig(filename='app.log')", "file_write state"),
        ("logging.basicConfig(level=10)", "state"),
        # environment
        ("os._Environ.__getitem__('KEY')", "environment"),
        ("os.environ.__getitem__('KEY')", "environment"),
        ("os.environ.get('KEY')", "surroundings"),
        ("os.getenv('KEY')", "surroundings"),
        ("os.environ.setdefault('KEY', 'v')", "state"),
        ("os.environ.pop('KEY')", "environment state"),
        ("os.environ.pop('KEY', None)", "state"),
        ("os.environ.pop('KEY', '')", "state"),
        ("dotenv.load_dotenv()", "file_read state"),
        ("decouple.config('KEY')", "environment file_read"),
        ("decouple.config('KEY', default=1)", "surroundings"),
        ("environs.Env.str('KEY')", "environment"),
        ("environs.Env.str('KEY', 'v')", "surroundings"),
        ("pydantic_settings.BaseSettings()", "environment"),
        ("pydantic_settings.BaseSettings(_env_file='.env')", "environment file_read"),
        ("starlette.config.Config('.env')", "file_read"),
        # processes, threads, loops, ends
        ("subprocess.run(['ls'])", "process"),
        ("os.system('ls')", "process"),
        ("multiprocessing.Pool(4)", "process"),
        ("multiprocessing.Event()", "process state"),
        ("multiprocessing.Process(target=f)", ""),
        ("multiprocessing.Process.start()", "process"),
        ("threading.Thread(target=f)", ""),
        ("threading.Thread.start()", "thread"),
        ("threading.Timer.start()", "thread"),
        ("concurrent.futures.ThreadPoolExecutor(4)", ""),
        ("concurrent.futures.ThreadPoolExecutor.submit(f)", "thread"),
        ("concurrent.futures.ProcessPoolExecutor(4)", "process"),
        ("asyncio.run(main())", "loop"),
        ("asyncio.get_event_loop()", "loop"),
        ("asgiref.sync.async_to_sync(main)", "loop"),
        ("asyncio.Lock()", ""),
        ("sys.exit(1)", "exit"),
        ("argparse.ArgumentParser.parse_args()", "exit"),
        ("time.sleep(1)", "sleep"),
        # chance and time
        ("secrets.token_urlsafe(32)", "entropy"),
        ("uuid.uuid4()", "entropy"),
        ("uuid.UUID('0' * 32)", ""),
        ("os.urandom(8)", "entropy"),
        ("random.random()", "entropy state"),
        ("random.Random()", "entropy"),
        ("random.Random(42)", ""),
        ("random.seed(1)", "state"),
        ("numpy.random.rand(3)", "entropy state"),
        ("numpy.random.default_rng()", "entropy"),
        ("numpy.random.default_rng(7)", ""),
        ("time.time()", "clock"),
        ("time.localtime(0)", ""),
        ("datetime.datetime.now()", "clock"),
        ("pandas.Timestamp('now')", "clock"),
        ("pandas.Timestamp('2024-01-01')", ""),
        ("pandas.to_datetime('today')", "clock"),
        ("numpy.datetime64('now')", "clock"),
        ("datetime.datetime(2024, 1, 1)", ""),
        # shared state
        ("signal.signal(2, f)", "state"),
        ("atexit.register(f)", ""),
        ("logging.info(message)", ""),
        ("os.getcwd()", "surroundings"),
        ("os.getpid()", "state"),
        ("sys.path.append('lib')", "state"),
        ("sys.modules.pop('a')", "state"),
        ("warnings.filterwarnings('ignore')", "state"),
        ("logging.Logger.addHandler(h)", "state"),
        ("logging.root.setLevel(10)", "state"),
        # network
        ("socket.socket()", ""),
        ("socket.socket.connect(address)", "network"),
        ("socket.create_connection(address)", "network"),
        ("urllib.request.urlopen('https://example.org')", "network"),
        ("http.client.HTTPConnection('a')", ""),
        ("http.client.HTTPConnection.request('GET', '/')", "network"),
        ("smtplib.SMTP('mail')", "network"),
        ("ftplib.FTP()", ""),
        ("ftplib.FTP('host')", "network"),
        ("requests.get('https://example.org')", "network"),
        ("requests.Session()", ""),
        ("requests.sessions.Session.get('https://example.org')", "network"),
        ("httpx.Client()", "file_read"),
        ("httpx.Client(verify=False)", ""),
        ("httpx.AsyncClient.get('https://example.org')", "network"),
        ("aiohttp.ClientSession()", "loop"),
        ("urllib3.PoolManager()", ""),
        # databases
        ("sqlite3.connect('app.db')", "database"),
        ("sqlite3.connect(path)", "database"),
        ("sqlite3.connect(':memory:')", ""),
        ("sqlite3.Connection.execute('select 1')", "database"),
        ("sqlalchemy.create_engine('sqlite:///x')", ""),
        ("sqlalchemy.engine.Engine.connect()", "database"),
        ("sqlalchemy.MetaData.create_all(engine)", "database"),
        ("sqlalchemy.Table('t', metadata)", "state"),
        ("sqlalchemy.inspect(Model)", ""),
        ("alembic.config.Config('alembic.ini')", ""),
        ("alembic.config.Config.set_main_option('a', 'b')", "file_read"),
        ("alembic.context.run_migrations()", "database file_read"),
        ("chromadb.config.Settings()", "file_read"),
        ("a2wsgi.WSGIMiddleware(app)", ""),
        ("sqlalchemy.Table('t', metadata, autoload_with=engine)", "database state"),
        ("pymongo.MongoClient(url)", "network thread"),
        ("pymongo.MongoClient(url, connect=False)", ""),
        ("motor.motor_asyncio.AsyncIOMotorClient(url)", "network"),
        ("motor.motor_asyncio.AsyncIOMotorClient('mongodb://localhost')", ""),
        ("redis.Redis()", ""),
        ("redis.from_url(url)", ""),
        ("redis.asyncio.from_url(url)", ""),
        ("redis.Redis.ping()", "database"),
        ("psycopg2.connect(dsn)", "database"),
        ("psycopg_pool.ConnectionPool(dsn)", "database thread"),
        ("psycopg_pool.ConnectionPool(dsn, open=False)", ""),
        ("asyncpg.create_pool(dsn)", "database"),
        # clients
        ("boto3.client('s3')", "environment file_read network"),
        ("boto3.client('s3', region_name='eu-west-1')", "file_read network"),
        ("boto3.client('s3', 'eu-west-1')", "file_read network"),
        ("openai.OpenAI()", "environment file_read"),
        ("openai.OpenAI(api_key=key)", "file_read"),
        ("openai.OpenAI(api_key=None)", "environment file_read"),
        ("anthropic.Anthropic()", "file_read"),
        ("google.cloud.storage.Client()", "environment network"),
        ("google.cloud.storage.client.Client(credentials=c)", ""),
        ("firebase_admin.initialize_app()", "state"),
        ("supabase.create_client(url, key)", "file_read"),
        ("pinecone.Pinecone()", "environment file_read"),
        ("chromadb.PersistentClient('db')", "database file_write"),
        ("weaviate.connect_to_local()", "network"),
        ("qdrant_client.QdrantClient(':memory:')", ""),
        ("qdrant_client.QdrantClient(url=u)", "file_read network thread"),
        ("elasticsearch.Elasticsearch('http://localhost:9200')", ""),
        ("stripe.Customer.create()", "network"),
        ("twilio.rest.Client(sid, token)", ""),
        ("kafka.KafkaProducer()", "network thread"),
        ("celery.Celery('tasks')", "state"),
        ("sentry_sdk.init(dsn)", "file_read process state"),
        ("slowapi.Limiter(key_func=f)", "thread"),
        ("slowapi.Limiter(key_func=f, storage_uri='redis://localhost')", ""),
        # models
        ("torch.load('model.pt')", "file_read"),
        ("torch.nn.Linear(3, 4)", "entropy"),
        ("torch.nn.Module()", ""),
        ("torch.hub.load('a', 'b')", "file_read network"),
        ("transformers.pipeline('ner')", "file_read network"),
        ("transformers.AutoModel.from_pretrained('bert')", "file_read network"),
        ("sentence_transformers.SentenceTransformer('m')", "file_read network"),
        ("spacy.load('en_core_web_sm')", "file_read"),
        ("nltk.download('punkt')", "file_write network"),
        ("tiktoken.get_encoding('cl100k_base')", "file_read network"),
        ("joblib.load('model.joblib')", "file_read"),
        ("sklearn.ensemble.RandomForestClassifier()", ""),
        ("pandas.read_csv('a.csv')", "file_read"),
        ("pandas.read_csv('https://example.org/a.csv')", "network"),
        ("PIL.Image.open('a.png')", "file_read"),
        # web
        ("fastapi.FastAPI()", ""),
        ("fastapi.applications.FastAPI()", ""),
        ("fastapi.FastAPI.add_middleware(M)", ""),
        ("fastapi.staticfiles.StaticFiles(directory='static')", "file_read"),
        ("fastapi.staticfiles.StaticFiles(directory='static', check_dir=False)", ""),
        ("flask.Flask(name)", ""),
        ("flask.Flask.run()", "network"),
        ("flask.Flask.config.from_pyfile('a.cfg')", "file_read"),
        ("mangum.Mangum(app)", ""),
        ("django.setup()", "environment state"),
        ("uvicorn.run(app)", "network"),
    ],
)
def test_the_effects_of_a_call(call: str, expected: str) -> None:
    assert effects(call) == expected.split()


def test_sqlalchemy_inspects_classes_without_a_database_and_engines_with_one() -> None:
    inspect = known("sqlalchemy.inspect")
    assert inspect.applies((), {"inspect", "Base"}) == ()
    assert inspect.applies((), {"inspect", "create_engine"}) == (EffectKind.DATABASE,)


@pytest.mark.parametrize(
    "name",
    [
        "builtins.object", "typing.TypeVar", "typing.NewType", "typing.ParamSpec", "typing.NamedTuple",
        "typing.TypedDict", "collections.namedtuple", "enum.Enum", "threading.Lock", "threading.RLock",
        "threading.Event", "threading.Condition", "threading.Semaphore", "threading.local", "asyncio.Lock",
        "asyncio.Event", "contextvars.ContextVar", "dataclasses.field", "dataclasses.make_dataclass",
        "sqlalchemy.orm.declarative_base", "sqlalchemy.ext.declarative.declarative_base",
    ],
)  # fmt: skip
def test_a_declaration_has_no_effect_and_stays_where_it_is(name: str) -> None:
    assert known(name).is_declaration
    assert known(name).is_harmless


@pytest.mark.parametrize(
    "name",
    [
        "builtins.print", "builtins.len", "builtins.ValueError", "builtins.str.join", "logging.getLogger",
        "logging.Logger.info", "re.compile", "functools.partial", "itertools.chain", "math.sqrt",
        "collections.defaultdict", "fastapi.APIRouter", "flask.Blueprint", "pydantic.BaseModel",
        "pydantic.Field", "sqlalchemy.Column", "sqlalchemy.orm.sessionmaker", "abc.ABC", "typing.Generic",
        "torch.nn.ReLU", "jinja2.Environment", "passlib.context.CryptContext", "click.option",
        "importlib.util.find_spec", "structlog.get_logger", "numpy.array",
    ],
)  # fmt: skip
def test_a_harmless_call_is_no_declaration(name: str) -> None:
    assert known(name).is_harmless
    assert not known(name).is_declaration


@pytest.mark.parametrize(
    "name",
    ["builtins.eval", "builtins.exec", "builtins.__import__", "importlib.import_module", "pickle.loads"],
)
def test_what_runs_code_that_nobody_sees_is_unknown(name: str) -> None:
    assert knowledge().fact(name) is None


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("sqlite3.connect", "sqlite3.Connection"),
        ("sqlite3.Connection.cursor", "sqlite3.Cursor"),
        ("sqlite3.Connection.__enter__", "sqlite3.Connection"),
        ("builtins.open", "io.TextIOWrapper"),
        ("io.TextIOWrapper.__enter__", "io.TextIOWrapper"),
        ("pathlib.Path", "pathlib.Path"),
        ("pathlib.Path.joinpath", "pathlib.Path"),
        ("pathlib.PosixPath.__truediv__", "pathlib.PosixPath"),
        ("requests.Session", "requests.Session"),
        ("requests.get", "requests.Response"),
        ("logging.getLogger", "logging.Logger"),
        ("subprocess.Popen", "subprocess.Popen"),
        ("sqlalchemy.create_engine", "sqlalchemy.engine.Engine"),
        ("sqlalchemy.engine.Engine.connect", "sqlalchemy.engine.Connection"),
        ("sqlalchemy.orm.sessionmaker.__call__", "sqlalchemy.orm.Session"),
        ("motor.motor_asyncio.AsyncIOMotorClient.__getitem__", "motor.motor_asyncio.AsyncIOMotorDatabase"),
        ("torch.nn.Linear.eval", "torch.nn.Linear"),
        ("datetime.datetime.now", "datetime.datetime"),
        ("builtins.str.split", "builtins.list"),
        ("builtins.print", None),
    ],
)
def test_the_class_that_a_call_gives_an_instance_of(call: str, expected: str | None) -> None:
    assert known(call).result == expected


@pytest.mark.parametrize(
    "name",
    [
        "functools.lru_cache", "functools.wraps", "contextlib.contextmanager", "dataclasses.dataclass",
        "builtins.property", "fastapi.FastAPI.get", "fastapi.APIRouter.post", "flask.Flask.route",
        "celery.Celery.task", "click.command", "typer.Typer.command", "tenacity.retry", "atexit.register",
        "slowapi.Limiter.limit", "fastapi.FastAPI.on_event", "pydantic.field_validator",
    ],
)  # fmt: skip
def test_a_decorator_gives_the_function_back(name: str) -> None:
    assert known(name).is_decorator


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("builtins.map(f, items)", 1),
        ("builtins.sorted(items, key=f)", 1),
        ("builtins.sorted(items)", 0),
        ("functools.reduce(f, items)", 1),
        ("concurrent.futures.ThreadPoolExecutor.submit(f, g)", 1),
        ("functools.partial(f, g)", 0),
        ("threading.Thread(target=f)", 0),
        ("atexit.register(f)", 0),
    ],
)
def test_callables_that_are_called_before_the_call_returns(call: str, expected: int) -> None:
    name, _, rest = call.partition("(")
    assert len(known(name).called(arguments(rest.removesuffix(")")))) == expected


def test_settings_need_the_environment_only_for_fields_without_a_default() -> None:
    assert known("pydantic_settings.BaseSettings").needs_fields
    assert not known("openai.OpenAI").needs_fields


def test_subclassing_a_mapped_base_enters_a_registry() -> None:
    assert known("sqlalchemy.orm.DeclarativeBase").subclassing == (EffectKind.STATE,)
    assert known("pydantic.BaseModel").subclassing == ()


@pytest.mark.parametrize(
    "base",
    [
        "orm.DeclarativeBase",
        "orm.declarative_base()",
        "ext.declarative.declarative_base()",
        "ext.automap.automap_base()",
        "orm.registry.generate_base()",
    ],
)
def test_the_metadata_of_any_declarative_base_makes_tables(base: str) -> None:
    fact = known(f"sqlalchemy.{base}.metadata.create_all")
    assert fact.applies(arguments("engine")) == (EffectKind.DATABASE,)
