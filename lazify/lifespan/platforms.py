"""Whether startup and shutdown run at all where the project is deployed: the platform and the adapter decide."""

import ast
from collections.abc import Iterator

from lazify.getter.problems import where
from lazify.index.view import View
from lazify.knowledge.lifecycle import lifecycle
from lazify.lifespan.apps import App, external
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Tree, Trees


def platform_notes(view: View) -> Iterator[str]:
    """Say what the files of platforms and servers tell, each with the file's name."""
    said: set[str] = set()
    for file, text in view.platform_files.items():
        for platform in lifecycle().platforms:
            if platform.file.fullmatch(file.name) and platform.has.search(text):
                if platform.says not in said:
                    said.add(platform.says)
                    yield f"{file.name}: {platform.says}"
                break


def adapter_notes(view: View, trees: Trees, origins: Origins, app: App) -> Iterator[str]:
    """Say what Mangum does with the lifespan of an application that it is given."""
    for tree in trees.mentioning("Mangum"):
        for call in tree.calls_of("Mangum"):
            is_mangum = external(view, tree, call.func) in ("mangum.Mangum", "mangum.adapter.Mangum")
            if is_mangum and call.args and app in origins.of(tree, call.args[0]):
                yield _mangum(tree, call)


def _mangum(tree: Tree, call: ast.Call) -> str:
    values = [keyword.value for keyword in call.keywords if keyword.arg == "lifespan"] + call.args[1:2]
    mode = (
        values[0].value if values and isinstance(values[0], ast.Constant) else "auto" if not values else None
    )
    says = lifecycle().mangum.get(
        str(mode), "decides by its lifespan argument whether startup and shutdown run"
    )
    return f"Mangum {says} ({where(tree.module, tree.span(call))})"
