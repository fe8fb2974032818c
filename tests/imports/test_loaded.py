"""What is loaded before a module runs has no reason to move out of it."""

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions", "statistics", "wave")}
NET = "import fractions\n\n\nclass Half(fractions.Fraction): ...\n"
USER = "import fractions\n\n\ndef f():\n    return fractions.Fraction(1)\n"


def stays(files: dict[str, str], because: str) -> None:
    refused(files, because=because, flags=HEAVY)


def test_what_the_package_around_a_module_loads_stays_in_it() -> None:
    files = {
        "pkg/__init__.py": "from pkg import net\n",
        "pkg/net.py": NET,
        "pkg/sub/__init__.py": "",
        "pkg/sub/m.py": USER,
    }
    stays(files, "net.py:1 loads fractions whenever this is imported")


def test_what_a_module_loads_by_another_import_of_its_own_stays() -> None:
    stays({"m.py": f"import net\n{USER}\n\nHALF = net.Half(1)\n", "net.py": NET}, "net.py:1 loads fractions")


def test_what_another_package_brings_along_stays() -> None:
    """The tables say that seaborn imports pandas."""
    net = "import seaborn\n\n\nclass Grid(seaborn.FacetGrid): ...\n"
    user = "import pandas\n\n\ndef f():\n    return pandas.DataFrame\n"
    stays_as = {"pkg/__init__.py": "from pkg import net\n", "pkg/net.py": net, "pkg/m.py": user}
    refused(stays_as, because="net.py:1 loads seaborn whenever this is imported, and pandas with it")


def test_what_only_somebody_else_loads_moves() -> None:
    before = {"pkg/__init__.py": "", "pkg/net.py": NET, "pkg/m.py": USER}
    after = {"pkg/m.py": "def f():\n    import fractions\n\n    return fractions.Fraction(1)\n"}
    assert check(before, after, flags=HEAVY, run="import pkg.m; print(pkg.m.f())").plan.changes


def test_what_a_package_loads_on_a_condition_moves() -> None:
    for condition in (
        "try:\n    from pkg import net\nexcept ImportError:\n    pass\n",
        "def g():\n    from pkg import net\n",
    ):
        before = {"pkg/__init__.py": condition, "pkg/net.py": NET, "pkg/m.py": USER}
        after = {"pkg/m.py": "def f():\n    import fractions\n\n    return fractions.Fraction(1)\n"}
        outcome = check(before, flags=HEAVY, run="import pkg.m; print(pkg.m.f())")
        assert outcome.files["pkg/m.py"] == after["pkg/m.py"], condition


def test_another_package_of_the_same_module_moves_all_the_same() -> None:
    user = "import fractions\nimport wave\n\n\ndef f():\n    return fractions.Fraction(1), wave.Error\n"
    before = {"pkg/__init__.py": "from pkg import net\n", "pkg/net.py": NET, "pkg/m.py": user}
    after = {
        "pkg/m.py": "import fractions\n\n\ndef f():\n    import wave\n\n    return fractions.Fraction(1), wave.Error\n"
    }
    assert check(before, after, flags=HEAVY, run="import pkg.m; print(pkg.m.f())").plan.changes


def test_what_a_module_around_takes_from_here_at_import_stays_here() -> None:
    """requests.certs takes `where` from certifi, and requests.utils asks requests.certs for it at import."""
    for taking in (
        "from pkg import certs\n\nPATH = certs.Fraction(1)\n",
        "from pkg.certs import Fraction\n\nPATH = Fraction(1)\n",
    ):
        files = {
            "pkg/__init__.py": "from pkg import utils\n",
            "pkg/utils.py": taking,
            "pkg/certs.py": "from fractions import Fraction\n\nif __name__ == '__main__':\n    print(Fraction(1))\n",
        }
        stays(files, "loads fractions whenever this is imported")


def test_no_value_becomes_lazy_for_an_import_that_stays_anyway() -> None:
    files = {
        "pkg/__init__.py": "from pkg import net\n",
        "pkg/net.py": NET,
        "pkg/m.py": "import fractions\n\nHALF = fractions.Fraction(1, 2)\n\n\ndef f():\n    return HALF\n",
    }
    stays(files, "the statement at m.py:3 needs fractions.Fraction at import")


def test_values_become_lazy_where_they_are_all_that_keeps_an_import() -> None:
    user = "import fractions\n\n{0} = fractions.Fraction(1, 2)\n\n\ndef f():\n    return {0}\n"
    before = {
        "pkg/__init__.py": "from pkg import n\n",
        "pkg/n.py": user.format("ONE"),
        "pkg/m.py": user.format("TWO"),
    }
    outcome = check(before, flags=HEAVY, run="import pkg.m; print(pkg.m.f(), pkg.n.f())")
    assert not outcome.files["pkg/n.py"].startswith("import fractions")
    assert not outcome.files["pkg/m.py"].startswith("import fractions")


def test_a_part_of_a_package_whose_cost_another_part_spends_stays() -> None:
    """Nothing is known of openai but its cost as a whole."""
    user = (
        "from openai.types.responses import Response\nfrom openai.types.responses.tool_param import ToolParam\n\n\n"
        "class Answer(Response): ...\n\n\ndef f():\n    return ToolParam\n"
    )
    refused({"m.py": user}, because="the class at m.py:5 needs Response at import")


GUARDED = "try:\n    {body}\nexcept ImportError:\n    raise ImportError('pip install it')\n\n"


def guarded(body: str) -> dict[str, str]:
    return {
        "m.py": GUARDED.format(body=body)
        + "from statistics import mean\n\n\ndef f():\n    return mean([1])\n"
    }


def test_what_a_guard_that_stays_loads_first_has_no_reason_to_move() -> None:
    stays(guarded("# needed\n    import statistics"), "m.py:3 loads statistics whenever this is imported")


def test_what_a_guard_loads_only_after_something_else_moves() -> None:
    for body in ("if True:\n        import statistics", "import fractions\n    import statistics"):
        outcome = check(guarded(body), flags=HEAVY, run="import m; print(m.f())")
        assert "    from statistics import mean\n" in outcome.files["m.py"], body


def test_what_a_guarded_package_brings_along_moves() -> None:
    """Where seaborn is missing, nothing else loads pandas."""
    body = "try:\n    import seaborn\nexcept ImportError:\n    raise ImportError('pip install it')\n\n"
    files = {"m.py": f"{body}import pandas\n\n\ndef f():\n    return pandas.DataFrame\n"}
    assert "    import pandas\n" in check(files, flags=HEAVY).files["m.py"]


def test_what_a_package_loads_where_both_are_installed_stays_beside_it() -> None:
    """torch imports numpy if it is there, which `import numpy` says it is; where that may be missing, nobody knows."""
    net = "import torch\n\n\nclass Net(torch.nn.Module): ...\n\n\n"
    user = "import numpy\n\n\ndef f():\n    return numpy.zeros(1)\n"
    refused({"m.py": f"{net}{user}"}, because="torch, which stays, loads numpy anyway")
    refused(
        {"net.py": net, "m.py": f"import net\n{user}\n\nclass Own(net.Net): ...\n"},
        because="and numpy with it",
    )


def test_what_only_a_part_of_a_package_loads_is_no_reason() -> None:
    """transformers shows its parts as attributes, and loads them when somebody asks."""
    files = {
        "m.py": "import transformers\n\n\nclass Own(transformers.Trainer): ...\n\n\n"
        "def f():\n    return accelerate.Accelerator()\n".replace(
            "\n\n\nclass", "\nimport accelerate\n\n\nclass"
        )
    }
    assert "    import accelerate\n" in check(files).files["m.py"]


def test_what_import_star_loads_stays() -> None:
    """fastai's modules take torch from their basics, which import * from what imports it."""
    kit = "from net import *\n"
    stays({"kit.py": kit, "net.py": NET, "m.py": f"from kit import *\n{USER}"}, "net.py:1 loads fractions")
    stays(
        {"m.py": f"from fractions import *\n{USER}"},
        "fractions, which stays, loads fractions anyway (m.py:1)",
    )
    files = {"kit.py": "HALF = 2\n", "m.py": f"from kit import *\n{USER}"}
    assert check(files, flags=HEAVY, run="import m; print(m.f())").plan.changes
