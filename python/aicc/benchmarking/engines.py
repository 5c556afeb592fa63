"""The engines that can be timed: each loads a model and gives a function that runs it once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aicc.diagnostics import AiccError

Feeds = Mapping[str, Any]
Run = Callable[[], dict[str, Any]]


def _aicc(path: str, feeds: Feeds, threads: int, precision: str = "f32") -> Run:
    from aicc.compiler import compile_model

    shapes = {name: array.shape for name, array in feeds.items()}
    exe = compile_model(path, shapes=shapes, threads=threads, precision=precision)
    return lambda: exe.run(feeds)


def _onnxruntime(path: str, feeds: Feeds, threads: int) -> Run:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    return lambda: dict(zip(names, session.run(names, dict(feeds)), strict=True))


def _openvino(path: str, feeds: Feeds, threads: int, precision: str = "f32") -> Run:
    """OpenVINO's own default is bfloat16 where the CPU has it, so that float32 is asked for."""
    import openvino as ov

    core = ov.Core()
    model = core.read_model(path)
    model.reshape({name: list(array.shape) for name, array in feeds.items()})
    config = {
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
    }
    compiled = core.compile_model(model, "CPU", config)
    request = compiled.create_infer_request()
    names = [port.get_any_name() for port in compiled.outputs]

    def run() -> dict[str, Any]:
        results = request.infer(dict(feeds))
        found = zip(names, compiled.outputs, strict=True)
        return {name: results[port] for name, port in found}

    return run


def _reference(path: str, feeds: Feeds, threads: int) -> Run:
    """onnx's own evaluator: slow, for the errors of the others."""
    from onnx.reference import ReferenceEvaluator

    session = ReferenceEvaluator(path)
    names = session.output_names
    return lambda: dict(zip(names, session.run(None, dict(feeds)), strict=True))


ENGINES: dict[str, Callable[[str, Feeds, int], Run]] = {
    "aicc": _aicc,
    "aicc-bf16": partial(_aicc, precision="bf16"),
    "onnxruntime": _onnxruntime,
    "openvino": _openvino,
    "openvino-bf16": partial(_openvino, precision="bf16"),
    "reference": _reference,
}


def load(engine: str, path: str, feeds: Feeds, threads: int) -> Run:
    """Prepare a model on an engine. Raises AiccError for an engine that is not there."""
    if engine not in ENGINES:
        raise AiccError(f"no engine is called '{engine}' (engines: {', '.join(ENGINES)})")
    try:
        return ENGINES[engine](path, feeds, threads)
    except ImportError as error:
        raise AiccError(
            f"{engine} is not installed: {error}\nnext step: pip install {engine}"
        ) from error
