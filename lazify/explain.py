"""What a code means: taken from the codemod that has it."""

import difflib
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from inspect import getdoc

from lazify.codemod import Codemod, Example
from lazify.errors import LazifyError

PLANNED = {
    "LZ101": "a binding at module level whose construction has an effect",
    "LZ102": "a file, network, database or process call bound at module level",
    "LZ103": "a required environment variable read at import",
    "LZ104": "an import-time effect that binds no name",
    "LZ105": "a hand-made lazy proxy object that stands before an existing getter",
    "LZ201": "a heavy import that only functions use",
    "LZ202": "a heavy import guarded by `except ImportError`, with a flag",
    "LZ203": "an import of a first-party module that drags a heavy one in",
    "LZ204": "a heavy import used only in annotations nobody evaluates",
    "LZ301": "`@app.on_event` handlers",
    "LZ302": "handlers given to `add_event_handler`, `on_startup=`, `on_shutdown=`",
    "LZ303": "shutdown handlers that a serverless platform never calls",
    "LZ304": "event handlers beside a `lifespan=`: they never run",
    "LZ401": "an entry point whose import is not guarded",
    "LZ402": "a `handler` or `app` that may be undefined",
    "LZ403": "optional routers and middleware that take the app down",
}
"""All codes there shall be; those without a codemod are not implemented in this version."""

INDENT = "    "


def listing(codemods: Sequence[Codemod]) -> str:
    """Give all codes with their meaning, one a line."""
    return "".join(f"{code}  {_meaning(code, codemods)}\n" for code in _codes(codemods))


def explanation(code: str, codemods: Sequence[Codemod]) -> str:
    """Give what a code means, before and after, and when it is refused.

    Raises LazifyError for an unknown code, with the nearest known one.
    """
    code = code.strip().upper()
    if code not in _codes(codemods):
        raise LazifyError(_unknown(code, _codes(codemods)))
    blocks = [f"{code}  {_meaning(code, codemods)}"]
    for codemod in codemods:
        if code in codemod.codes:
            blocks += [getdoc(codemod) or "", *_examples(code, codemod)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _codes(codemods: Sequence[Codemod]) -> list[str]:
    return sorted({*PLANNED, *(code for codemod in codemods for code in codemod.codes)})


def _meaning(code: str, codemods: Sequence[Codemod]) -> str:
    for codemod in codemods:
        if code in codemod.codes:
            return codemod.codes[code]
    return f"{PLANNED[code]} (not implemented in this version)"


def _unknown(code: str, known: Sequence[str]) -> str:
    nearest = difflib.get_close_matches(code, known, n=1, cutoff=0)
    return f"unknown code {code}; the nearest known one is {nearest[0]}; `lazify explain` lists all"


def _examples(code: str, codemod: Codemod) -> Iterator[str]:
    for example in codemod.examples:
        if example.code == code:
            yield f"{_outcome(example)}{_flags(example.flags)}:\n\n{_files(example.before)}"
            if example.after is not None:
                yield f"After:\n\n{_files(example.after)}"


def _outcome(example: Example) -> str:
    if example.refused is not None:
        return f"Left as it is ({example.refused})"
    return "Before" if example.after is not None else "Reported, and left as it is"


def _flags(flags: Mapping[str, object]) -> str:
    """Give the flags of an example as they are typed."""
    words = []
    for name, value in flags.items():
        for item in value if isinstance(value, list | tuple) else [value]:
            words.append(f"--{name.replace('_', '-')}" + ("" if item is True else f" {item}"))
    return f", with {' '.join(words)}" if words else ""


def _files(files: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"{INDENT}# {path}\n{textwrap.indent(textwrap.dedent(text).strip(), INDENT)}"
        for path, text in files.items()
    )
