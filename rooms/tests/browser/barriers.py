"""Looks for what keeps people out of a page, and what a screen does not show of it.

The former with axe-core: WCAG 2.2, levels A and AA, and best practices. Which pages, and in which state, is
the tests' business.
"""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the dark theme can change; all other rules see the same page twice.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
TARGET_SIZE = "target-size"
WIDTHS = (1360, 390)
HEIGHT = 900
# 320 is a phone at its narrowest, and a laptop's page at four times its size; 640 one at twice.
SCREENS = (320, 390, 640, 1280, 2560)

RUN = """
async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.flatMap((rule) => rule.nodes.map((node) => ({
    rule: rule.id,
    target: node.target.join(" "),
    why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; "),
  })));
}
"""
# A colour on its way from light to dark is neither.
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"

# What sticks out of the page, and what is pushed sideways to be seen. What a frame hides is not told.
STICKS_OUT = """
isPhone => {
  const name = one => one.outerHTML.slice(0, 120).replace(/\\s+/g, " ");
  const isClipped = one => {
    let frame = one.parentElement;
    while (frame && getComputedStyle(frame).overflowX === "visible") frame = frame.parentElement;
    return frame?.clientWidth < frame?.scrollWidth;
  };
  const shown = [...document.querySelectorAll("body *")]
    .filter(one => one.checkVisibility({visibilityProperty: true}));
  const beyond = shown.filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !isClipped(one));
  const pushed = shown.filter(one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .filter(one => isPhone && one.scrollWidth > one.clientWidth + 1);
  const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
  return [...page, ...beyond.slice(0, 3).map(name), ...pushed.slice(0, 3).map(name)];
}
"""


def find_barriers(page: Page) -> list[str]:
    """A line for each, by theme and width; the page is left dark and wide."""
    page.add_style_tag(content=STILL)
    page.evaluate(AXE_SCRIPT)
    return list(_look_everywhere(page))


def find_overflow(page: Page) -> list[str]:
    """What is wider than the screen, a line for each; the page is left as wide as the widest screen."""
    found = []
    for width in SCREENS:
        resize(page, width)
        found += [f"{width}: wider than the screen: {one}" for one in page.evaluate(STICKS_OUT, width < 768)]
    return found


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate("() => new Promise(requestAnimationFrame)")


def _look_everywhere(page: Page) -> Iterator[str]:
    for theme, width, only in (
        ("light", WIDTHS[0], {"type": "tag", "values": RULES}),
        ("light", WIDTHS[1], {"type": "tag", "values": RULES}),
        ("dark", WIDTHS[1], {"type": "rule", "values": COLOUR_RULES}),
        ("dark", WIDTHS[0], {"type": "rule", "values": COLOUR_RULES}),
    ):
        _show(page, theme, width)
        for one in _look(page, only):
            yield f"{theme} {width}: {one['rule']} at {one['target']}: {one['why']}"


def _look(page: Page, only: dict[str, Any]) -> list[dict[str, str]]:
    """What a bar covers that sticks to the screen's edge is scrolled free: that counts where it never is."""
    found: list[dict[str, str]] = page.evaluate(RUN, {"runOnly": only})
    if not any(one["rule"] == TARGET_SIZE for one in found):
        return found
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    covered = page.evaluate(RUN, {"runOnly": {"type": "rule", "values": [TARGET_SIZE]}})
    page.evaluate("() => scrollTo(0, 0)")
    still = {one["target"] for one in covered}
    return [one for one in found if one["rule"] != TARGET_SIZE or one["target"] in still]


def _show(page: Page, theme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    # All of the page at once: what a bar at the bottom covers can be scrolled away from it.
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(HEIGHT, height)})
    page.emulate_media(color_scheme=theme)
    # Unfold asks for the theme when a page comes, and not again.
    page.evaluate("isDark => document.documentElement.classList.toggle('dark', isDark)", theme == "dark")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
