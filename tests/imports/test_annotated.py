"""LZ204: who may evaluate an annotation, told by what is handed on, and by the real frameworks."""

import textwrap

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
METHOD = """
    import fractions


    class Half:
        def get(self, x: fractions.Fraction):
            return x
    """

FIELD = """
    import fractions
    import typing


    class Half:
        x: fractions.Fraction
    """
FUNCTION = """
    import fractions
    import typing


    def half(x: fractions.Fraction):
        return x
    """
READER = """

    def hints(f):
        return typing.get_type_hints(f)
    """


def moves(*parts: str) -> None:
    code = "".join(map(textwrap.dedent, parts))
    assert check({"m.py": code}, flags=HEAVY, run="import m").plan.changes


def stays(because: str, *parts: str) -> None:
    refused({"m.py": "".join(map(textwrap.dedent, parts))}, because=because, flags=HEAVY)


def test_a_method_that_another_module_s_object_has_too_is_not_handed_on() -> None:
    moves(METHOD, "\n\nimport os\n\nread = os.environ.get\n")
    moves(METHOD, "\n\nimport operator\n\nprint(operator.get if hasattr(operator, 'get') else 0)\n")


def test_a_method_of_self_is_one_of_its_own_family() -> None:
    other = """

        class Other:
            def get(self): ...
            def add(self, calls): calls.append(self.get)
        """
    moves(METHOD, other)
    stays("Half.get is handed on", METHOD, other.replace("class Other:", "class Other(Half):"))
    stays("Half.get is handed on", METHOD, other, "\n\nclass Both(Other, Half): ...\n")


def test_a_class_with_an_unknown_base_may_be_of_any_family() -> None:
    other = """

        def base(): return Half


        class Other(base()):
            def add(self, calls): calls.append(self.get)
        """
    stays("Half.get is handed on", METHOD, other)


def test_a_method_of_an_unknown_object_may_be_any() -> None:
    stays("Half.get is handed on", METHOD, "\n\ndef add(other, calls): calls.append(other.get)\n")


def test_giving_annotations_to_a_new_class_evaluates_none() -> None:
    moves(METHOD, '\n\nMade = type("Made", (), {"__annotations__": {"x": int}})\n')
    stays("m evaluates annotations", METHOD, "\n\nprint(Half.get.__annotations__)\n")


def test_what_is_read_of_a_class_by_its_name_is_its_fields() -> None:
    moves(METHOD, "\n\nprint(Half.__annotations__)\n")
    stays("m evaluates annotations", FIELD, "\n\nprint(Half.__annotations__)\n")
    stays(
        "m evaluates annotations",
        FIELD,
        "\n\nclass Third(Half): ...\n\n\nprint(typing.get_type_hints(Third))\n",
    )
    moves(FIELD, "\n\nclass Other: ...\n\n\nprint(typing.get_type_hints(Other))\n")


def test_the_keys_of_annotations_are_no_annotations() -> None:
    for keys in ("set(Half.__annotations__)", "Half.__annotations__.keys()", "'x' in Half.__annotations__"):
        moves(FIELD, f"\n\nprint({keys})\n")
    stays("m evaluates annotations", FIELD, "\n\nprint(list(Half.__annotations__.values()))\n")


def test_a_class_s_own_dictionary_gives_the_annotations_of_its_body() -> None:
    reader = "def names(cls):\n    return cls.__dict__.get('__annotations__', {})\n"
    moves(METHOD, "\n\n", reader)
    stays("m evaluates annotations", FIELD, "\n\n", reader)
    stays("m evaluates annotations", METHOD, "\n\ndef names(given):\n    return given['__annotations__']\n")


def test_text_has_no_annotations() -> None:
    reader = "\n\ndef hints(f{}):\n    return typing.get_type_hints(f)\n\n\ndef look(m, name):\n    hints(getattr(m, name))\n"
    stays("m evaluates annotations", FUNCTION, reader.format(""))
    moves(FUNCTION, reader.format(": str"))


def test_functions_that_are_not_handed_on_reach_no_reader() -> None:
    moves(METHOD, FUNCTION, READER)
    stays("half is handed on", FUNCTION, READER, "\n\nprint(hints(half))\n")
    moves(FUNCTION, READER, "\n\ndef show(other):\n    return hints(other)\n\n\nprint(show(len))\n")


def test_a_reader_of_unknown_objects_may_read_any_class_body() -> None:
    stays("m evaluates annotations", FIELD, READER, "\n\nprint(hints(Half()))\n")


def test_an_attribute_of_an_unknown_object_is_one_of_any_class() -> None:
    reader = "\n\nimport typing\n\n\ndef hints(f):\n    return typing.get_type_hints(f.get)\n"
    stays("m evaluates annotations", METHOD, reader, "\n\nprint(hints(Half()))\n")
    moves(METHOD, reader.replace("f.get", "f.put"))


def test_a_reader_of_what_is_looked_up_by_name_may_read_anything() -> None:
    for found in ("getattr(m, name)", "vars(m)[name]", "m.__dict__[name]"):
        looking = f"\n\ndef look(m, name):\n    return hints({found})\n"
        stays("m evaluates annotations", FUNCTION, READER, looking)
        apart = f"\n\ndef look(m, name):\n    return show({found})\n\n\ndef show(found):\n    return hints(found)\n"
        stays("m evaluates annotations", FUNCTION, READER, apart)
    moves(FUNCTION, READER, "\n\ndef look(m, name):\n    return getattr(m, name)\n")


def test_what_an_object_keeps_comes_from_where_it_was_made() -> None:
    kept = """

        class Kept:
            def __init__(self, function):
                self.function = function

            def hints(self):
                return typing.get_type_hints(self.function)


        def made(m, name):
            return Kept({})
        """
    moves(FUNCTION, READER, kept.format("name"))
    stays("m evaluates annotations", FUNCTION, READER, kept.format("getattr(m, name)"))


def test_a_reader_under_another_name_may_read_anything() -> None:
    stays("m evaluates annotations", FUNCTION, "\n\nfrom typing import get_type_hints as hints\n")
    stays("m evaluates annotations", FUNCTION, "\n\nread = typing.get_type_hints\n")
    stays("m evaluates annotations", FUNCTION, "\n\nprint(list(map(typing.get_type_hints, [])))\n")


def test_a_class_of_another_package_that_is_read_is_no_concern() -> None:
    moves(METHOD, FIELD, "\n\nimport decimal\n\nprint(typing.get_type_hints(decimal.Decimal))\n")


def test_a_subclass_that_is_handed_on_hands_on_the_fields_it_inherits() -> None:
    stays("Third is handed on", FIELD, "\n\nclass Third(Half): ...\n\n\nprint(vars(Third), [Third])\n")
    stays("the base class of Third", FIELD, "\n\nimport unknown\n\n\nclass Third(Half, unknown.Model): ...\n")
    stays("the decorator of Third", FIELD, "\n\nimport unknown\n\n\n@unknown.model\nclass Third(Half): ...\n")
    moves(FIELD, "\n\nclass Third(Half): ...\n\n\nprint(Third() is None)\n")
    stays(
        "the base class of Third", METHOD, "\n\nimport unknown\n\n\nclass Third(Half, unknown.Model): ...\n"
    )
    moves(METHOD, "\n\nimport dataclasses\n\n\n@dataclasses.dataclass\nclass Third(Half):\n    y: int = 1\n")


FAMILY = """
    import fractions


    class Half:
        def get(self, x: fractions.Fraction):
            return x

        def all(self, give):
            {}
    """


def test_a_method_in_any_expression_that_goes_somewhere_is_handed_on() -> None:
    for where in (
        "return {'a': self.get}",
        "give(*[self.get])",
        "give.known['a'] = self.get",
        "give([each.get for each in (self,)])",
        "give(self.get if give else None)",
        "yield self.get, 1",
        "setattr(give, 'call', self.get)",
        "import functools; give(functools.partial(self.get, 1))",
    ):
        stays("Half.get is handed on", FAMILY.format(where))


def test_a_method_that_is_only_looked_at_is_not_handed_on() -> None:
    for where in (
        "return give is self.get",
        "print(self.get)",
        "return isinstance(self.get, give)",
        "import threading; threading.Thread(target=self.get)",
        "return [self.get(each) for each in give]",
        "return self.get.__name__",
        "return f'{self.get}'",
    ):
        moves(FAMILY.format(where))


def test_an_object_hands_on_the_value_of_a_property() -> None:
    code = METHOD.replace(
        "def get(self, x: fractions.Fraction):\n            return x",
        "@property\n        def get(self) -> fractions.Fraction:\n            return 1",
    )
    moves(code, "\n\ndef all(known):\n    known.append(known.get)\n")
    stays("Half.get is handed on", code, "\n\ndef all(known):\n    known.append(Half.get)\n")


def test_a_function_of_the_same_name_hands_on_no_method() -> None:
    other = "\n\ndef get():\n    pass\n\n\nknown = [get]\n"
    moves(METHOD, other)
    check(
        {
            "m.py": "import fractions\n\n\ndef get(x: fractions.Fraction): ...\n",
            "n.py": "def get(): ...\nknown = [get]\n",
        },
        flags=HEAVY,
        run="import m, n",
    )
    stays("get is handed on", FUNCTION.replace("half", "get"), "\n\nknown = [get]\n")


def inside(code: str, added: str) -> str:
    """Add lines to the class that ends the code."""
    return textwrap.dedent(code) + textwrap.indent(textwrap.dedent(added), "    ")


def test_a_method_that_its_class_body_hands_on_is_handed_on() -> None:
    stays("Half.get is handed on", inside(METHOD, "known = [get]\n"))


def test_a_class_that_its_own_code_hands_on_is_handed_on() -> None:
    for given in ("cls", "[cls]"):
        added = f"@classmethod\ndef add(cls, known):\n    known.append({given})\n"
        stays("Half is handed on", inside(FIELD, added))
    stays("Half is handed on", inside(FIELD, "def add(self, known):\n    known.append(type(self))\n"))
    stays("Half is handed on", inside(FIELD, "def add(self, known):\n    known.append(self.__class__)\n"))
    moves(inside(FIELD, "def show(self):\n    return type(self).__name__\n"))


def test_code_for_type_checkers_gets_the_import_where_they_look_for_it() -> None:
    before = """
        from typing import TYPE_CHECKING

        import fractions

        if TYPE_CHECKING:
            from os import PathLike

            Exact = fractions.Fraction
            from os import DirEntry


        def half(x: "Exact") -> "fractions.Fraction":
            return fractions.Fraction(1, 2)
        """
    after = """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import fractions
            from os import PathLike

            Exact = fractions.Fraction
            from os import DirEntry


        def half(x: "Exact") -> "fractions.Fraction":
            import fractions

            return fractions.Fraction(1, 2)
        """
    assert check(
        {"m.py": before}, {"m.py": after}, flags=HEAVY, run="import m; print(m.half(1))"
    ).plan.changes


def test_a_class_that_only_type_checkers_see_gets_its_base_there() -> None:
    before = """
        from typing import TYPE_CHECKING

        import fractions

        if TYPE_CHECKING:
            class Exact(fractions.Fraction): ...
        else:
            Exact = object
        """
    moves(before, "\n\ndef half(x):\n    return fractions.Fraction(x)\n")
    stays(
        "the statement at m.py:8 needs fractions.Fraction at import",
        before.replace("= object", "= fractions.Fraction"),
    )


NESTED = """
    {future}import fractions
    import functools
    import typing


    def halves(give):
        {decorator}
        def half(x: {annotation}):
            return x
        return {result}


    def other():
        return fractions.Fraction(1, 2)


    def hints(f):
        return typing.get_type_hints(f)
    """
STRINGS = [("from __future__ import annotations\n    ", "fractions.Fraction"), ("", "'fractions.Fraction'")]


def nested(future: str, annotation: str, decorator: str, result: str) -> str:
    return NESTED.format(future=future, annotation=annotation, decorator=decorator, result=result)


@pytest.mark.parametrize(("future", "annotation"), STRINGS)
def test_a_string_in_a_function_is_evaluated_with_the_names_of_the_module(
    future: str, annotation: str
) -> None:
    """As a route in `create_app()`, and in schemas/main.py of ansible-lint 26.10.1."""
    stays("the decorator of halves.<locals>.half may", nested(future, annotation, "@give", "half(1)"))
    stays("half is handed on", nested(future, annotation, "@functools.cache", "hints(half)"))
    code = textwrap.dedent(nested(future, annotation, "@functools.cache", "half(1)"))
    outcome = check({"m.py": code}, flags=HEAVY, run="import m; print(m.halves(0), m.other())")
    assert outcome.files["m.py"].count("import fractions") == 2  # for type checkers, and in other()
    assert f"x: {annotation}):" in outcome.files["m.py"]


def test_what_python_evaluates_in_a_function_gets_the_import_there() -> None:
    code = textwrap.dedent(nested("", "fractions.Fraction", "@functools.cache", "hints(half)"))
    outcome = check({"m.py": code}, flags=HEAVY, run="import m; print(m.halves(0), m.other())")
    assert "def halves(give):\n    import fractions\n" in outcome.files["m.py"]
