"""The memory plan as a picture: time from left to right, the arena's bytes from bottom to top.

Every buffer is a rectangle; pointing at it names the ONNX nodes whose values it holds. The strip
below names the node that runs at each moment, the dashed line is the bound no plan can beat. The
SVG stands alone, and can be put into an HTML page as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 1200, 640
LEFT, RIGHT, TOP, BOTTOM = 76, 12, 48, 44
STRIP = 12  # height of the strip of steps
LETTER = 6.8  # width of a letter at the size of the labels
# role of the first value of a buffer -> hue; buffers of one role differ in lightness
HUES = {"result": 210, "workspace": 32, "in place": 145, "part": 275, "view": 275}
LEGEND = (("result", "result"), ("in place", "overwritten in place"), ("part", "parts and views"))


def memory_svg(plan: Mapping[str, Any]) -> str:
    """SVG text for the plan of one function, as `aicc.lowering.memory_plan` gives it."""
    ticks = 1 + max((row["last"] for row in [*plan["buffers"], *plan["steps"]]), default=0)
    scale = _Scale(ticks, max(plan["bytes"], 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="system-ui, sans-serif" font-size="11" role="img">',
        f"<title>{escape(_heading(plan))}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 20, _heading(plan), size=14),
        *_legend(),
        *_axis(scale),
        *(_buffer(i, row, scale) for i, row in enumerate(plan["buffers"])),
        *(_step(i, row, scale) for i, row in enumerate(plan["steps"])),
        _bound(plan["lower_bound"], scale),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """Ticks and bytes as coordinates."""

    def __init__(self, ticks: int, size: int) -> None:
        self.ticks, self.size = ticks, size
        self.width = (WIDTH - LEFT - RIGHT) / ticks
        self.height = (HEIGHT - TOP - BOTTOM) / size

    def x(self, tick: int) -> float:
        return LEFT + tick * self.width

    def y(self, offset: int) -> float:
        """The upper edge of a byte: offset 0 lies at the bottom."""
        return HEIGHT - BOTTOM - offset * self.height


def human_bytes(count: int) -> str:
    """1536 -> "1.5 KiB"."""
    size, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.0f} {units[0]}" if size >= 100 or units[0] == "B" else f"{size:.1f} {units[0]}"


def _heading(plan: Mapping[str, Any]) -> str:
    return (
        f"{human_bytes(plan['bytes'])} of memory for {len(plan['buffers'])} buffers; "
        f"lower bound {human_bytes(plan['lower_bound'])}, "
        f"without reuse {human_bytes(plan['without_reuse'])} ({plan['algorithm']})"
    )


def _text(x: float, y: float, text: str, size: int = 11, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="#222222">{escape(text)}</text>'
    )


def _rect(box: tuple[float, float, float, float], fill: str, title: str) -> str:
    x, y, width, height = box
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}" '
        f'stroke="#ffffff" stroke-width="0.5"><title>{escape(title)}</title></rect>'
    )


def _legend() -> list[str]:
    marks, x = [], float(LEFT)
    for role, label in (*LEGEND, ("workspace", "workspace")):
        marks.append(
            f'<rect x="{x:.0f}" y="29" width="10" height="10" fill="hsl({HUES[role]} 55% 60%)"/>'
        )
        marks.append(_text(x + 14, 38, label))
        x += 34 + len(label) * LETTER
    return marks


def _axis(scale: _Scale) -> list[str]:
    lines = []
    for quarter in range(5):
        offset = scale.size * quarter // 4
        y = scale.y(offset)
        lines.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        )
        lines.append(_text(LEFT - 6, y + 4, human_bytes(offset), anchor="end"))
    return [*lines, _text(LEFT, HEIGHT - 8, "time: the nodes in the order in which they run")]


def _buffer(index: int, row: Mapping[str, Any], scale: _Scale) -> str:
    role = _role(row["values"])
    x, top = scale.x(row["first"]), scale.y(row["offset"] + row["bytes"])
    width = (row["last"] - row["first"] + 1) * scale.width
    height = row["bytes"] * scale.height
    fill = f"hsl({HUES[role]} 55% {56 + index * 7 % 20}%)"
    drawn = _rect((x, top, width, height), fill, _description(row))
    names = _names(row["values"])
    room = int((width - 6) / LETTER)
    if height < 12 or room < 3 or not names:
        return drawn
    label = names[0] if len(names[0]) <= room else names[0][: room - 1] + "…"
    # the mouse must reach the rectangle below
    return drawn + _text(x + 3, top + 11, label).replace("<text", '<text pointer-events="none"')


def _role(values: Sequence[Mapping[str, Any]]) -> str:
    """What is most particular about a buffer."""
    roles = {v["role"] for v in values}
    return next((r for r in ("in place", "part", "view", "workspace") if r in roles), "result")


def _names(values: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for v in values for name in v["nodes"]))


def _description(row: Mapping[str, Any]) -> str:
    lines = [f"{human_bytes(row['bytes'])} at byte {row['offset']}"]
    for value in row["values"]:
        nodes = ", ".join(value["nodes"]) or "unnamed"
        lines.append(f"{value['role']}: {nodes} ({human_bytes(value['bytes'])})")
    return "\n".join([*lines, f"steps {row['first']} to {row['last']}"])


def _step(index: int, row: Mapping[str, Any], scale: _Scale) -> str:
    x, width = scale.x(row["first"]), (row["last"] - row["first"] + 1) * scale.width
    title = f"step {row['first']}: {', '.join(row['nodes']) or 'unnamed'}\n{row['op']}"
    fill = "#9aa5b1" if index % 2 else "#c5ccd3"
    return _rect((x, HEIGHT - BOTTOM + 4, width, STRIP), fill, title)


def _bound(size: int, scale: _Scale) -> str:
    y = scale.y(size)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#c0392b" '
        f'stroke-dasharray="6 4"><title>lower bound {human_bytes(size)}</title></line>'
    )
