"""TorchScript compiles the source of functions, and of what they call; it knows no import statement."""

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",), "select": ("LZ201", "LZ203", "LZ204")}
NET = """
    import fractions

    import torch


    def half(x):
        return fractions.Fraction(x, 2)


    class Block(torch.nn.Module):
        def forward(self, x):
            return self.rest(x)

        def rest(self, x):
            return half(x)
    """


@pytest.mark.parametrize(
    "code",
    [
        "from torch import jit\n\nimport net\n\n\ndef save():\n    jit.script(net.Block()).save('net.pt')\n",
        "import torch\n\n\ndef save(model):\n    model = torch.jit.script(model)\n",
        "def save(model):\n    model.to_torchscript()\n",
        "from torch.jit import script\n\nfrom net import half\n\nfast = script(half)\n",
        "import torch\n\nimport net\n\n\n@torch.jit.script\ndef quarter(x):\n    return net.half(x)\n",
        "import torch\n\nimport net\n\n\n@torch.jit.script_if_tracing\ndef quarter(x):\n    return net.half(x)\n",
    ],
)
def test_what_torchscript_comes_to_keeps_its_import(code: str) -> None:
    outcome = check({"net.py": NET, "app.py": code}, flags=HEAVY)
    assert "import fractions\n\nimport torch" in outcome.files["net.py"]
    reasons = [refusal.reason for refusal in outcome.plan.refusals]
    assert any("compiles the function that uses fractions" in each for each in reasons), reasons


@pytest.mark.parametrize("code", ["", "import torch\n\n\ndef save(model):\n    torch.jit.trace(model, 1)\n"])
def test_what_it_does_not_come_to_imports_for_itself(code: str) -> None:
    assert "fractions" in str(check({"net.py": NET, "app.py": code}, flags=HEAVY).plan.changes)


def test_what_makes_an_object_is_not_compiled() -> None:
    making = NET.replace(
        "def rest(self, x):\n            return half(x)", "def __init__(self):\n            half(1)"
    )
    code = "import torch\n\n\ndef save(model):\n    torch.jit.script(model)\n"
    text = check({"net.py": making.replace("self.rest(x)", "x"), "app.py": code}, flags=HEAVY).files["net.py"]
    assert "def half(x):\n    import fractions\n" in text


def test_it_reads_the_annotations_of_what_it_compiles() -> None:
    net = "import fractions\n\n\ndef half(x: fractions.Fraction):\n    return x\n"
    code = "import torch\n\nimport net\n\n\n@torch.jit.script\ndef quarter(x):\n    return net.half(x)\n"
    refused({"net.py": net, "app.py": code}, because="torch.jit.script compiles half", flags=HEAVY)
