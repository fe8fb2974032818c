"""The page: one file with its style, script and facts inside, which asks for nothing from anywhere."""

import base64
import hashlib
import html
import json
from pathlib import Path

import lazify
from lazify.report.content import Facts, content

_SCRIPTS = ("elements.js", "charts.js", "picture.js", "tree.js", "lists.js", "page.js")


def page(facts: Facts) -> str:
    """Give the HTML; equal facts give equal bytes."""
    style = _asset("report.css")
    script = "(() => {\n'use strict';\n" + "".join(map(_asset, _SCRIPTS)) + "})();\n"
    return _filled(
        _asset("report.html"),
        TITLE=html.escape(facts.title),
        VERSION=html.escape(lazify.__version__),
        STYLE=style,
        STYLE_HASH=_digest(style),
        SCRIPT=script,
        SCRIPT_HASH=_digest(script),
        DATA=embedded(content(facts)),
    )


def embedded(value: object) -> str:
    """Write JSON that may stand in a `<script>`: nothing in it can end the element or begin another.

    https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _filled(template: str, **parts: str) -> str:
    """Put each part in the place of `{{NAME}}`, all at once: what stands in a part is not looked at again."""
    found: list[str] = []
    for piece in template.split("{{"):
        name, mark, rest = piece.partition("}}")
        found.append(parts[name] + rest if mark and name in parts else piece)
    return "".join(found)


def _digest(text: str) -> str:
    """The source expression of a Content Security Policy: https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
