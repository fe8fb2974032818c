"""What the stub of a module says of a name: type checkers read it, and not the module."""

import re

from lazify.getter.names import stem

_ALL = re.compile(r"\bimport\s*\*")


def declares(stub: str, name: str) -> bool:
    """Tell whether it has the name, or one that a getter would bring along, or takes names that it does not spell."""
    base = re.escape(stem(name))
    spelled = rf"\b(?:{re.escape(name)}|_*{base}(?:_lock|_value)?|_?get_(?:shared_)?{base})\b"
    return _ALL.search(stub) is not None or re.search(spelled, stub) is not None
