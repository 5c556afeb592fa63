"""Random numbers: made from a seed alone, so that equal programs give equal numbers.

docs/random-numbers.md says which node gets which sequence.
"""

from typing import Any

from .base import (
    GraphOp,
    Pure,
    Result,
    Tensor,
    VerifyError,
    choice,
    element_type,
    integer,
    integers,
)
from .types import tensor


class RandomUniform(GraphOp, name="random_uniform", traits=[Pure]):
    """Uniform in [0, 1): multiples of 2^-24 (f32) or 2^-53 (f64).

    philox: Philox4x32-10 with the 64-bit key `seed` and the counter (element's place in row-major
    order, `stream`), both 64 bits. f32 takes the first of the four words, f64 the first two.
    mt19937: the Mersenne Twister seeded by init_genrand(seed), two words per f64, in row-major
    order; it has no streams.
    """

    y: Result[Tensor]
    attrs = {
        "shape": integers(),
        "seed": integer(0),
        "stream": integer(0),
        "generator": choice("philox", "mt19937", default="philox"),
        "element": element_type(),
    }

    @staticmethod
    def infer(*, shape: list[int], seed: int, stream: int, generator: str, element: Any) -> Any:
        if str(element) not in ("f32", "f64") or (generator == "mt19937" and str(element) != "f64"):
            raise VerifyError(f"{generator} makes no {element}")
        if generator == "mt19937" and (not 0 <= seed < 2**32 or stream):
            raise VerifyError(f"mt19937 takes a 32-bit seed and no stream, got {seed}, {stream}")
        return tensor(shape, element)
