"""Comments that head a section of imports: `# Third-party imports`, `# --- standard library ---`."""

import re

_FIRST = (
    r"standard|stdlib|std|built-?ins?|python|third|3rd|local|first|project|imports?|external|internal|related"
)
_FURTHER = (
    r"and|app|application|code|dependenc(?:y|ies)|deps|folder|from|libs?|librar(?:y|ies)|modules?|our|own|packages?"
    r"|part(?:y|ies)|specific|stuff"
)
HEADING = re.compile(rf"#\W*(?:{_FIRST})(?:[\W_]+(?:{_FIRST}|{_FURTHER}))*[\W_]*\Z", re.IGNORECASE)
"""Nothing but such words: `# Import the context above` says something of the import below it."""
