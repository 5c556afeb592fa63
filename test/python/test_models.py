"""Trained models give their expected outputs, within their stated tolerances.

`AICC_TEST_MODELS` is a folder with a manifest.json that lists models, inputs and expectations;
without it these tests are skipped, and their number is printed with the reason.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import aicc

NAMES = (
    "mnist",
    "squeezenet",
    "yolox_nano",
    "fastestdet",
    "ultraface_rfb320",
    "ppocrv3_det",
    "ppocr_cls",
    "candy_style",
    "magika_v3_3",
    "dtln_1",
    "dnsmos_sig_bak_ovr",
    "basic_pitch",
)
FOLDER = os.environ.get("AICC_TEST_MODELS", "")


def entry_of(name: str) -> dict[str, Any]:
    if not FOLDER:
        pytest.skip("AICC_TEST_MODELS names no folder of trained models")
    models = json.loads((Path(FOLDER) / "manifest.json").read_text())["models"]
    return next(entry for entry in models if entry["name"] == name)


def arrays_of(file_name: str) -> list[np.ndarray]:
    with np.load(Path(FOLDER) / file_name) as arrays:
        return [arrays[name] for name in arrays.files]


@pytest.mark.parametrize("name", NAMES)
def test_model(name: str) -> None:
    entry = entry_of(name)
    names = input_names(Path(FOLDER) / entry["file"])
    for case in entry["cases"]:
        inputs = dict(zip(names, arrays_of(case["inputs"]), strict=True))
        shapes = {key: array.shape for key, array in inputs.items()}
        results = aicc.compile(Path(FOLDER) / entry["file"], shapes=shapes).run(inputs)
        expected = arrays_of(case["expected"])
        assert len(results) == len(expected)
        for got, want, limits in zip(results.values(), expected, case["outputs"], strict=True):
            assert got.dtype == want.dtype
            np.testing.assert_allclose(got, want, atol=limits["atol"], rtol=limits["rtol"])


def input_names(path: Path) -> list[str]:
    """Inputs that a caller gives: those without an initialiser, in the model's order."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    weights = {tensor.name for tensor in graph.initializer}
    return [value.name for value in graph.input if value.name not in weights]
