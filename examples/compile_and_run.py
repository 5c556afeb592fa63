"""Compile an ONNX model, run it, and look at what the compiler made of it.

python examples/compile_and_run.py [model.onnx]
"""

import sys
import time
from pathlib import Path

import numpy as np
import onnx

import aicc


def default_model() -> Path:
    """A SqueezeNet with constant weights that ships inside the onnx package."""
    return Path(onnx.__path__[0]) / "backend/test/data/light/light_squeezenet.onnx"


def main(path: str | Path) -> None:
    start = time.perf_counter()
    exe = aicc.compile(path)
    print(f"compiled in {time.perf_counter() - start:.2f} s")

    random = np.random.default_rng(0)
    # a named dimension that is still open becomes 1
    shapes = {s.name: [d if isinstance(d, int) else 1 for d in s.dims or ()] for s in exe.inputs}
    inputs = {s.name: random.random(shapes[s.name]).astype(s.dtype) for s in exe.inputs}
    for name, array in exe.run(inputs).items():
        print(f"{name}: {array.dtype}{list(array.shape)}, mean {array.mean():.6f}")

    kernels = exe.ir("kernels")
    print(f"{kernels.count('func.func private')} kernels, for example:")
    print(next(line for line in kernels.splitlines() if "linalg." in line).strip()[:90])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else default_model())
