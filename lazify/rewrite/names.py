"""New lists for `global` statements, name by name: two changes may each concern another one."""

import libcst as cst

from lazify.rewrite.template import Fresh


def renamed(node: cst.CSTNode, fresh: Fresh) -> dict[cst.NameItem, list[cst.NameItem]] | None:
    """What stands for each name that a new `global` or `nonlocal` statement no longer has.

    None where the new code is no shorter list of the same kind.
    """
    match node, fresh.statements:
        case cst.Global(names=old), [cst.SimpleStatementLine(body=[cst.Global(names=new)])]:
            pass
        case cst.Nonlocal(names=old), [cst.SimpleStatementLine(body=[cst.Nonlocal(names=new)])]:
            pass
        case _:
            return None
    before, after = {item.name.value for item in old}, {item.name.value for item in new}
    added = [item for item in new if item.name.value not in before]
    gone = [item for item in old if item.name.value not in after]
    if len(added) > len(gone):
        return None
    return {item: added[n : n + 1] for n, item in enumerate(gone)}
