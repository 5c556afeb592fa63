"""Tensors without elements, through every class of kernels, as they are and optimised."""

from __future__ import annotations

import numpy as np
import pytest
from text_models import compiled

# operator with its attributes; shapes of the operands; shape of the result; what fills it
CASES = [
    ("MatMul", [(0, 3), (3, 4)], (0, 4), 0),
    ("MatMul", [(2, 0), (0, 4)], (2, 4), 0),
    ("MatMul", [(5, 2, 0), (5, 0, 4)], (5, 2, 4), 0),
    ("Gemm", [(2, 0), (0, 3), (3,)], (2, 3), 1),
    ("Conv", [(0, 3, 8, 8), (4, 3, 3, 3)], (0, 4, 6, 6), 0),
    ("Conv <group = 4>", [(0, 4, 8, 8), (4, 1, 3, 3)], (0, 4, 6, 6), 0),
    ("ConvTranspose", [(0, 3, 4, 4), (3, 2, 3, 3)], (0, 2, 6, 6), 0),
    ("MaxPool <kernel_shape = [2, 2]>", [(1, 0, 8, 8)], (1, 0, 7, 7), 0),
    ("AveragePool <kernel_shape = [2, 2]>", [(0, 3, 8, 8)], (0, 3, 7, 7), 0),
    ("GlobalAveragePool", [(0, 3, 4, 4)], (0, 3, 1, 1), 0),
    ("Softmax", [(4, 0)], (4, 0), 0),
    ("LayerNormalization", [(0, 4), (4,)], (0, 4), 0),
    ("LayerNormalization", [(4, 0), (0,)], (4, 0), 0),
    ("InstanceNormalization", [(0, 3, 4, 4), (3,), (3,)], (0, 3, 4, 4), 0),
    ("GroupNormalization <num_groups = 2>", [(0, 4, 4), (2,), (2,)], (0, 4, 4), 0),
    ("Concat <axis = 1>", [(2, 0), (2, 3)], (2, 3), 1),
    ("Concat <axis = 1>", [(2, 0), (2, 0)], (2, 0), 0),
    ("Transpose", [(2, 0, 3)], (3, 0, 2), 0),
    ("Add", [(0, 3), (1, 3)], (0, 3), 0),
    ('Einsum <equation = "ij,jk->ik">', [(2, 0), (0, 3)], (2, 3), 0),
    ('Einsum <equation = "abc,cd->abd">', [(0, 5, 3), (3, 4)], (0, 5, 4), 0),
    ("DepthToSpace <blocksize = 2>", [(0, 4, 2, 2)], (0, 1, 4, 4), 0),
]


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("operator, shapes, result, filled", CASES)
def test_empty(
    operator: str,
    shapes: list[tuple[int, ...]],
    result: tuple[int, ...],
    filled: float,
    level: int,
) -> None:
    name, _, attributes = operator.partition(" ")
    inputs = ", ".join(f"float{list(shape)} x{i}" for i, shape in enumerate(shapes))
    operands = ", ".join(f"x{i}" for i in range(len(shapes)))
    text = f"g ({inputs}) => (float{list(result)} y) {{ y = {name} {attributes} ({operands}) }}"
    exe = compiled(text, opt_level=level)
    y = exe(*(np.ones(shape, np.float32) for shape in shapes))
    np.testing.assert_array_equal(y, np.full(result, filled, np.float32), strict=True)


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("name, value", [("ReduceSum", 0), ("ReduceProd", 1), ("ReduceL2", 0)])
def test_reductions_over_nothing(name: str, value: float, level: int) -> None:
    text = f"""g (float[4,0] x) => (float[4,1] y) {{
                 axes = Constant <value_ints = [1]> ()
                 y = {name} (x, axes)
               }}"""
    y = compiled(text, opt_level=level)(np.ones((4, 0), np.float32))
    np.testing.assert_array_equal(y, np.full((4, 1), value, np.float32), strict=True)


@pytest.mark.parametrize("level", [0, 3])
def test_resize_of_no_rows(level: int) -> None:
    scales = "float[4] scales = {1.0, 1.0, 1.0, 2.0}"
    text = (
        f"g (float[2,4,0,8] x) => (float[2,4,0,16] y) <{scales}> "
        '{ y = Resize <mode = "linear"> (x, , scales) }'
    )
    y = compiled(text, opt_level=level)(np.ones((2, 4, 0, 8), np.float32))
    np.testing.assert_array_equal(y, np.ones((2, 4, 0, 16), np.float32), strict=True)
