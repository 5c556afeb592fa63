"""expand-math against f64: error in ulp over all of f32, and the special values.

Every 1021st bit pattern is tried (a prime: all mantissa bits vary), which covers both signs,
denormals, infinities and NaN. An ulp is the spacing of f32 at the exact result, 2^-149 for
denormals.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable

import numpy as np
import pytest

from aicc._mlir import context, ir, passmanager, submodule
from aicc.passes.loops.expand_math import run
from aicc.passes.schedule.math import APPROXIMATIONS

LENGTH = 1 << 16
STRIDE = 1021
LOWERING = (
    "builtin.module(convert-scf-to-cf,convert-vector-to-llvm,convert-math-to-llvm,"
    "convert-math-to-libm,expand-strided-metadata,finalize-memref-to-llvm,"
    "convert-func-to-llvm{use-bare-ptr-memref-call-conv=1},convert-arith-to-llvm,"
    "convert-index-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)"
)
SPECIAL = np.array(
    [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1e-45, -1e-45,
     2**-126, -(2**-126), 3.4028235e38, -3.4028235e38, 1 - 2**-24, 1 + 2**-23, 16777215, -16777215],
    dtype=np.float32,
)  # fmt: skip
REFERENCE: dict[str, Callable[..., np.ndarray]] = {
    "cos": np.cos,
    "erf": lambda x: np.fromiter(map(math.erf, x), np.float64, len(x)),
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "powf": np.power,
    "sin": np.sin,
    "tanh": np.tanh,
}


class Kernel:
    """C[i] = function(A[i], B[i]), compiled with the pass; `lanes` = 0 for scalar code."""

    def __init__(self, function: str, lanes: int, element: str = "f32", target: str = "") -> None:
        memref = f"memref<{LENGTH}x{element}>"
        value = f"vector<{lanes}x{element}>" if lanes else element
        dialect, suffix = ("vector", f", {value}") if lanes else ("memref", "")
        arguments = "%a, %b" if function == "powf" else "%a"
        with context(), ir.Location.unknown():
            self._module = ir.Module.parse(f"""
              func.func @f(%A: {memref}, %B: {memref}, %C: {memref}) {{
                %zero = arith.constant 0 : index
                %end = arith.constant {LENGTH} : index
                %step = arith.constant {lanes or 1} : index
                scf.for %i = %zero to %end step %step {{
                  %a = {dialect}.load %A[%i] : {memref}{suffix}
                  %b = {dialect}.load %B[%i] : {memref}{suffix}
                  %c = math.{function} {arguments} : {value}
                  {dialect}.store %c, %C[%i] : {memref}{suffix}
                }}
                return
              }}""")
            if target:
                self._module.operation.attributes["aicc.target"] = ir.StringAttr.get(target)
            run(self._module)
            assert self._module.operation.verify()
            assert f"math.{function} " not in str(self._module)
            passmanager.PassManager.parse(LOWERING).run(self._module.operation)
            engine = submodule("execution_engine")
            self._engine = engine.ExecutionEngine(self._module, opt_level=3)
        prototype = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
        self._function = prototype(self._engine.raw_lookup("f"))

    def __call__(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        c = np.empty_like(a)
        pointers = (ctypes.c_void_p * 3)(a.ctypes.data, b.ctypes.data, c.ctypes.data)
        start, size = ctypes.addressof(pointers), ctypes.sizeof(ctypes.c_void_p)
        packed = (ctypes.c_void_p * 3)(*(start + size * i for i in range(3)))
        self._function(ctypes.addressof(packed))
        return c


def ulp_error(got: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """|got - exact| in ulp of f32; inf where NaN or the sign of a zero is wrong."""
    with np.errstate(all="ignore"):
        exponent = np.clip(np.frexp(exact)[1] - 24, -149, 104)
        # An overflow is an error of what 2^128, the next value, would be.
        bounded = np.clip(exact, -(2.0**128), 2.0**128)
        finite = np.clip(got.astype(np.float64), -(2.0**128), 2.0**128)
        error = np.ldexp(np.abs(finite - bounded), -exponent)
    both_nan = np.isnan(got) & np.isnan(exact)
    error = np.where(both_nan, 0.0, np.where(np.isnan(error), np.inf, error))
    wrong_zero = (exact == 0) & (np.signbit(got) != np.signbit(exact))
    return np.where(wrong_zero & ~both_nan, np.inf, error)


def chunks() -> list[np.ndarray]:
    """Every STRIDE-th bit pattern as f32 arrays of LENGTH, the last one filled up with SPECIAL."""
    bits = np.arange(0, 1 << 32, STRIDE, dtype=np.uint64).astype(np.uint32)
    missing = -len(bits) % LENGTH
    values = np.concatenate([bits.view(np.float32), np.resize(SPECIAL, missing)])
    return list(values.reshape(-1, LENGTH))


def exponents_for(base: np.ndarray, index: int) -> np.ndarray:
    """Second operands of powf: random bits, small integers, or such that the result is finite."""
    random = np.random.default_rng(index)
    if index % 3 == 0:
        return random.integers(0, 1 << 32, LENGTH, dtype=np.uint32).view(np.float32)
    if index % 3 == 1:
        return random.integers(-20, 21, LENGTH).astype(np.float32)
    with np.errstate(all="ignore"):
        scale = np.log2(np.abs(base.astype(np.float64)))
        return (random.uniform(-155, 130, LENGTH) / scale).astype(np.float32)


def exact_result(function: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        operands = [a.astype(np.float64), b.astype(np.float64)]
        return REFERENCE[function](*operands[: 2 if function == "powf" else 1])


def test_every_approximation_has_a_reference() -> None:
    assert {f"math.{function}" for function in REFERENCE} == set(APPROXIMATIONS)


@pytest.mark.parametrize("function", sorted(REFERENCE))
def test_error_stays_within_the_stated_bound(function: str) -> None:
    kernel = Kernel(function, lanes=16)
    for index, a in enumerate(chunks()):
        b = exponents_for(a, index) if function == "powf" else a
        error = ulp_error(kernel(a, b), exact_result(function, a, b))
        worst = int(np.argmax(error))
        bound = APPROXIMATIONS[f"math.{function}"].max_ulp
        assert error[worst] <= bound, f"{function}({a[worst]!r}, {b[worst]!r}): {error[worst]} ulp"


def test_powf_on_all_pairs_of_special_values() -> None:
    a = np.resize(np.repeat(SPECIAL, len(SPECIAL)), LENGTH)
    b = np.resize(np.tile(SPECIAL, len(SPECIAL)), LENGTH)
    error = ulp_error(Kernel("powf", lanes=16)(a, b), exact_result("powf", a, b))
    wrong = error > APPROXIMATIONS["math.powf"].max_ulp
    assert not wrong.any(), list(zip(a[wrong], b[wrong], strict=True))[:10]


@pytest.mark.parametrize("function", sorted(REFERENCE))
def test_scalar_code_gives_the_same_bits(function: str) -> None:
    random = np.random.default_rng(0)
    a, b = random.integers(0, 1 << 32, (2, LENGTH), dtype=np.uint32).view(np.float32)
    scalar, vector = Kernel(function, lanes=0)(a, b), Kernel(function, lanes=16)(a, b)
    np.testing.assert_array_equal(scalar, vector)


@pytest.mark.parametrize("function", ["exp", "exp2", "powf"])
def test_instructions_of_the_host_give_the_same_bits(function: str) -> None:
    """Scaling by a power of two in one instruction rounds as the two halves do."""
    plain, host = Kernel(function, lanes=16), Kernel(function, lanes=16, target="host")
    for index, a in enumerate(chunks()[::8]):
        b = exponents_for(a, index) if function == "powf" else a
        np.testing.assert_array_equal(host(a, b), plain(a, b))


def test_f16_is_rounded_from_f32() -> None:
    a = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    got = Kernel("exp", lanes=16, element="f16")(a, a)
    with np.errstate(all="ignore"):
        exact = np.exp(a.astype(np.float64)).astype(np.float16)
    distance = np.abs(got.view(np.int16).astype(int) - exact.view(np.int16).astype(int))
    assert distance[~np.isnan(exact)].max() <= 1
    assert np.isnan(got[np.isnan(exact)]).all()


def test_constants_are_shared_within_a_block() -> None:
    lines = "\n".join(f"%v{i + 1} = math.exp %v{i} : f32" for i in range(1000))
    with context(), ir.Location.unknown():
        module = ir.Module.parse(
            f"func.func @f(%v0: f32) -> f32 {{\n{lines}\nreturn %v1000 : f32\n}}"
        )
        run(module)
        assert str(module).count("arith.constant") < 20
