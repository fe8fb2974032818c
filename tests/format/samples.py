"""Lines that Black breaks, and what it makes of them."""

import black

LONG = 'value = make("aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccc", 1)\n'
BROKEN = """\
value = make(
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "cccccccccccccccccccccc",
    1,
)
"""


def laid_out(text: str, length: int = 88) -> str:
    return black.format_str(text, mode=black.Mode(line_length=length))
