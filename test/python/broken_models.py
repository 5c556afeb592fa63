"""Models that are broken in many ways, made from sound ones by seeded mutations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import onnx
from onnx import TensorProto, helper

Mutation = Callable[[onnx.ModelProto, random.Random], None]
HUGE = (2**31, 2**40, 2**62, 10**9)


def truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def bit_flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 32))):
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def random_bytes(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 100, 5000)))


def spliced(data: bytes, rng: random.Random) -> bytes:
    """A piece cut out, or written twice."""
    a, b = sorted(rng.randrange(len(data)) for _ in range(2))
    return data[:a] + (data[b:] if rng.random() < 0.5 else data[a:b] + data[a:])


def wrong_input_type(model: onnx.ModelProto, rng: random.Random) -> None:
    rng.choice(model.graph.input).type.tensor_type.elem_type = rng.choice((0, 8, 7, 9, 15, 99))


def wrong_weight_type(model: onnx.ModelProto, rng: random.Random) -> None:
    rng.choice(model.graph.initializer).data_type = rng.choice((0, 2, 7, 8, 9, 11, 16, 77))


def wrong_weight_shape(model: onnx.ModelProto, rng: random.Random) -> None:
    tensor = rng.choice(model.graph.initializer)
    dims = rng.choice(([-1], [0], [3, 5, 7], [rng.choice(HUGE)], [rng.choice(HUGE)] * 4))
    del tensor.dims[:]
    tensor.dims.extend(dims)


def short_weight(model: onnx.ModelProto, rng: random.Random) -> None:
    tensor = rng.choice(model.graph.initializer)
    tensor.raw_data = tensor.raw_data[: len(tensor.raw_data) // 2]
    del tensor.float_data[:]
    del tensor.int64_data[:]


def missing_weight(model: onnx.ModelProto, rng: random.Random) -> None:
    del model.graph.initializer[rng.randrange(len(model.graph.initializer))]


def external_weight(model: onnx.ModelProto, rng: random.Random) -> None:
    tensor = rng.choice(model.graph.initializer)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    location = rng.choice(("/etc/passwd", "../../etc/passwd", "missing.bin", "", ".", "a\0b"))
    for key, value in (("location", location), ("offset", rng.choice(("0", "-1", "x", "9" * 30)))):
        tensor.external_data.add(key=key, value=value)


def absurd_input(model: onnx.ModelProto, rng: random.Random) -> None:
    dims = rng.choice(model.graph.input).type.tensor_type.shape.dim
    if not dims:
        dims.add()
    for dim in dims:
        dim.dim_value = rng.choice((*HUGE, -3, 0, 1))


def cycle(model: onnx.ModelProto, rng: random.Random) -> None:
    first, last = model.graph.node[0], model.graph.node[-1]
    first.input[0] = last.output[0]


def own_input(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice([n for n in model.graph.node if n.input])
    node.input[0] = node.output[0]


def unknown_name(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice([n for n in model.graph.node if n.input])
    node.input[rng.randrange(len(node.input))] = "nobody"


def too_few_inputs(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice([n for n in model.graph.node if n.input])
    del node.input[rng.randrange(len(node.input)) :]


def too_many_inputs(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice([n for n in model.graph.node if n.input])
    node.input.extend([node.input[0]] * 9)


def twice_defined(model: onnx.ModelProto, rng: random.Random) -> None:
    model.graph.node.append(model.graph.node[rng.randrange(len(model.graph.node))])


def unknown_operator(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice(model.graph.node)
    node.op_type = rng.choice(("Convolve", "", "Conv\n", "If", "Loop", "a" * 3000))


def other_operator(model: onnx.ModelProto, rng: random.Random) -> None:
    names = ("MatMul", "Concat", "Gather", "Resize", "LSTM", "Split", "Einsum", "TopK", "Scan")
    rng.choice(model.graph.node).op_type = rng.choice(names)


def unknown_domain(model: onnx.ModelProto, rng: random.Random) -> None:
    rng.choice(model.graph.node).domain = "nowhere"


def wrong_attribute_type(model: onnx.ModelProto, rng: random.Random) -> None:
    node = rng.choice([n for n in model.graph.node if n.attribute] or list(model.graph.node))
    for attribute in node.attribute:
        attribute.CopyFrom(helper.make_attribute(attribute.name, rng.choice((1.5, "x", [1.5], 3))))


def absurd_attribute(model: onnx.ModelProto, rng: random.Random) -> None:
    nodes = [n for n in model.graph.node if any(len(a.ints) for a in n.attribute)]
    for attribute in rng.choice(nodes or list(model.graph.node)).attribute:
        for i in range(len(attribute.ints)):
            attribute.ints[i] = rng.choice((*HUGE, -1, 0, -(2**62), 10**6))


def unknown_attribute(model: onnx.ModelProto, rng: random.Random) -> None:
    rng.choice(model.graph.node).attribute.append(helper.make_attribute("colour", "blue"))


def missing_output(model: onnx.ModelProto, rng: random.Random) -> None:
    model.graph.output[0].name = "nobody"


def no_outputs(model: onnx.ModelProto, rng: random.Random) -> None:
    del model.graph.output[:]


def no_nodes(model: onnx.ModelProto, rng: random.Random) -> None:
    del model.graph.node[:]


def wrong_opset(model: onnx.ModelProto, rng: random.Random) -> None:
    model.opset_import[0].version = rng.choice((-1, 0, 1, 10**6, 2**62))


def recursive_function(model: onnx.ModelProto, rng: random.Random) -> None:
    node = helper.make_node("F", ["x"], ["y"], domain="own")
    opsets = [helper.make_opsetid("own", 1)]
    model.functions.append(helper.make_function("own", "F", ["x"], ["y"], [node], opsets))
    model.opset_import.append(helper.make_opsetid("own", 1))
    chosen = rng.choice(model.graph.node)
    chosen.op_type, chosen.domain = "F", "own"


def deep_nesting(model: onnx.ModelProto, rng: random.Random) -> None:
    """Conditions inside conditions, more than a stack holds."""
    output = helper.make_tensor_value_info("z", TensorProto.FLOAT, None)
    graph = helper.make_graph([helper.make_node("Relu", ["q"], ["z"])], "g", [], [output])
    for _ in range(30):
        node = helper.make_node("If", ["q"], ["z"], then_branch=graph, else_branch=graph)
        shallow = helper.make_graph([node], "g", [], [output])
        graph = shallow if shallow.ByteSize() < 10**6 else graph
    model.graph.node.append(graph.node[0])


BYTES = (truncated, bit_flipped, random_bytes, spliced)
PROTOS: tuple[Mutation, ...] = (
    wrong_input_type,
    wrong_weight_type,
    wrong_weight_shape,
    short_weight,
    missing_weight,
    external_weight,
    absurd_input,
    cycle,
    own_input,
    unknown_name,
    too_few_inputs,
    too_many_inputs,
    twice_defined,
    unknown_operator,
    other_operator,
    unknown_domain,
    wrong_attribute_type,
    absurd_attribute,
    unknown_attribute,
    missing_output,
    no_outputs,
    no_nodes,
    wrong_opset,
    recursive_function,
    deep_nesting,
)


def broken(sound: list[bytes], count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """`count` pairs (kind of damage, file contents), the kinds in turn."""
    kinds = [*PROTOS, *BYTES]
    for i in range(count):
        rng = random.Random(f"{seed}/{i}")
        kind, data = kinds[i % len(kinds)], rng.choice(sound)
        if kind in BYTES:
            yield kind.__name__, kind(data, rng)  # type: ignore[arg-type, return-value]
            continue
        model = onnx.ModelProto.FromString(data)
        try:
            kind(model, rng)  # type: ignore[arg-type]
        except (IndexError, ValueError):  # nothing of this kind to damage
            continue
        yield kind.__name__, model.SerializeToString()


def sound_models(folder: Path | None = None) -> list[bytes]:
    """The smallest models of a folder, and a few made here."""
    from onnx_models import dense

    made = [dense(2).SerializeToString()]
    files = sorted(folder.glob("*.onnx"), key=lambda p: p.stat().st_size)[:4] if folder else []
    return [*made, *(path.read_bytes() for path in files)]
