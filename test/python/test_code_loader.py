"""Linking and mapping objects: what is refused, what is called, and when it is gone."""

from __future__ import annotations

import ctypes
import gc
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from aicc._mlir import context, ir, submodule
from aicc.diagnostics import ArtifactError, LoweringError
from aicc.runtime import library
from aicc.runtime.code import Code

# f(x) = g(x) + table[1], where g is in another object
CALLER = """
module {
  llvm.func @g(f64) -> f64
  llvm.mlir.global internal constant @table(dense<[1.0, 0.5]> : tensor<2xf64>)
    : !llvm.array<2 x f64>
  llvm.func @f(%x: f64) -> f64 {
    %t = llvm.mlir.addressof @table : !llvm.ptr
    %p = llvm.getelementptr %t[1] : (!llvm.ptr) -> !llvm.ptr, f64
    %c = llvm.load %p : !llvm.ptr -> f64
    %y = llvm.call @g(%x) : (f64) -> f64
    %r = llvm.fadd %y, %c : f64
    llvm.return %r : f64
  }
}
"""
CALLEE = """
module {
  llvm.func @pow(f64, f64) -> f64
  llvm.func @g(%x: f64) -> f64 {
    %y = llvm.call @pow(%x, %x) : (f64, f64) -> f64
    llvm.return %y : f64
  }
}
"""


def object_of(text: str, externals: Sequence[str] = ()) -> bytes:
    """The object LLVM makes of a module; the engine only writes it if every name has an address."""
    with context(), ir.Location.unknown(), tempfile.TemporaryDirectory() as folder:
        module = ir.Module.parse(text)
        engine = submodule("execution_engine").ExecutionEngine(module, opt_level=2)
        for name in externals:
            engine.raw_register_runtime(name, ctypes.c_void_p(1))
        path = Path(folder) / "code.o"
        engine.dump_to_object_file(str(path))
        return path.read_bytes()


@pytest.fixture(scope="module")
def objects() -> list[bytes]:
    return [object_of(CALLER, ["g"]), object_of(CALLEE)]


def call(code: Code, x: float) -> float:
    """f(x), through the function that takes its arguments and result by a table of addresses."""
    values = np.array([x, 0.0])
    table = np.array([values.ctypes.data, values.ctypes.data + 8], np.uint64)
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(code.address("f"))(table.ctypes.data)
    return float(values[1])


def test_objects_call_each_other_and_the_runtime(objects: list[bytes]) -> None:
    assert call(Code(objects), 3.0) == 27.5
    assert call(Code([memoryview(bytearray(o)) for o in reversed(objects)]), 2.0) == 4.5


def test_what_is_missing_is_named(objects: list[bytes]) -> None:
    with pytest.raises(ArtifactError, match="calls 'g', which the runtime does not offer"):
        Code(objects[:1])
    with pytest.raises(LoweringError, match="no function 'main'"):
        Code(objects).address("main")


def test_process_symbols_are_not_looked_at() -> None:
    stranger = object_of(CALLER.replace("@g", "@getenv"), ["getenv"])
    with pytest.raises(ArtifactError, match="calls 'getenv'"):
        Code([stranger])


def test_two_definitions_are_refused(objects: list[bytes]) -> None:
    with pytest.raises(ArtifactError, match="two objects define '.*g'"):
        Code([*objects, objects[1]])


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"x" * 100, bytes(4096)])
def test_other_data_is_refused(data: bytes) -> None:
    with pytest.raises(ArtifactError, match="the object code cannot be loaded: object 0"):
        Code([data])
    with pytest.raises(ArtifactError, match="no objects"):
        Code([])


def test_truncated_objects_are_refused(objects: list[bytes]) -> None:
    for size in range(0, len(objects[0]), 7):
        with pytest.raises(ArtifactError):
            Code([objects[0][:size], objects[1]])


def mapping_of(address: int) -> str:
    """The line of the process's memory map that `address` is in; "" if it is in none."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        start, end = (int(word, 16) for word in line.split()[0].split("-"))
        if start <= address < end:
            return line
    return ""


def test_code_is_executable_and_not_writable_until_it_is_gone(objects: list[bytes]) -> None:
    code = Code(objects)
    address = code.address("f")
    assert " r-xp " in mapping_of(address)
    del code
    gc.collect()
    assert " r-xp " not in mapping_of(address)


def test_runtime_offers_what_llvm_calls() -> None:
    names = library.symbols()
    assert {"memcpy", "memset", "expf", "exp", "powf", "fmod", "tanhf", "erff"} <= names.keys()
    assert "system" not in names
