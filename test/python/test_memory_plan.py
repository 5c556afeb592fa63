"""The memory planner: values that are needed at the same time never share bytes."""

import json
import os
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model
from test_cli import aicc as run_command

import aicc
from aicc.ir_text import resume
from aicc.lowering import memory_plan
from aicc.memory_picture import human_bytes, memory_svg
from aicc.passes.buffers.placement import (
    ALGORITHMS,
    ALIGNMENT,
    Buffer,
    aligned,
    lower_bound,
    place,
)
from aicc.passes.driver import Pipeline

FOLDER = os.environ.get("AICC_TEST_MODELS", "")
TRAINED = ("mnist", "squeezenet", "dtln_1", "magika_v3_3")


def random_buffers(seed: int) -> list[Buffer]:
    chance = random.Random(seed)
    buffers = []
    for _ in range(chance.randrange(1, 60)):
        first = chance.randrange(100)
        last = first + chance.randrange(30)
        # few sizes, so that some are equal
        size = ALIGNMENT * chance.choice([1, 2, 3, 5, 8, chance.randrange(1, 200)])
        buffers.append(Buffer(size, first, last))
    return buffers


def assert_disjoint(buffers: Sequence[Buffer], total: int) -> None:
    for i, a in enumerate(buffers):
        assert a.offset >= 0 and a.offset % ALIGNMENT == 0
        assert a.offset + a.size <= total
        for b in buffers[:i]:
            alive_together = a.first <= b.last and b.first <= a.last
            disjoint = a.offset + a.size <= b.offset or b.offset + b.size <= a.offset
            assert disjoint or not alive_together


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_two_live_buffers_overlap(algorithm: str) -> None:
    for seed in range(200):
        buffers = random_buffers(seed)
        total = place(buffers, algorithm)
        assert_disjoint(buffers, total)
        assert lower_bound(buffers) <= total <= sum(b.size for b in buffers)


def test_best_fit_needs_no_more_than_the_others() -> None:
    above = 0.0
    for seed in range(200):
        buffers = random_buffers(seed)
        best, share, naive = (place(buffers, name) for name in ("best-fit", "share", "naive"))
        assert best <= share <= naive
        above += best / lower_bound(buffers) - 1
    assert above / 200 < 0.02


def test_a_chain_needs_two_buffers() -> None:
    """Each buffer is read by the op that writes the next one: two places are enough."""
    for algorithm in ("share", "best-fit"):
        chain = [Buffer(640, i, i + 1) for i in range(10)]
        assert place(chain, algorithm) == 2 * 640
    assert place([Buffer(640, i, i + 1) for i in range(10)], "naive") == 10 * 640


def test_sharing_is_between_equal_sizes_only() -> None:
    apart = [Buffer(640, 0, 0), Buffer(576, 1, 1)]
    assert place(apart, "share") == 640 + 576
    assert place(apart, "best-fit") == 640


def test_no_buffers_need_no_bytes() -> None:
    for algorithm in ALGORITHMS:
        assert place([], algorithm) == 0
    assert lower_bound([]) == 0
    assert aligned(0) == ALIGNMENT and aligned(65) == 2 * ALIGNMENT


def residual_blocks() -> onnx.ModelProto:
    """Padded convolutions with a residual addition, as in image models."""
    chance = np.random.default_rng(0)

    def weight(*shape: int) -> np.ndarray:
        return (chance.standard_normal(shape) / 8).astype(np.float32)

    nodes = [helper.make_node("Conv", ["x", "w0"], ["t"], name="stem", pads=[1, 1, 1, 1])]
    weights, current = {"w0": weight(16, 3, 3, 3)}, "t"
    for i in range(3):
        weights |= {f"a{i}": weight(16, 16, 3, 3), f"b{i}": weight(16, 16, 1, 1)}
        nodes += [
            helper.make_node("Conv", [current, f"a{i}"], [f"u{i}"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", [f"u{i}"], [f"v{i}"]),
            helper.make_node("Conv", [f"v{i}", f"b{i}"], [f"s{i}"]),
            helper.make_node("Add", [f"s{i}", current], [f"r{i}"]),
            helper.make_node("Relu", [f"r{i}"], [f"y{i}"]),
        ]
        current = f"y{i}"
    return model(nodes, {"x": (1, 3, 20, 20)}, [current], weights)


def attention_rows() -> onnx.ModelProto:
    """Products, softmax over rows and a norm."""
    chance = np.random.default_rng(1)
    weights = {n: (chance.standard_normal((64, 64)) / 8).astype(np.float32) for n in "qkv"}
    nodes = [
        helper.make_node("MatMul", ["x", "q"], ["xq"]),
        helper.make_node("MatMul", ["x", "k"], ["xk"]),
        helper.make_node("MatMul", ["x", "v"], ["xv"]),
        helper.make_node("Transpose", ["xk"], ["xt"], perm=[1, 0]),
        helper.make_node("MatMul", ["xq", "xt"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["p"], axis=-1, name="softmax"),
        helper.make_node("MatMul", ["p", "xv"], ["o"]),
        helper.make_node("Add", ["o", "x"], ["r"]),
        helper.make_node("Tanh", ["r"], ["y"]),
    ]
    return model(nodes, {"x": (48, 64)}, ["y"], weights)


def joined_and_split() -> onnx.ModelProto:
    """Contiguous concatenation, slices of it, reshapes, and a value that is an output as well."""
    weights = {"starts": np.array([2]), "ends": np.array([5]), "axes": np.array([0])}
    weights |= {"flat": np.array([-1]), "w": np.eye(24, dtype=np.float32)}
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"]),
        helper.make_node("Sigmoid", ["a"], ["b"]),
        helper.make_node("Concat", ["a", "b", "x"], ["c"], axis=0, name="join"),
        helper.make_node("Slice", ["c", "starts", "ends", "axes"], ["d"]),
        helper.make_node("Softmax", ["d"], ["e"], axis=-1),
        helper.make_node("Softmax", ["c"], ["f"], axis=0),
        helper.make_node("Reshape", ["e", "flat"], ["y"]),
    ]
    return model(nodes, {"x": (3, 24)}, ["y", "f"], weights)


BUILT = {"residual": residual_blocks, "rows": attention_rows, "joined": joined_and_split}


def lowered(proto: Any, to: str, **options: Any) -> Any:
    imported = aicc.import_onnx(proto, threads=options.pop("threads", 1), **options)
    aicc.lower(imported.module, to=to)
    return imported


def buffers_of(plan: dict[str, Any]) -> list[Buffer]:
    return [Buffer(b["bytes"], b["first"], b["last"], b["offset"]) for b in plan["buffers"]]


def check_plan(plan: dict[str, Any]) -> None:
    buffers = buffers_of(plan)
    assert_disjoint(buffers, plan["bytes"])
    assert lower_bound(buffers) == plan["lower_bound"] <= plan["bytes"] <= plan["without_reuse"]
    ticks = [tick for step in plan["steps"] for tick in range(step["first"], step["last"] + 1)]
    assert ticks == list(range(len(ticks)))
    assert all(0 <= b.first <= b.last < len(ticks) for b in buffers)
    assert all(v["nodes"] for b in plan["buffers"] for v in b["values"])


@pytest.mark.parametrize("name", BUILT)
@pytest.mark.parametrize("threads", [1, 2])
def test_plans_of_models(name: str, threads: int) -> None:
    plans = memory_plan(lowered(BUILT[name](), "buffers", threads=threads).module)
    for plan in plans.values():
        check_plan(plan)
        assert plan["algorithm"] == "best-fit"


@pytest.mark.parametrize("name", TRAINED)
def test_plans_of_trained_models(name: str) -> None:
    if not FOLDER:
        pytest.skip("AICC_TEST_MODELS names no folder of trained models")
    path = Path(FOLDER) / f"{name}.onnx"
    graph = onnx.load(path).graph
    with np.load(Path(FOLDER) / f"{name}.case0.inputs.npz") as arrays:
        shapes = [arrays[key].shape for key in arrays.files]
    weights = {w.name for w in graph.initializer}
    names = [i.name for i in graph.input if i.name not in weights]
    imported = lowered(path, "buffers", shapes=dict(zip(names, shapes, strict=True)))
    for plan in memory_plan(imported.module).values():
        check_plan(plan)


def test_values_know_their_nodes_and_roles() -> None:
    plan = memory_plan(lowered(attention_rows(), "buffers").module)["main"]
    values = [v for b in plan["buffers"] for v in b["values"]]
    assert any("softmax" in v["nodes"] and v["role"] == "in place" for v in values)
    plan = memory_plan(lowered(joined_and_split(), "buffers").module)["main"]
    roles = {v["role"] for b in plan["buffers"] for v in b["values"]}
    assert {"result", "part", "view"} <= roles


def results_of(exe: Any, inputs: dict[str, np.ndarray]) -> list[bytes]:
    return [array.tobytes() for array in exe.run(inputs).values()]


def inputs_of(proto: onnx.ModelProto) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(7)
    return {
        i.name: chance.standard_normal([d.dim_value for d in i.type.tensor_type.shape.dim]).astype(
            np.float32
        )
        for i in proto.graph.input
    }


@pytest.mark.parametrize("name", BUILT)
@pytest.mark.parametrize("threads", [1, 2])
def test_what_the_arena_held_before_does_not_matter(name: str, threads: int) -> None:
    proto = BUILT[name]()
    exe = aicc.compile(proto, threads=threads)
    inputs = inputs_of(proto)
    expected = results_of(exe, inputs)
    (frame,) = exe.specialisation(inputs).program.main._frames
    for garbage in (0xFF, 0x7F, 0x00):  # NaN, huge numbers, zeros
        frame.arena.view(np.uint8).fill(garbage)
        assert results_of(exe, inputs) == expected


@pytest.mark.parametrize("name", BUILT)
def test_reuse_changes_no_bit(name: str) -> None:
    """The same kernels with memory of their own, and with everything shared that can be."""
    proto = BUILT[name]()
    inputs = inputs_of(proto)
    results, sizes = [], []
    for level in (0, 3):
        imported = lowered(proto, "schedule")
        module = imported.module
        with module.context:
            Pipeline(f"to-buffers{{opt-level={level}}}").run(module)
        plan = memory_plan(module)["main"]
        assert plan["algorithm"] == ("naive" if level == 0 else "best-fit")
        sizes.append(plan["bytes"])
        results.append(results_of(resume(module, weights=imported.weights), inputs))
    assert results[0] == results[1]
    assert sizes[1] < sizes[0]


def test_picture() -> None:
    plan = memory_plan(lowered(residual_blocks(), "buffers").module)["main"]
    picture = memory_svg(plan)
    root = ElementTree.fromstring(picture)
    names = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any("stem" in name for name in names)
    assert len([n for n in names if " at byte " in n]) == len(plan["buffers"])
    assert "href" not in picture and "<script" not in picture
    empty = {"algorithm": "best-fit", "bytes": 0, "lower_bound": 0, "without_reuse": 0}
    ElementTree.fromstring(memory_svg(empty | {"buffers": [], "steps": []}))


def test_picture_escapes_names() -> None:
    value = {"nodes": ['a<b>&"c'], "bytes": 64, "role": "result"}
    row = {"bytes": 64, "offset": 0, "first": 0, "last": 0, "values": [value]}
    sizes = {"bytes": 64, "lower_bound": 64, "without_reuse": 64, "algorithm": "naive"}
    root = ElementTree.fromstring(memory_svg({**sizes, "buffers": [row], "steps": []}))
    assert any('a<b>&"c' in (e.text or "") for e in root.iter())


def test_bytes_for_people() -> None:
    counts = (0, 1023, 1536, 200 * 1024, 3 << 20)
    assert [human_bytes(n) for n in counts] == ["0 B", "1023 B", "1.5 KiB", "200 KiB", "3.0 MiB"]


def test_command_writes_plan_and_picture(tmp_path: Path) -> None:
    path = tmp_path / "rows.onnx"
    onnx.save(attention_rows(), path)
    done = run_command("compile", path, "--emit", "memory-plan")
    assert done.returncode == 0, done.stderr
    check_plan(json.loads(done.stdout)["main"])
    picture = tmp_path / "plan.svg"
    done = run_command("compile", path, "--emit", "memory-plan", "-o", picture)
    assert done.returncode == 0, done.stderr
    assert ElementTree.fromstring(picture.read_text()).tag.endswith("svg")
