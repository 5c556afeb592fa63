"""A pass of one's own, in one pipeline with upstream's and aicc's passes.

python examples/own_pass.py
aicc-opt model.mlir --load-pass-plugin=examples/own_pass.py --count-ops=dialect=graph

The keyword arguments of the pass are its options on the command line.
"""

from collections import Counter
from typing import Any

import numpy as np
from onnx import TensorProto, helper

import aicc


@aicc.register_pass("count-ops", kind="analysis")
def count_ops(module: Any, *, dialect: str = "graph") -> None:
    """Print how many ops of one dialect the module holds."""
    counts: Counter[str] = Counter()
    pending = [module]
    while pending:
        op = pending.pop()
        children = [child for region in op.regions for block in region for child in block]
        counts.update(child.operation.name for child in children)
        pending.extend(child.operation for child in children)
    for name, count in sorted(counts.items()):
        if name.startswith(f"{dialect}."):
            print(f"{name} x{count}")


def small_model() -> Any:
    """y = relu(x @ w)."""
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"]),
        helper.make_node("Relu", ["m"], ["y"]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [4, 16])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [4, 8])
    w = helper.make_tensor("w", TensorProto.FLOAT, [16, 8], np.ones(128))
    graph = helper.make_graph(nodes, "small", [x], [y], [w])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def main() -> None:
    module = aicc.import_onnx(small_model()).module
    passes = ["canonicalize", "count-ops{dialect=graph}", "to-graph", "to-kernels"]
    aicc.Pipeline(passes).run(module)
    aicc.Pipeline("count-ops{dialect=linalg}").run(module)


if __name__ == "__main__":
    main()
