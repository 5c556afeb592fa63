"""Each kernel class against numpy in f64, on shapes that leave rests everywhere.

The kernels go through decide-schedules, apply-schedules, bufferisation and lower-vectors, then
upstream passes to machine code. Odd, prime and unit sizes make every peeled loop and mask run.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from aicc._mlir import context, ir, passmanager, submodule
from aicc.passes.loops import lower_vectors
from aicc.passes.schedule import apply_schedules, decide_schedules
from aicc.passes.schedule.kernel_shape import Contraction
from aicc.passes.schedule.microkernels import window_tile
from aicc.passes.schedule.outer_tiles import outer_tiles
from aicc.passes.schedule.packing import packing_for
from aicc.passes.schedule.padding import borders
from aicc.passes.schedule.register_cost import max_rows
from aicc.passes.schedule.schedule import LOOPS, Schedule
from aicc.passes.schedule.traffic import Operands, outer_by_traffic, traffic

BUFFERS = (
    "builtin.module(one-shot-bufferize{bufferize-function-boundaries=1 "
    "function-boundary-type-conversion=identity-layout-map},canonicalize,cse,"
    "drop-equivalent-buffer-results{modify-public-functions=1})"
)
LLVM = (
    "builtin.module(convert-linalg-to-loops,func.func(scf-forall-to-for),"
    "func.func(promote-buffers-to-stack{max-alloc-size-in-bytes=65536}),expand-strided-metadata,"
    "lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-math-to-llvm,"
    "convert-math-to-libm,finalize-memref-to-llvm,"
    "convert-func-to-llvm{use-bare-ptr-memref-call-conv=1},convert-arith-to-llvm,"
    "convert-index-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)"
)
MULTIPLY_ADD = """^bb0(%x: f32, %y: f32, %s: f32):
  %p = arith.mulf %x, %y : f32
  %q = arith.addf %s, %p : f32
  linalg.yield %q : f32"""
BIAS_RELU = """^bb0(%x: f32, %y: f32, %s: f32):
  %p = arith.addf %x, %y : f32
  %q = arith.maximumf %p, %zero : f32
  linalg.yield %q : f32"""
RNG = np.random.default_rng(0)


def tensor(*shape: int, element: str = "f32") -> str:
    return f"tensor<{'x'.join(map(str, shape))}x{element}>"


def generic(name: str, maps: str, kinds: str, ins: str, outs: str, body: str, result: str) -> str:
    iterators = ", ".join('"parallel"' if kind == "p" else '"reduction"' for kind in kinds)
    return (
        f"%{name} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{iterators}]}} "
        f"ins({ins}) outs({outs}) {{\n{body} }} -> {result}\n"
    )


def run(body: str, inputs: list[np.ndarray], output: np.ndarray, threads: int = 1) -> str:
    """Compile `body` (it defines %r from %i0, %i1, ...), run it into `output`; the tiled IR."""
    element = {np.dtype(np.float32): "f32", np.dtype(np.float64): "f64"}[output.dtype]
    types = [tensor(*array.shape, element=element) for array in inputs]
    out = tensor(*output.shape, element=element)
    arguments = "".join(
        f"%i{n}: {kind} {{bufferization.writable = false}}, " for n, kind in enumerate(types)
    )
    text = f"""module attributes {{aicc.threads = {threads} : i64}} {{
      func.func @f({arguments}%o: {out} {{bufferization.writable = true}}) -> {out}
          attributes {{aicc.kernel = "test"}} {{
        %zero = arith.constant 0.0 : {element}
        {body}
        %m = bufferization.materialize_in_destination %r in %o : ({out}, {out}) -> {out}
        return %m : {out} }} }}"""
    with context(), ir.Location.unknown():
        module = ir.Module.parse(text)
        decide_schedules.run(module)
        apply_schedules.run(module)
        assert module.operation.verify()
        tiled = str(module)
        passmanager.PassManager.parse(BUFFERS).run(module.operation)
        lower_vectors.run(module)
        assert module.operation.verify()
        copies = str(module).replace("memref.copy", "linalg.copy_of")
        module = ir.Module.parse(_without_runtime_copies(copies))
        passmanager.PassManager.parse(LLVM).run(module.operation)
        engine = submodule("execution_engine").ExecutionEngine(module, opt_level=1)
        output[...] = 7
        pointers = [np.array([array.ctypes.data], np.uint64) for array in [*inputs, output]]
        table = np.array([pointer.ctypes.data for pointer in pointers], np.uint64)
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.raw_lookup("f"))(table.ctypes.data)
    return tiled


def _without_runtime_copies(text: str) -> str:
    """`memref.copy` of strided memrefs calls a runtime that a unit test does without."""
    lines = []
    for line in text.splitlines():
        if "linalg.copy_of" in line:
            operands, types = line.split("linalg.copy_of")[1].split(" : ")
            (source, target), (kind, into) = operands.split(","), types.split(" to ")
            line = f"linalg.copy ins({source} : {kind}) outs({target} : {into})"
        lines.append(line)
    return "\n".join(lines)


def random(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape).astype(np.float32)


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    scale = max(float(np.abs(expected).max()), 1e-30)
    assert np.abs(actual - expected).max() / scale < 1e-5


def fill(kind: str) -> str:
    return (
        f"%e = tensor.empty() : {kind}\n"
        f"%f = linalg.fill ins(%zero : f32) outs(%e : {kind}) -> {kind}\n"
    )


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    ("m", "n", "k", "nr"),
    [
        (1, 48, 7, 48),
        (13, 50, 33, 16),
        (37, 64, 1, 64),
        (197, 96, 40, 32),
        # several steps per iteration and some left; rows and panels asked for ahead of time
        (197, 96, 43, 32),
        (60, 256, 129, 64),
        (90, 96, 301, 48),
    ],
)
def test_packed_matmul_with_bias_and_relu(m: int, n: int, k: int, nr: int, threads: int) -> None:
    blocks = -(-n // nr)
    padded = np.zeros((k, blocks * nr), np.float32)
    padded[:, :n] = random(k, n)
    packed = np.ascontiguousarray(padded.reshape(k, blocks, nr).transpose(1, 0, 2))
    lhs, bias, output = random(m, k), random(blocks, nr), np.empty((m, n), np.float32)
    kind, wide = tensor(m, blocks, nr), tensor(m, blocks * nr)
    lhs_map, rhs_map, out_map = (
        f"affine_map<(m, b, n, k) -> ({dims})>" for dims in ("m, k", "b, k, n", "m, b, n")
    )
    same, row = (f"affine_map<(m, b, n) -> ({dims})>" for dims in ("m, b, n", "b, n"))
    body = fill(kind)
    body += generic(
        "a", f"{lhs_map}, {rhs_map}, {out_map}", "pppr",
        f"%i0, %i1 : {tensor(m, k)}, {tensor(blocks, k, nr)}", f"%f : {kind}", MULTIPLY_ADD, kind,
    )  # fmt: skip
    body += generic(
        "y", f"{same}, {row}, {same}", "ppp", f"%a, %i2 : {kind}, {tensor(blocks, nr)}",
        f"%e : {kind}", BIAS_RELU, kind,
    )  # fmt: skip
    body += f"%w = tensor.collapse_shape %y [[0], [1, 2]] : {kind} into {wide}\n"
    body += f"%r = tensor.extract_slice %w[0, 0] [{m}, {n}] [1, 1] : {wide} to {tensor(m, n)}"
    run(body, [lhs, packed, bias], output, threads)
    expected = lhs.astype(np.float64) @ padded + bias.ravel()
    assert_close(output, np.maximum(expected, 0)[:, :n])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("b", "m", "k", "n"), [(1, 1, 1, 1), (3, 37, 17, 37), (2, 5, 64, 131)])
def test_batch_matmul(b: int, m: int, k: int, n: int, dtype: type) -> None:
    lhs, rhs = random(b, m, k).astype(dtype), random(b, k, n).astype(dtype)
    output = np.empty((b, m, n), dtype)
    element = "f32" if dtype is np.float32 else "f64"
    kinds = [tensor(*shape, element=element) for shape in ((b, m, k), (b, k, n), (b, m, n))]
    body = fill(kinds[2]).replace(": f32)", f": {element})")
    body += f"%r = linalg.batch_matmul ins(%i0, %i1 : {kinds[0]}, {kinds[1]}) "
    run(body + f"outs(%f : {kinds[2]}) -> {kinds[2]}", [lhs, rhs], output, threads=2)
    assert_close(output, lhs.astype(np.float64) @ rhs)


def convolve(x: np.ndarray, w: np.ndarray, stride: int, dilation: int) -> np.ndarray:
    """NHWC by HWIO, no padding, in f64."""
    kh, kw = w.shape[:2]
    oh, ow = ((x.shape[1 + d] - (w.shape[d] - 1) * dilation - 1) // stride + 1 for d in (0, 1))
    total = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for i in range(kh):
        rows = x[:, i * dilation :][:, : (oh - 1) * stride + 1 : stride].astype(np.float64)
        for j in range(kw):
            columns = slice(j * dilation, j * dilation + (ow - 1) * stride + 1, stride)
            total += rows[:, :, columns] @ w[i, j]
    return total


PADDED = """%padded = tensor.pad %i0 low[0, 1, 1, 0] high[0, 1, 1, 0] {{
  ^bb0(%a: index, %b: index, %c: index, %d: index):
  tensor.yield %zero : f32 }} : {} to {}
"""


@pytest.mark.parametrize(
    ("h", "w", "ic", "oc", "taps", "stride", "dilation"),
    [(13, 13, 7, 32, 3, 1, 1), (9, 11, 3, 64, 3, 2, 1), (8, 5, 5, 16, 2, 1, 2)],
)
def test_packed_convolution(
    h: int, w: int, ic: int, oc: int, taps: int, stride: int, dilation: int
) -> None:
    nr = 16
    x, weights = random(2, h, w, ic), random(taps, taps, ic, oc)
    packed = np.ascontiguousarray(
        weights.reshape(taps, taps, ic, oc // nr, nr).transpose(3, 0, 1, 2, 4)
    )
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    expected = convolve(padded, weights, stride, dilation)
    output = np.empty(expected.shape, np.float32)
    kind, source = tensor(*expected.shape[:3], oc // nr, nr), tensor(*padded.shape)
    dims = "(n, h, w, b, o, i, j, c)"
    window = f"n, h * {stride} + i * {dilation}, w * {stride} + j * {dilation}, c"
    maps = ", ".join(
        f"affine_map<{dims} -> ({m})>" for m in (window, "b, i, j, c, o", "n, h, w, b, o")
    )
    body = PADDED.format(tensor(*x.shape), source) + fill(kind)
    body += generic(
        "a", maps, "ppppprrr", f"%padded, %i1 : {source}, {tensor(*packed.shape)}", f"%f : {kind}",
        MULTIPLY_ADD, kind,
    )  # fmt: skip
    flat = "[[0], [1], [2], [3, 4]]"
    body += f"%r = tensor.collapse_shape %a {flat} : {kind} into {tensor(*output.shape)}"
    tiled = run(body, [x, packed], output, threads=2)
    assert "tensor.pad" not in tiled and "aicc.tile" in tiled
    assert_close(output, expected)


@pytest.mark.parametrize(("h", "w", "c", "stride"), [(13, 13, 37, 1), (9, 16, 5, 2)])
def test_depthwise_convolution(h: int, w: int, c: int, stride: int) -> None:
    x, weights = random(1, h, w, c), random(3, 3, c)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    diagonal = weights[..., None] * np.eye(c)
    expected = convolve(padded, diagonal, stride, 1)
    output, source = np.empty(expected.shape, np.float32), tensor(*padded.shape)
    kind = tensor(*output.shape)
    body = PADDED.format(tensor(*x.shape), source) + fill(kind)
    body += (
        "%r = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, "
        f"strides = dense<{stride}> : tensor<2xi64>}} "
        f"ins(%padded, %i1 : {source}, {tensor(3, 3, c)}) "
        f"outs(%f : {kind}) -> {kind}"
    )
    run(body, [x, weights], output)
    assert_close(output, expected)


def test_windows_take_their_taps_by_rows_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[tuple[int, ...]] = []

    def noted(*arguments: Any) -> tuple[int, ...]:
        rows.append(input_row(*arguments))
        return rows[-1]

    input_row = window_tile._input_row
    monkeypatch.setattr(window_tile, "_input_row", noted)
    test_depthwise_convolution(14, 14, 16, 1)
    assert len(set(rows)) > 1


@pytest.mark.parametrize(("ic", "h", "oc", "stride"), [(3, 19, 11, 1), (5, 12, 8, 2)])
def test_convolution_nchw(ic: int, h: int, oc: int, stride: int) -> None:
    x, weights = random(1, ic, h, h), random(oc, ic, 3, 3)
    expected = convolve(x.transpose(0, 2, 3, 1), weights.transpose(2, 3, 1, 0), stride, 1)
    expected = expected.transpose(0, 3, 1, 2)
    output, kind = np.empty(expected.shape, np.float32), tensor(*expected.shape)
    body = fill(kind) + (
        "%r = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, "
        f"strides = dense<{stride}> : tensor<2xi64>}} "
        f"ins(%i0, %i1 : {tensor(*x.shape)}, {tensor(*weights.shape)}) outs(%f : {kind}) -> {kind}"
    )
    run(body, [x, weights], output)
    assert_close(output, expected)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("rows", "columns"), [(5, 1), (37, 37), (3, 16), (2, 1003), (131, 128)])
def test_softmax_rows(rows: int, columns: int, threads: int) -> None:
    x, output = random(rows, columns) * 5, np.empty((rows, columns), np.float32)
    kind, vector = tensor(rows, columns), tensor(rows)
    same, row = (f"affine_map<(r, c) -> ({dims})>" for dims in ("r, c", "r"))
    reduce = "^bb0(%x: f32, %s: f32):\n %q = arith.{} %s, %x : f32\n linalg.yield %q : f32"
    apply = "^bb0(%x: f32, %y: f32, %s: f32):\n{}\n linalg.yield %q : f32"
    exponential = " %d = arith.subf %x, %y : f32\n %q = math.exp %d : f32"
    body = fill(kind) + f"%v = tensor.empty() : {vector}\n%low = arith.constant 0xFF800000 : f32\n"
    body += f"%m0 = linalg.fill ins(%low : f32) outs(%v : {vector}) -> {vector}\n"
    body += f"%s0 = linalg.fill ins(%zero : f32) outs(%v : {vector}) -> {vector}\n"
    maps = f"{same}, {row}"
    sums, pair = f": {kind}", f": {kind}, {vector}"
    body += generic("max", maps, "pr", f"%i0 {sums}", f"%m0 : {vector}",
                    reduce.format("maximumf"), vector)  # fmt: skip
    body += generic("exp", f"{maps}, {same}", "pp", f"%i0, %max {pair}", f"%e : {kind}",
                    apply.format(exponential), kind)  # fmt: skip
    body += generic("sum", maps, "pr", f"%exp {sums}", f"%s0 : {vector}",
                    reduce.format("addf"), vector)  # fmt: skip
    body += generic("r", f"{maps}, {same}", "pp", f"%exp, %sum {pair}", f"%e : {kind}",
                    apply.format(" %q = arith.divf %x, %y : f32"), kind)  # fmt: skip
    tiled = run(body, [x], output, threads)
    assert "aicc.unscheduled" not in tiled
    exact = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    assert_close(output, exact / exact.sum(axis=1, keepdims=True))


def test_transposed_operand_falls_back_to_loops() -> None:
    lhs, rhs, output = random(5, 9), random(7, 9), np.empty((5, 7), np.float32)
    maps = ", ".join(f"affine_map<(m, n, k) -> ({dims})>" for dims in ("m, k", "n, k", "m, n"))
    kind = tensor(5, 7)
    operands = f"%i0, %i1 : {tensor(5, 9)}, {tensor(7, 9)}"
    body = fill(kind) + generic("r", maps, "ppr", operands, f"%f : {kind}", MULTIPLY_ADD, kind)
    tiled = run(body, [lhs, rhs], output)
    assert "aicc.unscheduled" in tiled and "aicc.tile" not in tiled
    assert_close(output, lhs.astype(np.float64) @ rhs.T)


def test_schedule_survives_its_attribute() -> None:
    with context():
        for schedule in (
            Schedule("matmul", (1, 0), (6, 64), (1, 0), True, 8),
            Schedule(LOOPS, reason="by hand"),
        ):
            assert Schedule.from_attr(schedule.to_attr()) == schedule


@pytest.mark.parametrize("columns", [1, 16, 17, 1000, 4096])
def test_packing_is_whole_vectors_of_at_most_four(columns: int) -> None:
    assert packing_for(columns) in (16, 32, 48, 64)
    assert packing_for(columns, window=(7, 7)) in (16, 32, 48, 64)
    assert packing_for(columns, rows=1, lanes=8) % 8 == 0


def test_register_tiles_leave_room_for_the_operands() -> None:
    assert all(max_rows(v) * v + v + 1 <= 32 for v in range(1, 5))


def test_outer_tiles_divide_and_cut_for_threads() -> None:
    tiles, parallel = outer_tiles((3136, 1, 64), (0,), (6, 1, 64), 0, 10**8, 4)
    assert parallel and 3136 % tiles[0] == 0 and 3136 // tiles[0] >= 16
    assert outer_tiles((8, 1, 64), (0,), (6, 1, 64), 0, 10**4, 4)[1] is False


def test_rows_are_cut_only_where_that_saves_traffic() -> None:
    """A layer of 1x1 windows whose image fits the cache reads its weights once."""
    row_bytes, panel_bytes = 700 * 1024, 128 * 1024
    operands = Operands((0,), row_bytes, panel_bytes, 64)
    kernel = Contraction(None, (), (56, 64, 32, 1024), (56, 64, 32), 4, cache_bytes=2 << 20)
    assert outer_by_traffic(kernel, operands, (14, 1, 32), 1)[0] == (0, 1, 0)
    large = Operands((0,), 8 * row_bytes, panel_bytes, 64)
    tiles, _ = outer_by_traffic(kernel, large, (14, 1, 32), 1)
    assert traffic(kernel, large, tiles) < traffic(kernel, large, (0, 1, 0))


def test_borders_cover_the_padding_once() -> None:
    full, count = (5, 6, 4), np.zeros((5, 6, 4), int)
    count[1:4, 2:5, 0:4] += 1
    for box in borders((1, 2, 0), (3, 3, 4), full):
        ranges = (slice(o, o + s) for o, s in zip(box.offsets, box.sizes, strict=True))
        count[tuple(ranges)] += 1
    assert (count == 1).all()
