"""Which files have to be looked at again when something that is handed on has grown."""

from collections.abc import Iterator

from lazify.getter.origins import News, Origin
from lazify.index.modules import Module
from lazify.model.facts import MODULE, Ref
from tests.index.worlds import World

_FILES = {
    "tools.py": "def load(name): return name\n",
    "app.py": "from tools import load\ndef plugin(name):\n    return load(name)\n",
    "other.py": "def other(x):\n    return x.plugins\n",
}


def _returned(module: Module) -> Iterator[Ref | None]:
    for scope in module.facts.scopes:
        yield from scope.returns


def _world() -> tuple[News, dict[str, Module]]:
    world = World(_FILES)
    modules = {module.name: module for module in world.project.modules.values()}
    return News(world.project, 6), modules


def _looked_at_again(grown: Origin) -> list[str]:
    """Look at all files, let something grow, and tell which are looked at in the next two rounds."""
    news, modules = _world()
    assert all(news.reach(module, _returned) for module in modules.values())
    news.begin_round()
    news.note(grown)
    news.begin_round()
    again = [name for name, module in modules.items() if news.reach(module, _returned)]
    news.begin_round()
    assert not any(news.reach(module, _returned) for module in modules.values())
    return again


def test_the_files_that_call_a_function_whose_result_has_grown_are_looked_at_again() -> None:
    news, modules = _world()
    assert all(news.reach(module, _returned) for module in modules.values())
    news.begin_round()
    news.note(Origin("result", "load", modules["tools"]))
    assert [name for name, module in modules.items() if news.reach(module, _returned)] == ["app"]


def test_the_files_that_read_an_attribute_whose_values_have_grown_are_looked_at_again() -> None:
    assert _looked_at_again(Origin("attribute", "plugins")) == ["other"]


def test_nobody_looks_again_for_what_nobody_reads() -> None:
    assert _looked_at_again(Origin("method", "load")) == []


def test_the_function_whose_parameter_has_grown_is_looked_at_again() -> None:
    news, modules = _world()
    tools = modules["tools"]
    number = tools.facts.scopes[MODULE].definitions["load"]
    assert news.reach(tools, _returned)
    news.begin_round()
    news.note(Origin("parameter", "name", tools, number))
    assert news.reach(tools, _returned)


def test_what_grows_in_the_round_of_a_look_is_news_in_the_next_round() -> None:
    """The look may have come before the growth, or have read what was known before it."""
    news, modules = _world()
    news.note(Origin("attribute", "plugins"))
    assert news.reach(modules["other"], _returned)
    news.begin_round()
    assert news.reach(modules["other"], _returned)
    news.begin_round()
    assert not news.reach(modules["other"], _returned)
