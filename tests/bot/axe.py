"""Accessibility findings of axe on a page in the browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SCRIPT = Axe().axe_script


def axe_findings(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe finds by these rules, by all without any: rule and the elements that break it.

    The script is given to each document once, and only the findings come back: both took most of the time of a check.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SCRIPT)
    found = page.evaluate(
        """options => axe.run(options).then(
             result => result.violations.map(one => [one.id, one.nodes.map(node => node.html)]))""",
        {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})},
    )
    return [(rule, elements) for rule, elements in found]
