"""Charts as SVG inside the page, by pygal: no script, and its looks in a style sheet of our own.

pygal would put both into the picture, which the console's content policy refuses. Each chart is drawn as wide as a phone,
so that its letters are as large as those around it. What a chart shows always stands beside it as a table.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

WIDTH, HEIGHT = 320, 230
SVG = "http://www.w3.org/2000/svg"
_DROPPED = ("style", "script", "desc", "title")


def stacked_bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], name: str) -> Markup:
    """One bar a label, made of the series; `name` is read out instead of the picture."""
    highest = max((sum(column) for column in zip(*series.values(), strict=True)), default=0)
    return _drawn("StackedBar", labels, series, name, highest)


def lines(labels: Sequence[str], series: Mapping[str, Sequence[float | None]], name: str) -> Markup:
    """One line a series; None leaves a gap."""
    highest = max((value for values in series.values() for value in values if value is not None), default=0)
    return _drawn("Line", labels, series, name, highest)


def _drawn(
    kind: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]], name: str, highest: float
) -> Markup:
    pygal = _pygal()
    chart = getattr(pygal, kind)(
        width=WIDTH,
        height=HEIGHT,
        margin=4,
        # The last label of a line is centred under its end.
        margin_right=18 if kind == "Line" else 4,
        spacing=6,
        show_legend=False,
        js=(),
        pretty_print=False,
        disable_xml_declaration=True,
        style=pygal.style.Style(font_family="inherit", label_font_size=13, major_label_font_size=13),
        truncate_label=-1,
        min_scale=2,
        max_scale=5,
        range=(0, 4) if highest < 4 else None,
        include_x_axis=True,
        dots_size=3,
        value_formatter=_short,
        x_labels=[*labels],
    )
    for title, values in series.items():
        chart.add(title, [*values])
    return _bare(chart.render_tree(), name)


def _pygal() -> Any:
    # Only pages with charts pay for it.
    import pygal

    # It puts a finder of an old kind in front of every later import, for packages of maps that nobody uses here.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal


def _short(value: float) -> str:
    return f"{value:g}"


def _bare(root: Any, name: str) -> Markup:
    """The picture alone, as plain SVG with classes."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in _DROPPED:
                parent.remove(child)
    for element in root.iter():
        element.attrib.pop("style", None)
        element.attrib.pop("id", None)
    found = ElementTree.fromstring(ElementTree.tostring(root))  # noqa: S314 - our own drawing, made a line above
    # The hidden texts that pygal's script would show.
    _without_class(found, {"text-overlay", "tooltip-overlay", "tooltip"})
    svg = ElementTree.Element(
        f"{{{SVG}}}svg",
        {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "class": "chart", "role": "img", "aria-label": name},
    )
    svg.extend(list(found))
    ElementTree.register_namespace("", SVG)
    return Markup(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S704 - ElementTree has escaped every text


def _without_class(root: ElementTree.Element, unwanted: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if unwanted & set(child.get("class", "").split()):
                parent.remove(child)
