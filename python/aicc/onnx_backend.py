"""aicc as an `onnx.backend.base.Backend`: `prepare(model).run(inputs)`.

The module itself offers `prepare`, `run_model`, `run_node`, `supports_device` and `is_compatible`,
so that it can be handed to `onnx.backend.test.BackendTest` as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx.backend.base import Backend, BackendRep, Device, DeviceType, namedtupledict

import aicc
from aicc.diagnostics import ShapeError, UnsupportedOp


class AiccRep(BackendRep):
    """A compiled model; shapes that hang on input values are settled at the first run."""

    def __init__(self, executable: Any) -> None:
        self.executable = executable

    def run(self, inputs: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Outputs in graph order, also by name. `inputs`: one array, arrays in order, or a dict."""
        specs = self.executable.inputs
        if not isinstance(inputs, dict):
            given = [inputs] if isinstance(inputs, np.ndarray) else list(inputs)
            if len(given) != len(specs):
                raise ShapeError(f"expected {len(specs)} arrays, got {len(given)}")
            inputs = {s.name: v for s, v in zip(specs, given, strict=True)}
        results = self.executable.run(inputs)
        names = self.executable.output_names
        return namedtupledict("Outputs", names)(*[results[n] for n in names])


class AiccBackend(Backend):
    """Compiles for the CPU of this machine."""

    @classmethod
    def is_compatible(cls, model: Any, device: str = "CPU", **kwargs: Any) -> bool:
        """True for every model: `prepare` raises UnsupportedOp with the reasons for a refusal."""
        return cls.supports_device(device)

    @classmethod
    def prepare(cls, model: Any, device: str = "CPU", **kwargs: Any) -> AiccRep:
        """Compile `model`; keyword arguments are those of `aicc.compile`. Raises AiccError."""
        if not cls.supports_device(device):
            raise UnsupportedOp(f"device '{device}'; aicc compiles for CPU")
        return AiccRep(aicc.compile(model, **kwargs))

    @classmethod
    def run_node(
        cls,
        node: Any,
        inputs: Any,
        device: str = "CPU",
        outputs_info: Sequence[tuple[Any, tuple[int, ...]]] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Refused: a node alone does not say what its outputs are."""
        raise UnsupportedOp("single nodes; make a model of the node")

    @classmethod
    def supports_device(cls, device: str) -> bool:
        """CPU only."""
        return Device(device).type == DeviceType.CPU


is_compatible = AiccBackend.is_compatible
prepare = AiccBackend.prepare
run = AiccBackend.run_model
run_model = AiccBackend.run_model
run_node = AiccBackend.run_node
supports_device = AiccBackend.supports_device
