"""Annotations under the frameworks that read them: the real ones, and both trees run.

Where a framework evaluates an annotation, its import stays and the program does what it did; where it does not, the
annotation becomes a string and the program does what it did as well.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
SEEN = "print(m.seen())"


def stays(code: str) -> None:
    """The import is needed: it stays, and nothing in the program changes."""
    outcome = check({"m.py": code}, flags=HEAVY, run=f"import m; {SEEN}")
    assert not outcome.plan.changes, [change.title for change in outcome.plan.changes]
    assert outcome.plan.refusals


def moves(code: str) -> None:
    """Nobody evaluates the annotation: the import leaves the module's top, and the program works as before."""
    outcome = check({"m.py": code}, flags=HEAVY, run=f"import m; {SEEN}")
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]
    assert not outcome.files["m.py"].lstrip().startswith("import fractions")


def is_broken_without(code: str, folder: Path) -> bool:
    """Tell whether the program fails with strings for annotations: else it would prove nothing."""
    spoiled = textwrap.dedent(code).replace("import fractions\n", "", 1)
    (folder / "m.py").write_text(f"from __future__ import annotations\n{spoiled}")
    command = [sys.executable, "-c", f"import m; {SEEN}"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


FASTAPI_ROUTE = """
    import fractions

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    app = FastAPI()


    @app.get("/half")
    def half(x: fractions.Fraction = None): ...


    def seen():
        return app.openapi()["paths"]["/half"]
    """
FASTAPI_DEPENDENCY = """
    import fractions
    from typing import Annotated

    from fastapi import Depends, FastAPI


    def half(x: Annotated[int, fractions.Fraction] = 1):
        return x


    app = FastAPI()


    @app.get("/half")
    def show(x=Depends(half)):
        return x


    def seen():
        return app.openapi()["paths"]["/half"]
    """
FASTAPI_CLASS = """
    import fractions
    from typing import Annotated

    from fastapi import Depends, FastAPI


    class Half:
        def __init__(self, x: Annotated[int, fractions.Fraction] = 1):
            self.x = x


    app = FastAPI()


    @app.get("/half")
    def show(x: Annotated[Half, Depends()]):
        return x.x


    def seen():
        return app.openapi()["paths"]["/half"]
    """
PYDANTIC = """
    import fractions
    from typing import Annotated

    import pydantic


    class Half(pydantic.BaseModel):
        x: Annotated[int, fractions.Fraction]


    def seen():
        return Half(x=3).x
    """
PYDANTIC_CALL = """
    import fractions
    from typing import Annotated

    import pydantic


    @pydantic.validate_call
    def half(x: Annotated[int, fractions.Fraction]):
        return x


    def seen():
        return half("3")
    """
DATACLASS = """
    import dataclasses
    import fractions


    @dataclasses.dataclass
    class Half:
        x: fractions.Fraction


    def seen():
        (field,) = dataclasses.fields(Half)
        return field.type.__name__
    """
ATTRS = """
    import fractions

    import attrs


    @attrs.define
    class Half:
        x: fractions.Fraction


    def seen():
        return attrs.fields(Half).x.type.__name__
    """
SQLMODEL = """
    import fractions
    from typing import Annotated

    import sqlmodel


    class Half(sqlmodel.SQLModel):
        x: Annotated[int, fractions.Fraction]


    def seen():
        return Half.model_validate({"x": 3}).x
    """
MSGSPEC = """
    import fractions
    from typing import Annotated

    import msgspec


    class Half(msgspec.Struct):
        x: Annotated[int, fractions.Fraction]


    def seen():
        return msgspec.json.decode(b'{"x": 3}', type=Half).x
    """
TYPER = """
    import fractions
    from typing import Annotated

    import typer
    from typer.testing import CliRunner

    app = typer.Typer()


    @app.command()
    def half(x: Annotated[int, fractions.Fraction] = 1):
        print(x)


    def seen():
        result = CliRunner().invoke(app, ["--x", "3"])
        if result.exception:
            raise result.exception
        return result.output
    """
EVALUATED = {
    "fastapi, route": FASTAPI_ROUTE,
    "fastapi, dependency": FASTAPI_DEPENDENCY,
    "fastapi, class as a dependency": FASTAPI_CLASS,
    "pydantic, model": PYDANTIC,
    "pydantic, validate_call": PYDANTIC_CALL,
    "dataclass": DATACLASS,
    "attrs": ATTRS,
    "sqlmodel": SQLMODEL,
    "msgspec": MSGSPEC,
    "typer": TYPER,
}


@pytest.mark.parametrize("name", EVALUATED)
def test_what_a_framework_evaluates_keeps_its_import(name: str, tmp_path: Path) -> None:
    pytest.importorskip(name.partition(",")[0].replace("dataclass", "dataclasses"))
    assert is_broken_without(EVALUATED[name], tmp_path)
    stays(EVALUATED[name])


HELPER = """
    import fractions

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    app = FastAPI()


    def half(x: fractions.Fraction) -> fractions.Fraction:
        return x / 2


    @app.get("/half")
    def show(x: int = 1):
        return str(half(fractions.Fraction(x)))


    def seen():
        return TestClient(app).get("/half?x=3").json(), app.openapi()["paths"]
    """
SERVICE = """
    import fractions

    import pydantic
    import typer
    from typer.testing import CliRunner


    class Order(pydantic.BaseModel):
        amount: int


    class Prices:
        rate: "fractions.Fraction | None" = None

        def half(self, order: Order) -> fractions.Fraction:
            return fractions.Fraction(order.amount, 2)


    app = typer.Typer()


    @app.command()
    def show(amount: int):
        print(Prices().half(Order(amount=amount)))


    def seen():
        return CliRunner().invoke(app, ["3"]).output
    """


METHODS = """
    import fractions

    import msgspec
    import pydantic
    import sqlmodel


    class Order(pydantic.BaseModel):
        amount: int

        def half(self) -> fractions.Fraction:
            return fractions.Fraction(self.amount, 2)


    class Row(sqlmodel.SQLModel):
        amount: int

        def half(self) -> fractions.Fraction:
            return fractions.Fraction(self.amount, 2)


    class Message(msgspec.Struct):
        amount: int

        def half(self) -> fractions.Fraction:
            return fractions.Fraction(self.amount, 2)


    def seen():
        schema = Order.model_json_schema(), Row.model_json_schema(), msgspec.json.schema(Message)
        return schema, [str(each(amount=3).half()) for each in (Order, Row, Message)]
    """


@pytest.mark.parametrize("code", [HELPER, SERVICE, METHODS], ids=["helper", "service", "methods"])
def test_what_stands_beside_a_framework_s_own_does_not_need_the_import(code: str) -> None:
    moves(code)


def test_files_whose_imports_a_framework_reads_keep_those_of_the_project() -> None:
    """As in magic-pdf: `datasets` copies what `from .other import name` names at the beginning of a line."""
    script = (
        "import datasets\nfrom .images import load\n\n\nclass Forms(datasets.GeneratorBasedBuilder):\n"
        "    def _generate_examples(self):\n        return load()\n"
    )
    images = "import fractions\n\nHALF = fractions.Fraction(1, 2)\n\n\ndef load():\n    return HALF\n"
    files = {"data/__init__.py": "", "data/forms.py": script, "data/images.py": images}
    flags = {"heavy": ("fractions",), "select": ("LZ203",)}
    refused(files, because="datasets looks for imports in the text of the file", flags=flags)
    other = script.replace("datasets.GeneratorBasedBuilder", "datasets.BuilderConfig")
    assert check({**files, "data/forms.py": other}, flags=flags).plan.changes
