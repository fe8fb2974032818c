"""The page holds everything in one file, and nothing in it can be taken for markup."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from lazify.render.graph_picture import Arrow, Box, Picture, picture
from lazify.report.layout import placed
from lazify.report.page import embedded, page
from tests.render.graphs import NASTY, graph
from tests.report.facts import facts, hostile_facts


class _Parsed(HTMLParser):
    """The elements of a page, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._inside = tag if tag in self.raw else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside].append(data)


def test_equal_facts_give_equal_bytes() -> None:
    assert page(facts()) == page(facts())


def test_a_hostile_project_adds_no_element_and_no_attribute() -> None:
    plain, nasty = _Parsed(page(facts())), _Parsed(page(hostile_facts()))
    assert nasty.tags == plain.tags
    assert [name for name, _ in nasty.attributes] == [name for name, _ in plain.attributes]
    assert len(nasty.raw["script"]) == 2
    assert json.loads(nasty.raw["script"][0])["title"] == NASTY


def test_the_policy_allows_the_page_s_own_style_and_script_and_nothing_else() -> None:
    parsed = _Parsed(page(hostile_facts()))
    (policy,) = [value for name, value in parsed.attributes if name == "content" and "default-src" in value]
    assert "default-src 'none'" in policy
    for directive, text in (("style", parsed.raw["style"][0]), ("script", parsed.raw["script"][1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive}-src 'sha256-{digest}'" in policy


def test_the_page_names_no_address() -> None:
    text = page(facts())
    assert [
        url for url in re.findall(r"https?://[^\s\"'<)]+", text) if "www.w3.org/2000/svg" not in url
    ] == []
    assert not re.search(r"\b(src|href)=\"(?!#|data:)", text)


def test_data_cannot_end_its_element() -> None:
    text = embedded({"x": "</script><!--<script>&"})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"x": "</script><!--<script>&"}


def test_what_looks_like_a_placeholder_stays_as_it_is() -> None:
    text = page(replace(facts(), title="{{DATA}} {{NAME}}"))
    assert "<title>{{DATA}} {{NAME}} · lazify</title>" in text


def test_the_script_never_reads_html() -> None:
    script = _Parsed(page(facts())).raw["script"][1]
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
    ):
        assert way not in script


def test_boxes_stand_to_the_right_of_what_imports_them_and_never_on_each_other() -> None:
    found = {each.box.label[0]: each for each in placed(picture(graph()))}
    assert found["app"].x < found["net"].x < found["torch"].x
    assert found["app"].x < found["db"].x
    assert len({(each.x, each.y) for each in found.values()}) == len(found)


def test_a_circle_of_arrows_and_a_deep_chain_are_laid_out() -> None:
    boxes = tuple(Box(key=f"m{n}", label=(f"m{n}",), style="safe") for n in range(3000))
    arrows = tuple(Arrow(start=f"m{n}", end=f"m{(n + 1) % 3000}", style="import") for n in range(3000))
    found = placed(Picture(boxes=boxes, arrows=arrows, left_out=0))
    assert len(found) == 3000


def test_a_picture_of_many_modules_holds_those_that_matter_most() -> None:
    drawn = picture(graph(), most=2)
    assert [box.label[0] for box in drawn.boxes] == ["app", "net", "torch"]
    assert drawn.left_out == 2
