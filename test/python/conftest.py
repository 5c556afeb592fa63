"""Test modules import their neighbours, such as `onnx_models`, by plain name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
