"""A schedule of one's own for one kernel: other register tiles for a matrix product.

python examples/own_schedule.py

The cost model decides for every kernel; a registered function may put another decision in its
place. What was decided, and what came of it, is in the IR: `exe.ir("schedule")`.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import aicc


@aicc.register_schedule
def small_tiles(kernel: str, shape: tuple[int, ...], decided: Any) -> Any:
    """Tiles of 2 rows instead of what the cost model wants, for 96 x 64 products only."""
    if decided.kind != "matmul" or shape[0] != 96:
        return None
    print(f"{kernel}: register tile {list(decided.register)} becomes 2 rows")
    return replace(decided, register=(2, *decided.register[1:]))


def model() -> Any:
    """y = x w with x [96, 48] and w [48, 64]."""
    w = np.random.default_rng(0).standard_normal((48, 64)).astype(np.float32)
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [96, 48])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [96, 64])
    graph = helper.make_graph([node], "product", [x], [y], [numpy_helper.from_array(w, "w")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def main() -> None:
    proto = model()
    x = np.random.default_rng(1).standard_normal((96, 48)).astype(np.float32)
    y = aicc.compile(proto, threads=1)(x)
    expected = x.astype(np.float64) @ numpy_helper.to_array(proto.graph.initializer[0])
    print("largest error:", np.abs(y - expected).max())


if __name__ == "__main__":
    main()
