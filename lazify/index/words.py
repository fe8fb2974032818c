"""Regular expressions for names as whole words."""

import re


def as_word(*names: str) -> str:
    r"""Write a pattern that finds what `\b(?:one|other)\b` does, many times as fast.

    `re` looks for the letters that a pattern begins with in C alone, but tries a boundary at each character.
    """
    spelled = (re.escape(name) for name in names)
    return rf"(?:{'|'.join(f'{each}(?<!{chr(92)}w{each})' for each in spelled)})\b"
