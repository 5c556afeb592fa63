"""An operator of one's own: the activation `Snake(x) = x + sin(a x)^2 / a` of domain `example`.

python examples/own_operator.py

A rule says what an ONNX operator means in ops of the graph dialect. Its keyword-only arguments are
the operator's attributes; their types and defaults are all that has to be declared.
"""

from typing import Any

import numpy as np
from onnx import TensorProto, helper

import aicc
from aicc.dialects.graph.elementwise import BINARY, UNARY


@aicc.onnx_op("Snake", domain="example")
def snake(n: Any, x: Any, *, alpha: float = 1.0) -> Any:
    """x + sin(alpha x)^2 / alpha. `n` is the node: it builds ops and constants, and refuses."""
    if alpha == 0:
        n.invalid("alpha must not be 0")
    a = n.like(alpha, x)
    sine = n.emit(UNARY["sin"], n.emit(BINARY["mul"], x, a))
    square = n.emit(BINARY["mul"], sine, sine)
    return n.emit(BINARY["add"], x, n.emit(BINARY["div"], square, a))


def model(alpha: float) -> Any:
    """One Snake node on a vector of 8."""
    node = helper.make_node("Snake", ["x"], ["y"], domain="example", alpha=alpha)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [8])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("example", 1)]
    return helper.make_model(helper.make_graph([node], "snake", [x], [y]), opset_imports=opsets)


def main() -> None:
    x = np.linspace(-2, 2, 8, dtype=np.float32)
    y = aicc.compile(model(alpha=0.5))(x)
    expected = x + np.sin(0.5 * x) ** 2 / 0.5
    print("snake:", np.round(y, 4))
    print("largest error:", np.abs(y - expected).max())


if __name__ == "__main__":
    main()
