"""The text of a lifespan."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call of a handler."""

    callee: str
    is_awaited: bool
    comments: tuple[str, ...] = ()
    """That stood with its registration, without indentation."""
    imports: str | None = None
    """The statement that brings its name into the lifespan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifespan:
    """What a lifespan's text depends on."""

    name: str
    manager: str
    """`asynccontextmanager`, or by which name it is to be had."""
    parameter: str
    annotation: str | None
    startup: tuple[Step, ...]
    shutdown: tuple[Step, ...]
    inner: str | None = None
    """The lifespan that it surrounds the handlers with."""
    state: str = "state"
    """What that one yields."""


def lifespan_text(lifespan: Lifespan) -> str:
    """Write the whole function: handlers run as the framework runs them, and none at shutdown if startup fails."""
    parameter = lifespan.parameter + (f": {lifespan.annotation}" if lifespan.annotation else "")
    steps = (*lifespan.startup, *lifespan.shutdown)
    imports = dict.fromkeys(step.imports for step in steps if step.imports)
    body = "".join(f"{line}\n" for line in imports)
    body += "\n" if imports else ""
    inside = _calls(lifespan.startup) + _served(
        f"yield {lifespan.state}" if lifespan.inner else "yield", lifespan.shutdown
    )
    if lifespan.inner:
        inside = f"async with {lifespan.inner}({lifespan.parameter}) as {lifespan.state}:\n{indented(inside)}"
    return f"@{lifespan.manager}\nasync def {lifespan.name}({parameter}):\n{indented(body + inside)}"


def indented(text: str) -> str:
    """Indent every line by one level."""
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())


def _served(word: str, shutdown: tuple[Step, ...]) -> str:
    if not shutdown:
        return f"{word}\n"
    return f"try:\n    {word}\nfinally:\n{indented(_calls(shutdown))}"


def _calls(steps: tuple[Step, ...]) -> str:
    lines: list[str] = []
    for step in steps:
        lines += step.comments
        lines.append(f"{'await ' if step.is_awaited else ''}{step.callee}()")
    return "".join(f"{line}\n" for line in lines)
