"""The text of a getter."""

from dataclasses import dataclass

from lazify.model.changes import HOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Getter:
    """What a getter's text depends on."""

    name: str
    storage: str
    type: str | None
    """Source text of the value's type; None where it cannot be told."""
    lock: str | None
    """The expression that makes the lock (`threading.RLock()`); None leaves it out."""
    may_be_none: bool
    may_be_ellipsis: bool
    """Where None is a value, `...` stands for "not made yet", unless it may be a value as well."""
    values: tuple[str, ...]
    doc: str | None = None
    """The string that documented the value, as it stood below it."""
    """The plain names that the moved statements bind; empty where the hole takes a single expression."""

    @property
    def unset(self) -> str:
        """What the storage holds before the first use."""
        if not self.may_be_none:
            return "None"
        return f"{self.storage}_unset" if self.may_be_ellipsis else "..."


def storage_text(getter: Getter) -> str:
    """Write the module-level variable and its lock."""
    lines = [f"{getter.storage}{_storage_type(getter)} = {getter.unset}{_unset_comment(getter)}"]
    if getter.unset.endswith("_unset"):
        lines.insert(0, f"{getter.unset} = object()")
    if getter.lock:
        lines.append(f"{getter.storage}_lock = {getter.lock}")
    return "\n".join(lines) + "\n"


def function_text(getter: Getter) -> str:
    """Write the whole function."""
    returns = f" -> {getter.type}" if getter.type else ""
    what = (
        f"the shared {getter.type}"
        if getter.type and getter.type.replace(".", "").isidentifier()
        else "the shared value"
    )
    doc = getter.doc or f'"""Return {what}, made on first use."""'
    return f"def {getter.name}(){returns}:\n" + _indented(f"{doc}\n{body_text(getter)}", 1)


def body_text(getter: Getter) -> str:
    """Write the statements of the function's body, with the hole for the initialisation."""
    test = f"if {getter.storage} is {getter.unset}:\n"
    make = _make(getter)
    if getter.lock:
        make = f"with {getter.storage}_lock:\n" + _indented(test + _indented(make, 1), 1)
    return f"global {getter.storage}\n{test}{_indented(make, 1)}return {getter.storage}\n"


def part_text(name: str, whole: str, index: int) -> str:
    """Write the getter of one of several values that are made together."""
    doc = f'"""Return one of the values that {whole}() makes on first use."""'
    return f"def {name}():\n    {doc}\n    return {whole}()[{index}]\n"


def _make(getter: Getter) -> str:
    if not getter.values:
        return f"{getter.storage} = {HOLE}\n"
    # Published in one step, when it is whole: another thread must not see it half configured.
    value = getter.values[0] if len(getter.values) == 1 else f"({', '.join(getter.values)})"
    return f"{HOLE}\n{getter.storage} = {value}\n"


def _storage_type(getter: Getter) -> str:
    if getter.type is None:
        return ""
    if getter.may_be_none:
        return ": Any"
    return f": {_quoted(f'{getter.type} | None')}"


def _quoted(annotation: str) -> str:
    return f"'{annotation}'" if '"' in annotation else f'"{annotation}"'


def _unset_comment(getter: Getter) -> str:
    if not getter.may_be_none:
        return ""
    values = "None and ... are values" if getter.may_be_ellipsis else "None is a value"
    return f"  # until first use: {values}"


def _indented(text: str, levels: int) -> str:
    return "".join(f"{'    ' * levels}{line}\n" if line else "\n" for line in text.splitlines())
