"""Artefacts (.aicc) on the command line: made by `aicc compile`, run by `aicc run`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from aicc.tools.cli.options import is_ir


def is_artifact(path: str) -> bool:
    """True for a compiled model, by its name."""
    return path.endswith(".aicc")


def compile_artifact(
    model: str,
    output: str,
    shapes: Mapping[str, Any],
    dims: Mapping[str, int],
    inputs: Sequence[str],
    weights: str | None,
    options: Mapping[str, Any],
) -> None:
    """Compile MODEL, for the shapes (and deciding values) of the inputs if some are given."""
    import aicc
    from aicc.tools.cli.arrays import read_inputs

    if output == "-":
        raise click.UsageError("an artefact goes to a file: -o MODEL.aicc")
    if is_ir(model):
        loaded = aicc.load_weights(weights) if weights else {}
        kept = {name: options.get(name) for name in ("threads", "progress")}
        aicc.resume(model, weights=loaded, **kept).save(output)
        return
    arrays = read_inputs(inputs, _input_names(model) if inputs else [])
    shapes = {**shapes, **{name: array.shape for name, array in arrays.items()}}
    exe = aicc.compile(model, shapes=shapes, dims=dims, **options)
    if not exe.programs():
        _specialise(exe, arrays)
    exe.save(output)


def _input_names(model: str) -> list[str]:
    """The inputs of an ONNX file, in their order: what an .npz of other names stands for."""
    from aicc.frontend.onnx import input_specs, read_source

    return [spec.name for spec in input_specs(read_source(model).model.graph)]


def _specialise(exe: Any, arrays: dict[str, Any]) -> None:
    """Compile for the arrays, and any values of the inputs that are not given."""
    from aicc.tools.cli.arrays import generate

    for spec in exe.inputs:
        if spec.name not in arrays:
            arrays[spec.name] = generate(spec.name, spec.dtype, spec.dims, seed=0)
    exe.run(arrays)


def load_artifact(path: str, inputs: Sequence[str], seed: int) -> tuple[Any, dict[str, Any]]:
    """The executable in a file, and inputs for it: those given, else generated."""
    import numpy as np

    import aicc
    from aicc.tools.cli.arrays import generate, read_inputs

    exe = aicc.load(path)
    arrays = read_inputs(inputs, [s.name for s in exe.inputs])
    key = _fitting_key(exe, arrays)
    for spec in exe.inputs:
        if spec.name not in arrays:
            shape, value = key.get(spec.name, (spec.dims, None))
            if value is None:
                arrays[spec.name] = generate(spec.name, spec.dtype, shape, seed)
            else:
                arrays[spec.name] = np.frombuffer(value, spec.dtype).reshape(shape)
    return exe, arrays


def _fitting_key(exe: Any, arrays: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """(shape, value) by input, of the first specialisation for the shapes given; {} if none is."""
    for key, _ in exe.programs():
        found = {name: (shape, value) for name, shape, value in key}
        if all(name in found and found[name][0] == a.shape for name, a in arrays.items()):
            return found
    return {}
