"""A graph op of one's own, its ONNX operator and its lowering: `Snake(x) = x + sin(a x)^2 / a`.

python examples/own_graph_op.py

Where an operator can be said in ops that exist, that is shorter (own_operator.py). An op of its own
stays one op through the graph phase, so that passes can know it, and lowers to code of its choice.
"""

from typing import Any

import numpy as np
from onnx import TensorProto, helper

import aicc
from aicc.dialects.graph.base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, floating


class Snake(GraphOp, name="snake", traits=[Pure]):
    """y = x + sin(alpha x)^2 / alpha, elementwise."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"alpha": floating(1.0)}

    @staticmethod
    def infer(x: Any, *, alpha: float) -> Any:
        """The shape rule, which the verifier uses too."""
        if alpha == 0:
            raise VerifyError("expects an alpha other than 0")
        return x


@aicc.onnx_op("Snake", domain="example")
def snake(n: Any, x: Any, *, alpha: float = 1.0) -> Any:
    """The ONNX operator is the op."""
    return n.emit(Snake, x, alpha=alpha)


@aicc.register_lowering(Snake)
def lower_snake(b: Any, op: Any, x: Any) -> Any:
    """One linalg.generic whose body computes an element. `b` builds ops on tensors."""
    from aicc._mlir import dialect

    arith, math = dialect("arith"), dialect("math")

    def element(value: Any) -> Any:
        alpha = b.scalar(op.alpha, value.type)
        sine = math.SinOp(arith.MulFOp(alpha, value).result).result
        square = arith.MulFOp(sine, sine).result
        return arith.AddFOp(value, arith.DivFOp(square, alpha).result).result

    return b.elementwise([x], x.type, element)


def model(alpha: float) -> Any:
    """One Snake node on a vector of 8."""
    node = helper.make_node("Snake", ["x"], ["y"], domain="example", alpha=alpha)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [8])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("example", 1)]
    return helper.make_model(helper.make_graph([node], "snake", [x], [y]), opset_imports=opsets)


def main() -> None:
    x = np.linspace(-2, 2, 8, dtype=np.float32)
    exe = aicc.compile(model(alpha=0.5))
    print([line.strip() for line in exe.ir("import").splitlines() if "snake" in line])
    print("largest error:", np.abs(exe(x) - (x + np.sin(0.5 * x) ** 2 / 0.5)).max())


if __name__ == "__main__":
    main()
