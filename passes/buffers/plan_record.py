"""What stands in a buffer, and the finished plan, as attributes.

Passes that let a buffer hold more than one value (results written in place, parts of a
concatenation, slices) note each one in the allocation's `aicc.holds`; the plan shows them all:

    memref.alloc() {aicc.holds = [{bytes = 64, nodes = ["Relu_3"], role = "in place"}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aicc._mlir import ir
from aicc.passes.messages import names_of

from .lifetimes import Moment
from .placement import Buffer, aligned, lower_bound
from .views import byte_count

WORKSPACE = "aicc.workspace"
HOLDS = "aicc.holds"


def held(alloc: Any) -> list[Any]:
    """The values that an allocation holds; by itself one, computed by the op it is named after."""
    if HOLDS in alloc.attributes:
        return list(alloc.attributes[HOLDS])
    role = "workspace" if WORKSPACE in alloc.attributes else "result"
    return [value_attr(alloc.location, byte_count(alloc.results[0].type), role)]


def value_attr(location: Any, size: int, role: str) -> Any:
    """One value: the nodes that compute it, its bytes, and how it comes to be in its buffer."""
    return _attr({"nodes": names_of(location), "bytes": size, "role": role})


def hold(alloc: Any, values: Sequence[Any]) -> None:
    """Replace the list of values that an allocation holds."""
    alloc.attributes[HOLDS] = ir.ArrayAttr.get(list(values))


def plan_attr(
    buffers: Sequence[Buffer], moments: Iterable[Moment], algorithm: str, total: int
) -> Any:
    """`aicc.memory_plan`: sizes, every buffer with what it holds, the ops that make time."""
    values = {b: held(b.op) for b in buffers}
    separate = sum(aligned(v["bytes"].value) for each in values.values() for v in each)
    rows = [
        {
            "bytes": b.size,
            "offset": b.offset,
            "first": b.first,
            "last": b.last,
            "values": ir.ArrayAttr.get(values[b]),
        }
        for b in buffers
    ]
    return _attr(
        {
            "algorithm": algorithm,
            "bytes": total,
            "lower_bound": lower_bound(buffers),
            "without_reuse": separate,
            "buffers": rows,
            "steps": [_moment(m) for m in moments],
        }
    )


def _moment(moment: Moment) -> dict[str, Any]:
    op = moment.op
    name = op.attributes["callee"].value if op.name == "func.call" else op.name
    return {
        "first": moment.tick,
        "last": moment.tick + moment.count - 1,
        "op": name,
        "nodes": names_of(op.location),
    }


def _attr(value: Any) -> Any:
    """Plain data as an attribute; attributes stay as they are."""
    if isinstance(value, ir.Attribute):
        return value
    if isinstance(value, str):
        return ir.StringAttr.get(value)
    if isinstance(value, int):
        return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
    if isinstance(value, Mapping):
        return ir.DictAttr.get({k: _attr(v) for k, v in value.items()})
    return ir.ArrayAttr.get([_attr(v) for v in value])


def plain(attr: Any) -> Any:
    """An attribute of the plan as plain data: dict, list, int or str."""
    if isinstance(attr, ir.DictAttr):
        return {field.name: plain(field.attr) for field in attr}
    if isinstance(attr, ir.ArrayAttr):
        return [plain(one) for one in attr]
    return attr.value
