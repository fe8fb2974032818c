"""The page in a real browser: it opens, filters, expands and zooms, in the dark, on a phone, without a mouse."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from lazify.model.changes import Plan
from lazify.report.content import Facts
from lazify.report.page import page
from tests.report.facts import facts, hostile_facts, timeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("LAZIFY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
Scheme = Literal["light", "dark"]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:playwright"),
]


@dataclass
class Opened:
    """A page in the browser, and what went wrong on it."""

    tab: "Page"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def count(self, selector: str) -> int:
        return int(self.tab.locator(selector).count())

    def dismiss(self, dialog: "Dialog") -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def open_all(self) -> None:
        """Open what is closed, as a reader does, until nothing is."""
        while closed := self.tab.locator("details:not([open]) > summary:visible").all():
            closed[0].click()

    def text(self, selector: str) -> str:
        return str(self.tab.locator(selector).first.inner_text())


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Opener:
    """Opens pages; afterwards nothing may have gone wrong on any."""

    def __init__(self, browser: "Browser", folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.opened: list[Opened] = []

    def __call__(self, shown: Facts, *, scheme: Scheme = "light", width: int = 1280) -> Opened:
        file = self.folder / f"{len(self.opened)}.html"
        file.write_text(page(shown), encoding="utf-8")
        context = self.browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        opened = Opened(context.new_page())
        self.opened.append(opened)
        opened.tab.on("console", lambda message: opened.complaints.append(message.text))
        opened.tab.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.tab.on("dialog", opened.dismiss)
        opened.tab.on("request", lambda request: opened.requests.append(request.url))
        opened.tab.goto(file.as_uri())
        return opened


@pytest.fixture
def show(browser: "Browser", tmp_path: Path) -> Iterator[Opener]:
    opener = Opener(browser, tmp_path)
    yield opener
    for opened in opener.opened:
        opened.tab.context.close()
        assert opened.complaints == []
        assert [
            url for url in opened.requests if not url.startswith("file:") or not url.endswith(".html")
        ] == []


def test_it_opens_with_every_section_and_asks_for_nothing(show: Opener) -> None:
    opened = show(facts())
    assert opened.text("h1") == "shop"
    shown = opened.tab.locator("main > section:not([hidden]) h2").all_inner_texts()
    assert shown == [
        "Where the time goes",
        "What the import runs",
        "What fails first",
        "Changes",
        "Left as it is",
    ]
    assert len(opened.requests) == 1


def test_searching_leaves_what_holds_all_words(show: Opener) -> None:
    opened = show(facts())
    assert opened.count("#changes .item") == 2
    opened.tab.get_by_label("Search changes").fill("pool get_pool")
    sync_api.expect(opened.tab.locator("#changes .item")).to_have_count(1)
    assert opened.text("#changes [role=status]") == "1 of 2 changes"
    opened.tab.get_by_label("Search changes").fill("no such words")
    sync_api.expect(opened.tab.locator("#changes .item")).to_have_count(0)


def test_codes_and_levels_filter_findings(show: Opener) -> None:
    opened = show(facts())
    opened.tab.locator("#refusals").get_by_role("button", name="LZ201 1").click()
    assert opened.tab.locator("#refusals .item .name").all_inner_texts() == [
        "numpy is imported at module level"
    ]
    opened.tab.locator("#refusals").get_by_role("button", name="DANGEROUS 1").click()
    assert opened.count("#refusals .item") == 0
    opened.tab.locator("#refusals").get_by_role("button", name="LZ201 1").click()
    assert opened.tab.locator("#refusals .item .name").all_inner_texts() == ["Base stays"]


def test_a_change_expands_to_its_reason_its_note_and_its_diff(show: Opener) -> None:
    opened = show(facts())
    item = opened.tab.locator("#changes .item").first
    assert item.locator(".diff").count() == 0
    item.locator("summary").click()
    item.locator(".diff").first.wait_for()
    assert "sqlite3.connect: database" in item.inner_text()
    assert "the first call blocks" in item.inner_text()
    assert item.locator(".plus").all_inner_texts() == ["+import threading", "+changed"]
    assert item.locator(".minus").all_inner_texts() == ["-line 20"]


def test_everything_can_be_reached_with_the_keyboard(show: Opener) -> None:
    opened = show(replace(facts(), measured=hostile_facts().measured))
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    opened.tab.locator(".slice").first.focus()
    opened.tab.keyboard.press("ArrowDown")
    assert "inner" in opened.tab.evaluate("document.activeElement.textContent")
    opened.tab.keyboard.press("Enter")
    assert opened.tab.get_by_role("button", name="Show all").first.is_visible()
    opened.tab.keyboard.press("Escape")
    opened.tab.keyboard.press("ArrowUp")
    assert "inner" not in opened.tab.evaluate("document.activeElement.textContent")
    opened.tab.locator("#changes summary").first.focus()
    opened.tab.keyboard.press("Enter")
    opened.tab.locator("#changes .item[open] .diff").first.wait_for()


def test_before_and_after_stand_on_one_scale(show: Opener) -> None:
    measured = replace(
        hostile_facts().measured, timelines=(timeline("app", "before", 100.0), timeline("app", "after", 25.0))
    )
    opened = show(replace(facts(), measured=measured))
    widths = opened.tab.locator(".field").evaluate_all("all => all.map((each) => each.offsetWidth)")
    assert widths[1] / widths[0] == pytest.approx(0.25, abs=0.01)
    assert opened.count(".estimated") == 0


def test_estimates_are_called_estimates(show: Opener) -> None:
    opened = show(facts())
    assert opened.count(".chart.estimated") == 2
    assert "Nobody has measured" in opened.text("#time")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_schemes(show: Opener, scheme: Scheme) -> None:
    opened = show(facts(), scheme=scheme)
    for section in ("#changes", "#refusals"):
        opened.tab.locator(f"{section} summary").first.click()
    worst = opened.tab.evaluate(_CONTRAST)
    assert worst["ratio"] >= 4.5, worst
    paper = opened.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(250, 249, 246)" if scheme == "light" else "rgb(20, 23, 27)")


def test_a_phone_shows_it_without_scrolling_sideways(show: Opener) -> None:
    opened = show(facts(), width=360)
    opened.open_all()
    assert opened.tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_hostile_names_are_text(show: Opener) -> None:
    opened = show(hostile_facts())
    opened.open_all()
    assert opened.count("img") == 0
    assert opened.text("h1").startswith('a"]; </script><img')


def test_thousands_of_findings_appear_as_they_are_asked_for(show: Opener) -> None:
    many = facts().plan.refusals[:1] * 5000
    opened = show(replace(facts(), plan=Plan(refusals=many)))
    assert opened.count("#refusals .item") == 60
    opened.tab.locator("#refusals").get_by_role("button", name="Show more").click()
    assert opened.count("#refusals .item") == 120
    assert opened.text("#refusals [role=status]") == "5,000 findings"


def test_the_tree_tells_what_the_picture_shows(show: Opener) -> None:
    opened = show(facts())
    labels = opened.tab.locator("svg .box text:first-of-type").all_text_contents()
    assert {"app", "net", "db", "torch"} <= set(labels)
    tree = opened.text(".tree")
    assert "db" in tree
    assert "1 DANGEROUS" in tree
    assert "✂ LZ203" in tree


_CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let worst = { ratio: 99 };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest('svg, script, style, .top')) continue;
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.textContent.slice(0, 40), kind: element.className };
  }
  return worst;
}"""
