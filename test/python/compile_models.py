"""A model of a few kernels that are large enough to be compiled one by one, and its parts."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper
from onnx_models import model

CHANNELS = (3, 8, 12, 16, 20)


def convolutions(seed: int = 0, size: int | str = 12) -> onnx.ModelProto:
    """Convolutions of different sizes, each with its activation; x [1, 3, size, size]."""
    random = np.random.default_rng(seed)
    nodes, weights, value = [], {}, "x"
    for i, (before, after) in enumerate(zip(CHANNELS, CHANNELS[1:], strict=False)):
        shape = (after, before, 3, 3)
        weights[f"w{i}"] = (random.standard_normal(shape) / 8).astype(np.float32)
        pads = [1, 1, 1, 1]
        nodes.append(helper.make_node("Conv", [value, f"w{i}"], [f"c{i}"], f"conv{i}", pads=pads))
        nodes.append(helper.make_node("Relu", [f"c{i}"], [f"r{i}"], f"relu{i}"))
        value = f"r{i}"
    return model(nodes, {"x": [1, 3, size, size]}, [value], weights)


def picture(size: int = 12, seed: int = 0) -> np.ndarray:
    """An input of `convolutions`."""
    return np.random.default_rng(seed).standard_normal((1, 3, size, size)).astype(np.float32)
