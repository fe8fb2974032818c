"""Comments that head a section: `# Third-party imports`, `# --- standard library ---`, `# %%` above a cell."""

import re

_FIRST = (
    r"standard|stdlib|std|built-?ins?|python|third|3rd|local|first|project|imports?|external|internal|related"
)
_FURTHER = (
    r"and|app|application|code|dependenc(?:y|ies)|deps|folder|from|libs?|librar(?:y|ies)|modules?|our|own|packages?"
    r"|part(?:y|ies)|specific|stuff"
)
_CELL = r"%%.*|In ?\[[\d ]*\]:"
_WORDS = rf"\W*(?:{_FIRST})(?:[\W_]+(?:{_FIRST}|{_FURTHER}))*[\W_]*"
HEADING = re.compile(rf"#(?:[ \t]*(?:{_CELL})|{_WORDS})\Z", re.IGNORECASE)
"""Nothing but such words: `# Import the context above` says something of the import below it."""
FOLD = re.compile(r"#[ \t]*(?:end)?region\b")
"""One end of what editors fold: it stays where it is, since the other end does."""
