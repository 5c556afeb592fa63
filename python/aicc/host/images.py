"""ImageDecoder, by Pillow (the optional part `image` of the installation)."""

from __future__ import annotations

import importlib
import io
from typing import Any

import numpy as np

from aicc.diagnostics import UnsupportedOp

from .kinds import NUMBER
from .registry import Step, always, giving, host_op

_MODES = {"RGB": "RGB", "BGR": "RGB", "Grayscale": "L"}


@host_op("ImageDecoder", gives=giving(NUMBER), needs=always)
def image_decoder(step: Step, data: Any, *, pixel_format: str = "RGB") -> Any:
    """u8 [height, width, channels] of an image file; empty if it cannot be decoded."""
    if pixel_format not in _MODES:
        step.invalid(f"pixel_format '{pixel_format}'")
    image_module = _pillow(step)
    try:
        with image_module.open(io.BytesIO(data.tobytes())) as image:
            pixels = np.asarray(image.convert(_MODES[pixel_format]))
    except (OSError, ValueError, SyntaxError):
        # what Pillow raises for files that are cut off, damaged or of no known format
        return np.zeros((0, 0, 1 if pixel_format == "Grayscale" else 3), np.uint8)
    if pixel_format == "Grayscale":
        return np.ascontiguousarray(pixels[:, :, None])
    return np.ascontiguousarray(pixels[:, :, ::-1] if pixel_format == "BGR" else pixels)


def _pillow(step: Step) -> Any:
    try:
        return importlib.import_module("PIL.Image")
    except ImportError as e:
        raise UnsupportedOp(
            f"node '{step.name}' (ImageDecoder): images are decoded by Pillow, which is missing\n"
            "next step: pip install 'aicc[image]'"
        ) from e
