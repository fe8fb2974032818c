"""Objects that a tool looks for among the names of a module by what they are, whatever they are called.

    flask --app site run      site.py: server = create_app()
    fastapi run service.py    service.py: web = make_app()
    invoke build              tasks.py: build = make_task("build")

A getter is no such object, and a tool that goes through `vars(module)` asks no module `__getattr__`.
"""

import re
from collections.abc import Iterator

from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.groups import Group
from lazify.getter.handles import Handles
from lazify.getter.problems import Problem, problem
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE, CallRef, NameRef

_APPLICATIONS = {
    "airflow": "DAG",
    "dagster": "Definitions",
    "fastapi": "FastAPI",
    "flask": "Flask",
    "litestar": "Litestar",
    "quart": "Quart",
    "typer": "Typer",
}
"""Packages with a command that takes a module, and the class it looks for: `DagBag` of Airflow,
`loadable_targets_from_loaded_module` of Dagster, `locate_app` of Flask, `get_app_name` of fastapi-cli,
`_autodiscover_app` of Litestar, `get_typer_from_module` of Typer."""
_TYPE = NameRef("type", MODULE)
_LISTING = frozenset({"airflow", "dagster", "doit", "fabric", "invoke", "locust", "nox", "prefect", "scrapy"})
"""Packages whose tool loads files by their names or folders, and takes all that it knows from each."""


def sought_problem(view: View, group: Group) -> Iterator[Problem]:
    """Say which tool may look for the value in its module."""
    made = {
        view.effects.class_of(group.module, value, MODULE)
        for name in group.names
        for value in group.module.facts.scopes[MODULE].locals.get(name, ())
    }
    for each in made:
        package, _, rest = each.name.partition(".") if isinstance(each, External) else ("", "", "")
        if rest and _APPLICATIONS.get(package) == rest.rpartition(".")[2]:
            reason = f"{package} looks for objects of the class {rest.rpartition('.')[2]} in a module"
            yield problem(reason, group.module, group.first.span)
    is_loaded = not any(runs_in_service(each) for each, _ in view.importers(group.module))
    is_handed_on = not is_loaded and bool(view.once(Handles).of(group.module))
    if (is_loaded or is_handed_on) and not all(_is_elsewhere(each) for each in made):
        for package in _named(view, group, made):
            how = "is a value" if is_handed_on else "is imported by nothing here"
            reason = f"{group.module.name} {how}: {package} may load it, and take from it what it knows"
            yield problem(reason, group.module, group.first.span)
    if any(_is_found_by_pickle(view, group, name) for name in group.names):
        yield problem("pickle looks for a class by its name in its module", group.module, group.first.span)


def _is_found_by_pickle(view: View, group: Group, name: str) -> bool:
    """Tell whether the value is a class made by a call: `type(name, bases, names)`, or what returns that.

    A class that is defined in a function is found under no name.
    """
    for value in group.module.facts.scopes[MODULE].locals.get(name, ()):
        maker = resolve(view.project, group.module, value.callee) if isinstance(value, CallRef) else None
        scopes = maker.module.facts.scopes if isinstance(maker, Defined) else ()
        number = scopes[MODULE].definitions.get(maker.name) if isinstance(maker, Defined) else None
        if number is None:
            if view.effects.class_of(group.module, value, MODULE) == Builtin("type"):
                return True
        elif any(isinstance(each, CallRef) and each.callee == _TYPE for each in scopes[number].returns):
            return True
    return False


def _is_elsewhere(made: Target | None) -> bool:
    """Tell whether the class is known, and is neither of such a package nor derived from one of its classes."""
    return made is not None and not isinstance(made, Defined) and _listing(made) is None


def _listing(target: Target | None) -> str | None:
    package = target.name.partition(".")[0] if isinstance(target, External) else ""
    return package if package in _LISTING else None


def _named(view: View, group: Group, made: set[Target | None]) -> Iterator[str]:
    """Yield the packages that the making names something of, or its class."""
    words = set(re.findall(r"\w+", text_of_making(view, group)))
    for module in dict.fromkeys((group.module, *(module for module, _ in reached_scopes(view, group)))):
        for item in module.facts.imports:
            package = item.module.partition(".")[0]
            if package in _LISTING and item.binds in words and not item.level:
                yield package
    for each in made:
        number = (
            each.module.facts.scopes[MODULE].definitions.get(each.name) if isinstance(each, Defined) else None
        )
        if isinstance(each, Defined) and number is not None:
            bases = (
                resolve(view.project, each.module, base) for base in each.module.facts.scopes[number].bases
            )
            yield from filter(None, map(_listing, bases))
