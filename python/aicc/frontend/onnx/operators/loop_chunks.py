"""A part of a Loop's iterations, for loops that collect more rows than is known before they run.

The loop runs in chunks (`runtime/chunked.py`), each of which collects up to a fixed number of rows;
how many there are is told with the results. The operator is aicc's own: no model has it.
"""

from __future__ import annotations

from typing import Any

import onnx

from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.work import bytes_of

from ..bodies import loop_body
from ..host_chunks import OPERATOR
from ..node import Node
from ..registry import OWN_DOMAIN, onnx_op

# Of what a chunk collects: it stays in the cache, and the call of a chunk costs little beside it.
CHUNK_BYTES = 1 << 20
FEWEST, MOST = 8, 1024


@onnx_op(OPERATOR, domain=OWN_DOMAIN)
def loop_chunk(n: Node, until: Any, first: Any, *carried: Any, body: onnx.GraphProto) -> Any:
    """Iterations from number `first` to before `until`, while the body says to go on.

    Gives the number of the next iteration, whether to go on, the carried values, and rows.
    """
    number: list[Any] = []

    def given(_: Any, values: list[Any]) -> list[Any]:
        number.append(values[0])
        return [values[0], n.constant(True), *values[2:]]

    def yielded(results: list[Any]) -> list[Any]:
        goes_on, *others = results
        goes_on = n.emit(Reshape, goes_on, shape=[])
        after = n.emit(ELEMENTWISE["add"], number[0], n.constant(1, "int64"))
        is_left = n.emit(ELEMENTWISE["less"], after, until)
        both = n.emit(ELEMENTWISE["and"], goes_on, is_left)
        return [both, after, goes_on, *others]

    start = [first, n.emit(ELEMENTWISE["equal"], first, first), *carried]
    made = loop_body(n, body, start, given, yielded)
    if made is None:
        n.unsupported("a body that cannot be compiled")
    widest = max(bytes_of([row]) for row in made.region.results[1 + len(start) :])
    size = min(MOST, max(FEWEST, CHUNK_BYTES // max(1, widest)))
    begins = n.emit(ELEMENTWISE["less"], first, until)
    return made.emit(n, [n.constant(size, "int64"), begins, *start], size)
