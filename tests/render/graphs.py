"""Import graphs to render, some of them hostile."""

from lazify.model.effects import Effect, EffectKind, Evidence
from lazify.model.graphs import (
    Breakage,
    Cause,
    Closing,
    CrashPoint,
    Cycle,
    Edge,
    Fate,
    HeavyLoad,
    ImportGraph,
    Mark,
    MissingInit,
    Node,
    Turn,
)
from tests.render.records import BASE, at

NASTY = 'a"]; </script><img src=x onerror=alert(1)> \\n #59; %% [[x]] `y` \x1b[31m é ü 日本'


def edge(path: str, target: str, turn: Turn = Turn.FIRST, fate: Fate | None = None, line: int = 1) -> Edge:
    return Edge(
        at=at(path, line),
        text=f"import {target}",
        target=target,
        path=BASE / f"{target}.py",
        turn=turn,
        fate=fate,
    )


def mark(path: str, text: str, line: int = 3, kind: EffectKind = EffectKind.DATABASE) -> Mark:
    chain = (
        Evidence(fact=text, at=at(path, line)),
        Evidence(fact="__init__", at=at(path, line)),
        Evidence(fact="sqlite3.connect: database [docs]"),
    )
    return Mark(
        at=at(path, line),
        text=text,
        effects=(Effect(kind=kind, callee="sqlite3.connect", chain=chain),),
        conditions=((Evidence(fact=f"unless {text}", at=at(path, line - 1)),),),
    )


def heavy(path: str, package: str = "torch", fate: Fate | None = None) -> HeavyLoad:
    return HeavyLoad(
        at=at(path, 2),
        text=f"import {package}",
        package=package,
        ms=1166,
        mib=197,
        is_measured=True,
        basis="measured with torch 2.9",
        is_first=True,
        fate=fate,
    )


CUT = Fate(code="LZ203", title="net is imported by the function using it", is_mended=True)
PINNED = Fate(
    code="LZ201",
    title="torch is imported at module level",
    is_mended=False,
    reason="the class at net.py:4 needs torch.nn.Module at import",
    pinned_by=at("net.py", 4),
)


def graph(name: str = "app") -> ImportGraph:
    """An entry that imports `net` (cut) and `db`, which imports the entry back."""
    back = edge("db.py", name, Turn.RUNNING)
    nodes = (
        Node(
            name=name,
            path=BASE / f"{name}.py",
            depth=0,
            items=(
                edge(f"{name}.py", "net", fate=CUT),
                edge(f"{name}.py", "db", line=2),
                edge(f"{name}.py", "quiet", line=3),
            ),
        ),
        Node(
            name="net",
            path=BASE / "net.py",
            depth=1,
            items=(heavy("net.py", fate=PINNED),),
            kept_out_at=at("app.py"),
        ),
        Node(name="db", path=BASE / "db.py", depth=1, items=(back, mark("db.py", "conn = connect()"))),
        Node(name="quiet", path=BASE / "quiet.py", depth=1, items=(edge("quiet.py", "db", Turn.LATER),)),
    )
    closing = Closing(
        edge=back,
        importer="db",
        waiting_at=at("app.py", 2),
        way=(edge("app.py", "db", line=2),),
        names=("x", "y"),
        missing=("y",),
    )
    cycle = Cycle(
        modules=(name, "db"),
        closings=(closing,),
        breakages=(Breakage(first="db", at=at("app.py", 2), names=("z",), module="db"),),
    )
    point = CrashPoint(
        rank=1,
        cause=Cause.READ_ONLY,
        module="db",
        at=at("db.py", 3),
        text="conn = connect()",
        what="sqlite3.connect",
        why=mark("db.py", "conn = connect()").effects[0].chain,
    )
    missing = MissingInit(folder=BASE / "parts", modules=2, beside=BASE / "pkg", at=at("app.py", 4))
    return ImportGraph(
        root=BASE,
        entries=(name,),
        nodes=nodes,
        cycles=(cycle,),
        missing_inits=(missing,),
        crash_points=(point,),
    )


def hostile() -> ImportGraph:
    """Names and lines that try to break out of every format."""
    node = Node(
        name=NASTY,
        path=BASE / "n.py",
        depth=0,
        items=(mark("n.py", NASTY), heavy("n.py", package=NASTY)),
    )
    return ImportGraph(root=BASE / NASTY, entries=(NASTY,), nodes=(node,))
