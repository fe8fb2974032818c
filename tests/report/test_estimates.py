"""Where nobody measured, timelines are made of what heavy modules are known to cost."""

from pathlib import Path

from lazify.report.estimates import estimated
from tests.graph.projects import graph_of

FILES = {
    "app.py": "import httpx\nfrom net import Net\nimport tables\n\n\ndef f(x):\n    return Net()(httpx.get(x))\n",
    "net.py": "import torch\n\n\nclass Net(torch.nn.Module): ...\n",
    "tables.py": "import pandas as pd\n\nEMPTY = pd.DataFrame()\n\n\nclass T(pd.DataFrame): ...\n",
}


def test_before_all_heavy_modules_count_and_after_those_that_stay(root: Path) -> None:
    graph = graph_of(root, FILES).whole
    before, after = estimated(graph, root)
    assert (before.side, after.side, before.is_measured) == ("before", "after", False)
    (app,) = before.slices
    assert [each.name for each in app.below] == ["httpx", "net", "tables"]
    assert [each.name for each in app.below[1].below] == ["torch"]
    assert app.ms == sum(each.ms for each in app.below) == before.ms
    (left,) = after.slices
    assert [each.name for each in left.below] == ["tables"]
    assert after.ms < before.ms


def test_a_package_is_paid_for_once(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "import numpy\nimport b\nX = numpy.array([1])\n",
            "b.py": "import numpy\nY = numpy.zeros(3)\n",
        },
    ).whole
    before, _ = estimated(graph, root)
    (app,) = before.slices
    assert [each.name for each in app.below] == ["numpy"]
