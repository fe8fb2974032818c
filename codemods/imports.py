"""LZ201 to LZ204: heavy imports go into the functions that use them, and out of what only type checkers read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from lazify.codemod import Example
from lazify.imports.candidates import candidates
from lazify.imports.changing import said
from lazify.imports.deciding import Deciding
from lazify.imports.unmovable import unmovable
from lazify.imports.weight import weights_of
from lazify.index.view import View
from lazify.model.changes import Change, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Imports:
    """A heavy import goes to the top of each function that uses it: who never calls them never pays.

    Heavy is what the table lazify/knowledge/heavy.toml says, and what `--heavy` names. The import goes below the
    docstring; nested functions share the nearest common one; comments go along. Modules that took the name from
    here import it from its origin, tests that patch through it patch the origin, and where others may ask the
    module for the name unseen, it answers through a module `__getattr__`. Annotations that nobody evaluates become
    strings, and the import that type checkers need stands under `if TYPE_CHECKING:`.

    Refused where something needs the name at import (base classes, decorators, default values, class bodies,
    module-level statements, functions that run at import), where something evaluates the annotations (routes,
    dependencies, pydantic, dataclasses, unknown decorators), where names are looked up by text (`globals()`,
    `eval`, doctests), where the import depends on a condition, and where a later import would find another world
    (`sys.path` or the environment changed below it). Also reported and left alone: `from torch import *`, imports in
    class bodies, `import_module("torch")`.
    """

    order: ClassVar[int] = 200
    codes: ClassVar[Mapping[str, str]] = {
        "LZ201": "a heavy import that only functions use",
        "LZ202": "a heavy import guarded by `except ImportError`, with a flag or None",
        "LZ203": "an import of a first-party module that drags a heavy one in",
        "LZ204": "a heavy import used only in annotations nobody evaluates",
    }
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ201",
            before={
                "stats.py": "import os\n\nimport numpy as np\n\n\ndef mean(values):\n"
                '    """Average some values."""\n    return np.mean(values)\n\n\n'
                'def folder():\n    return os.environ.get("STATS", ".")\n',
            },
            after={
                "stats.py": 'import os\n\n\ndef mean(values):\n    """Average some values."""\n'
                "    import numpy as np\n\n    return np.mean(values)\n\n\n"
                'def folder():\n    return os.environ.get("STATS", ".")\n',
            },
        ),
        Example(
            code="LZ201",
            before={
                "net.py": "import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x):\n"
                "        return torch.relu(x)\n"
            },
            refused="the class at net.py:4 needs torch.nn.Module at import",
        ),
        Example(
            code="LZ202",
            before={
                "clips.py": "import logging\n\ntry:\n    import clip\n    import torch\n\n    CLIP_AVAILABLE = True\n"
                'except ImportError:\n    CLIP_AVAILABLE = False\n    logging.info("image search is off")\n\n\n'
                "def embed(image):\n    if not CLIP_AVAILABLE:\n        return None\n"
                '    model, _ = clip.load("ViT-B/32")\n    with torch.no_grad():\n'
                "        return model.encode_image(image)\n",
            },
            after={
                "clips.py": "import logging\nfrom importlib.util import find_spec\n\n"
                'CLIP_AVAILABLE = find_spec("clip") is not None and find_spec("torch") is not None\n'
                'if not CLIP_AVAILABLE:\n    logging.info("image search is off")\n\n\n'
                "def embed(image):\n    if not CLIP_AVAILABLE:\n        return None\n"
                '    import clip\n    import torch\n\n    model, _ = clip.load("ViT-B/32")\n    with torch.no_grad():\n'
                "        return model.encode_image(image)\n",
            },
        ),
        Example(
            code="LZ202",
            before={
                "tables.py": "try:\n    import pandas as pd\nexcept ImportError:\n    pd = None\n\n\n"
                "def frame(rows):\n    return rows if pd is None else pd.DataFrame(rows)\n"
            },
            after={
                "tables.py": "from importlib.util import find_spec\nfrom typing import TYPE_CHECKING\n\n"
                '_HAS_PANDAS = find_spec("pandas") is not None\n\n\n'
                "def frame(rows):\n    if TYPE_CHECKING or _HAS_PANDAS:\n        import pandas as pd\n\n"
                "    return rows if not _HAS_PANDAS else pd.DataFrame(rows)\n"
            },
        ),
        Example(
            code="LZ202",
            before={
                "speech.py": "try:\n    import boto3\nexcept ImportError:\n"
                '    raise ImportError("pip install boto3") from None\n\n\n'
                'def polly():\n    return boto3.client("polly")\n',
            },
            after={
                "speech.py": "def polly():\n    try:\n        import boto3\n    except ImportError:\n"
                '        raise ImportError("pip install boto3") from None\n\n'
                '    return boto3.client("polly")\n',
            },
        ),
        Example(
            code="LZ203",
            before={
                "net.py": "import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x): ...\n",
                "api.py": "from net import Net\n\n\ndef predict(x):\n    return Net()(x)\n",
            },
            after={"api.py": "def predict(x):\n    from net import Net\n\n    return Net()(x)\n"},
        ),
        Example(
            code="LZ204",
            before={
                "frames.py": "import pandas as pd\n\n\ndef rows(frame: pd.DataFrame) -> int:\n    return len(frame)\n"
            },
            after={
                "frames.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import pandas as pd\n\n\n"
                'def rows(frame: "pd.DataFrame") -> int:\n    return len(frame)\n'
            },
        ),
    )

    def is_concerned(self, view: View) -> bool:
        """Tell whether anything heavy is imported at all."""
        if not any(map(view.config.wants, self.codes)):
            return False
        weights = weights_of(view, view.costs)
        return any(True for _ in chain(candidates(view, weights), unmovable(view, weights)))

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Say which imports move, and which stay and why."""
        if any(map(view.config.wants, self.codes)):
            yield from said(view.once(Deciding))
        if view.config.wants("LZ201"):
            yield from unmovable(view, weights_of(view, view.costs))
