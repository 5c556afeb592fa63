"""The report as one HTML file that needs no network.

Style and script are put into the page; the IR, which is large and repetitive, is compressed (gzip,
base64) and unpacked by the browser's own DecompressionStream.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
from pathlib import Path
from string import Template

from aicc.memory_picture import memory_svg

from .kernels import Call
from .layered_graph import GAP_Y, NODE_HEIGHT, NODE_WIDTH, place
from .report import Report

MARGIN = 20
MAX_BULGE = 90
LABEL_CHARACTERS = 26


def page_of(report: Report) -> str:
    """The whole page."""
    folder = Path(__file__).parent
    template = Template((folder / "page.html").read_text())
    return template.substitute(
        title=html.escape(Path(report.model).name),
        style=(folder / "page.css").read_text(),
        script=(folder / "page.js").read_text(),
        data=_script_json(report.as_json()),
        texts=_packed(report.texts),
        graph=graph_svg(report),
        memory=memory_svg(report.plan["main"]),
    )


def _script_json(data: object) -> str:
    """JSON that may stand inside a script element: it cannot end the element."""
    return json.dumps(data).replace("<", "\\u003c")


def _packed(texts: dict[str, dict[str, str]]) -> str:
    # the time of packing stays out of the file: equal reports are equal pages
    data = gzip.compress(json.dumps(texts).encode(), compresslevel=6, mtime=0)
    return base64.b64encode(data).decode()


def graph_svg(report: Report) -> str:
    """Kernel calls as boxes, coloured by class, with an edge for each value that is read."""
    calls = report.calls
    placed = place([call.reads for call in calls])
    width, height = placed.width + MAX_BULGE + 2 * MARGIN, placed.height + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="{-MARGIN} {-MARGIN} {width:.0f} {height:.0f}" '
        f'role="img" aria-label="kernels and the values they read">'
    ]
    for index, call in enumerate(calls):
        for source in call.reads:
            if source >= 0:
                parts.append(_edge(placed.corners[source], placed.corners[index]))
    for index, (call, corner) in enumerate(zip(calls, placed.corners, strict=True)):
        parts.append(_box(index, call, corner))
    return "\n".join([*parts, "</svg>"])


def _edge(source: tuple[float, float], target: tuple[float, float]) -> str:
    """Straight down to the next layer; past other boxes on their right."""
    layers = (target[1] - source[1]) / (NODE_HEIGHT + GAP_Y)
    if layers > 1:
        x1, y1 = source[0] + NODE_WIDTH, source[1] + NODE_HEIGHT / 2
        x2, y2 = target[0] + NODE_WIDTH, target[1] + NODE_HEIGHT / 2
        side = max(x1, x2) + min(MAX_BULGE, 12 * layers)
        return _curve((x1, y1), (side, y1), (side, y2), (x2, y2))
    x1, y1 = source[0] + NODE_WIDTH / 2, source[1] + NODE_HEIGHT
    x2, y2 = target[0] + NODE_WIDTH / 2, target[1]
    middle = (y1 + y2) / 2
    return _curve((x1, y1), (x1, middle), (x2, middle), (x2, y2))


def _curve(*points: tuple[float, float]) -> str:
    start, *rest = (f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path class="edge" d="M{start}C{" ".join(rest)}"/>'


def _box(index: int, call: Call, corner: tuple[float, float]) -> str:
    x, y = corner
    label = call.nodes[-1] if call.nodes else call.kernel
    below = html.escape(f"{call.kind} {call.result}")
    short = label if len(label) <= LABEL_CHARACTERS else f"…{label[1 - LABEL_CHARACTERS :]}"
    return (
        f'<g class="box {html.escape(call.kind)}" data-call="{index}" tabindex="0" '
        f'transform="translate({x:.1f} {y:.1f})">'
        f"<title>{html.escape(', '.join(call.nodes) or call.kernel)}</title>"
        f'<rect width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="5"/>'
        f'<text x="8" y="17">{html.escape(short)}</text>'
        f'<text x="8" y="32" class="small">{below}</text>'
        "</g>"
    )
