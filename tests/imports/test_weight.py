"""What counts as heavy, and what is loaded anyway."""

from lazify.knowledge.heavy import costs
from lazify.testing import check, refused, untouched

HTTPX = "import httpx\n\n\ndef get(url):\n    return httpx.get(url)\n"


def test_an_import_is_heavy_by_what_it_costs_in_time_or_in_memory() -> None:
    cost = costs().of("httpx")
    assert cost is not None
    dearer = {"heavy_milliseconds": cost.ms + 1, "heavy_mib": cost.mib + 1}
    untouched({"m.py": HTTPX}, flags=dearer)
    for threshold in ({"heavy_milliseconds": cost.ms}, {"heavy_mib": cost.mib}):
        assert check({"m.py": HTTPX}, flags={**dearer, **threshold}).plan.changes


def test_the_thresholds_may_stand_in_the_configuration() -> None:
    settings = "[tool.lazify]\nheavy-milliseconds = 100000\nheavy-mib = 100000\n"
    untouched({"pyproject.toml": settings, "m.py": HTTPX})


def test_what_another_import_of_the_module_loads_anyway_stays() -> None:
    assert costs().brings("pandas", "numpy")
    assert costs().brings("pandas.core", "numpy.linalg")
    assert not costs().brings("numpy", "pandas")
    before = "import numpy as np\nimport pandas as pd\n\nEMPTY = pd.DataFrame()\n\n\ndef mean(x):\n    return np.mean(x)\n"
    refused(
        {"m.py": before},
        because="pandas, which stays, loads numpy anyway (m.py:2)",
        flags={"select": ["LZ2"]},
    )


def test_an_estimated_package_brings_along_what_its_estimate_rests_on() -> None:
    """As in monailabel 0.8.5, where monai stays."""
    assert costs().pays_for("monai.data", "torch.optim")
    assert costs().pays_for("mpl_toolkits.mplot3d", "matplotlib")
    assert not costs().pays_for("spacy", "torch")
    before = """
        import torch
        from monai.transforms import Transform


        class Crop(Transform): ...


        def empty():
            return torch.empty(1)
        """
    refused({"m.py": before}, because="monai.transforms, which stays, loads torch anyway (m.py:2)")


def test_a_part_of_unknown_cost_is_no_gain_where_another_part_that_stays_loads_the_package() -> None:
    """As in metagpt 0.8.2, where `llama_index.core` stays."""
    assert costs().pays_for("scipy.ndimage", "scipy.special.orthogonal")
    assert costs().pays_for("llama_index.core.schema", "llama_index.readers.file")
    assert not costs().pays_for("llama_index.readers.file", "llama_index.core.schema")
    before = """
        from llama_index.core.schema import Document
        from llama_index.readers.file import PDFReader


        class Page(Document): ...


        def read(path):
            return PDFReader().load_data(path)
        """
    refused({"m.py": before}, because="the class at m.py:5 needs Document at import")


def test_a_part_of_a_package_that_stays_is_no_gain_where_only_the_whole_package_is_known_to_be_heavy() -> (
    None
):
    assert costs().brings("mlx.core", "mlx.nn.layers.upsample")
    assert costs().brings("torch", "torch.utils._foreach_utils")
    assert not costs().brings("torch", "torch.onnx.symbolic_opset9.more")
    before = """
        import mlx.core as mx
        from mlx.nn.layers.upsample import upsample_nearest

        ZERO = mx.array(0)


        def doubled(x):
            return upsample_nearest(x, (2, 2))
        """
    refused(
        {"m.py": before},
        because="the statement at m.py:4 needs mx.array at import",
        flags={"select": ["LZ2"]},
    )


def test_what_another_import_loads_moves_with_it() -> None:
    check(
        {
            "m.py": """
                import numpy as np
                import pandas as pd


                def mean(x):
                    return np.mean(pd.DataFrame(x))
                """
        },
        {
            "m.py": """
                def mean(x):
                    import numpy as np
                    import pandas as pd

                    return np.mean(pd.DataFrame(x))
                """
        },
    )


def test_an_import_under_a_condition_brings_nothing_for_certain() -> None:
    before = """
        import sys

        import numpy as np

        if sys.argv[0] == "none":
            import pandas as pd


        def mean(x):
            return np.mean(x)
        """
    assert check({"m.py": before}).plan.changes


def test_what_is_missing_in_the_project_itself_is_no_heavy_package() -> None:
    files = {
        "chromadb/__init__.py": "try:\n    from chromadb.made_by_the_build import flag\nexcept ImportError:\n    flag = 0\n",
        "m.py": "import chromadb\n\n\ndef f():\n    return chromadb.flag\n",
    }
    untouched(files)


HAYSTACK = {"m.py": "import haystack\n\n\ndef connection():\n    return haystack.connections['default']\n"}


def test_a_package_may_have_the_name_of_a_heavy_one() -> None:
    assert check(HAYSTACK).plan.changes
    assert check({**HAYSTACK, "requirements.txt": "haystack-ai>=2\n"}).plan.changes
    untouched({**HAYSTACK, "requirements.txt": "django_haystack>=3\n"})


def test_what_the_user_says_is_heavy_is_whosever_it_is() -> None:
    files = {**HAYSTACK, "requirements.txt": "django-haystack\n"}
    assert check(files, flags={"heavy": ("haystack",)}).plan.changes


CARRIED = {
    "app/__init__.py": "",
    "app/speech.py": """
        import sys
        from pathlib import Path

        sys.path.insert(0, str(Path(__file__).parent / "thirdparty" / "spacy"))

        def tell():
            from spacy.models import NAME, shown

            return NAME, shown()
        """,
    "app/thirdparty/__init__.py": "",
    "app/thirdparty/spacy/__init__.py": "",
    "app/thirdparty/spacy/spacy/__init__.py": "",
    "app/thirdparty/spacy/tools/__init__.py": "",
    "app/thirdparty/spacy/tools/show.py": "from spacy.models import shown\n\n\ndef show():\n    print(shown())\n",
    "app/thirdparty/spacy/spacy/protos/__init__.py": "",
    "app/thirdparty/spacy/spacy/protos/log_pb2.py": "# Generated by a tool. DO NOT EDIT!\nLEVEL = 1\n",
    "app/thirdparty/spacy/spacy/logs.py": "class Log:\n    def __init__(self, name):\n        self.name = name\n",
    "app/thirdparty/spacy/spacy/models.py": """
        from spacy.logs import Log
        from spacy.protos.log_pb2 import LEVEL

        NAME = "small"
        log = Log(__name__)


        def shown():
            return log.name
        """,
}


def test_a_package_that_the_project_carries_within_itself_is_not_the_heavy_one_of_its_name() -> None:
    """As xinference 1.0.0 does with fish_speech."""
    untouched(CARRIED, flags={"select": ["LZ2", "LZ1"]})


def test_a_folder_that_is_only_named_like_a_heavy_package_carries_nothing() -> None:
    files = {
        "app/__init__.py": "",
        "app/backends/__init__.py": "",
        "app/backends/spacy/__init__.py": "",
        "app/backends/spacy/tokens.py": "",
        "app/backends/spacy/use.py": """
            import spacy.tokens
            from spacy.language import Language


            def language():
                return Language(), spacy.tokens
            """,
    }
    assert check(files).plan.changes


def test_what_another_package_loads_of_an_estimated_one_pays_for_all_of_it() -> None:
    """As in mlserver 1.7.1, where an exporter stays, and chainlit 2.12.0, where slack_bolt does."""
    exporter = "opentelemetry.exporter.otlp.proto.grpc.trace_exporter"
    assert costs().pays_for(exporter, "opentelemetry.sdk.trace.export")
    assert costs().pays_for("slack_bolt.async_app", "slack_sdk.errors")
    assert costs().pays_for("sshtunnel", "paramiko")
    assert not costs().pays_for("opentelemetry.sdk", exporter)
