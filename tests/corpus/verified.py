"""`python -m tests.corpus.verified ENVIRONMENTS FOLDER [NAME…]`: apply, then verify, applications whose dependencies are there.

ENVIRONMENTS holds a virtual environment for each application, under its name; FOLDER the fetched trees, as
`python -m tests.corpus fetch` leaves them. Slow: each entry is imported eight times and more. Prints one row an entry.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ENTRIES = {
    "chromadb": ("chromadb/app.py", "chromadb"),
    "feast": ("feast.feature_server",),
    "fschat": ("fastchat/serve/controller.py", "fastchat/serve/openai_api_server.py"),
    "gradio": ("gradio",),
    "infinity_emb": ("infinity_emb/infinity_server.py",),
    "langserve": ("langserve",),
    "mlflow": ("mlflow/server/handlers.py",),
    "nemoguardrails": ("nemoguardrails/server/api.py",),
    "prefect": ("prefect.orion.api.server",),
    "rembg": ("rembg", "rembg/commands/s_command.py"),
    "skypilot": ("sky.server.server",),
    "txtai": ("txtai.api",),
}
"""What a platform would import of each."""
_PATIENCE = 1800


def main() -> None:
    """Try each application that has an environment, and print what came out."""
    environments, folder, *names = sys.argv[1:]
    print(
        "| entry | import | effects | heavy | time | memory | modules | names lost | routes lost | verdict |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names or ENTRIES:
        python = Path(environments) / name / "bin/python"
        trees = [path for path in Path(folder).glob(f"{name}-*") if path.is_dir()]
        if python.is_file() and trees:
            for row in _rows(name, trees[0], python):
                print(row, flush=True)


def _rows(name: str, tree: Path, python: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / tree.name
        shutil.copytree(tree, root, symlinks=True, ignore=shutil.ignore_patterns(".git", ".lazify"))
        lazify(root, "apply", ".")
        return [
            _row(f"{name}: {entry}", *lazify(root, "verify", entry, "--python", str(python)))
            for entry in ENTRIES[name]
        ]


def lazify(root: Path, *words: str) -> tuple[int, Any]:
    """Run a command of lazify with JSON for its answer."""
    command = [sys.executable, "-m", "lazify", *words, "--format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False, text=True, timeout=_PATIENCE)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, {"failures": [done.stderr.strip()]}


def _row(entry: str, code: int, verdict: Any) -> str:
    if not verdict.get("entries"):
        return f"| {entry} | {' '.join(verdict['failures'])} | | | | | | | | {code} |"
    compared = {each["aspect"]: each for each in verdict["entries"][0]["comparisons"]}
    cells = [
        _change(compared.get(aspect))
        for aspect in ("import", "effects at import", "heavy modules", "time", "memory", "modules")
    ]
    cells += [
        str(len(compared[aspect]["gone"])) if aspect in compared else ""
        for aspect in ("public names", "routes")
    ]
    worse = [name for name, each in compared.items() if each["judgement"] == "worse"]
    guilty = [f"{each['title']} ({each['at']})" for each in verdict["guilty"]]
    told = f"{code} {', '.join(worse)} {'; '.join(guilty)} {' '.join(verdict['failures'])}"
    return f"| {entry} | {' | '.join(cells)} | {told.strip()} |"


def _change(compared: Any) -> str:
    if compared is None:
        return ""
    if compared["before"] == compared["after"]:
        return str(compared["after"])
    return f"{compared['before']} → {compared['after']}"


if __name__ == "__main__":
    main()
