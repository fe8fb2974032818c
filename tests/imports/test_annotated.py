"""LZ204: who may evaluate an annotation, told by what is handed on, and by the real frameworks."""

import textwrap

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
METHOD = """
    import fractions


    class Half:
        def get(self, x: fractions.Fraction):
            return x
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
    stays("m evaluates annotations", METHOD, "\n\nprint(Half.__annotations__)\n")
