"""Code for chunks of rows: lowered once, and the loop that calls them.

The loop is written in the LLVM dialect. A chunk takes its rows where the one before it ended; what
does not go by rows is the same for all chunks, and so is their workspace, which lies on the stack.

    ^more(%left, %a, %out):   cond_br %left > 0, ^do, ^next
    ^do:                      call @rows_16(%a, %weights, %out); br ^more(%left - 1, %a + .., ..)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.codegen.emit import Emitter
from aicc.dynamic.chunks import Chunk, counts_of
from aicc.dynamic.skeleton import SLOT, Skeleton, Slot
from aicc.passes.buffers.footprints import Kernel
from aicc.passes.buffers.in_place import may_overwrite
from aicc.passes.driver import Pipeline
from aicc.passes.signature import argument_attrs, functions_of, set_argument_attrs
from aicc.phases import pipeline_to

IN_PLACE, WORKSPACE, MAY_ALIAS = "aicc.in_place", "aicc.workspace", "aicc.may_alias"
PART = "aicc.part"
MAX_WORKSPACE = 256 << 10  # bytes on the stack
LINE_BYTES = 64


@dataclass(frozen=True)
class ChunkCode:
    """`functions`: the text of the kernels; `over`: which input a result may be written over.

    `workspaces`: bytes of each, by the rows of the kernel that takes them.
    """

    functions: str
    over: frozenset[tuple[int, int]]
    workspaces: dict[int, list[int]]

    @property
    def shared(self) -> list[int]:
        """Bytes of workspaces that serve all kernels."""
        return [max(sizes) for sizes in zip_longest(*self.workspaces.values(), fillvalue=0)]


def lowered(chunk: Chunk, emitter: Emitter) -> ChunkCode | None:
    """The chunk's kernels in the LLVM dialect; None if they need too much memory of their own."""
    functions, allowed = [], None
    workspaces = {}
    for rows, text in chunk.texts:
        module = ir.Module.parse(text)
        for phase in ("schedule", "buffers"):
            Pipeline(pipeline_to(phase, module), verify_each=False).run(module)
        found = _overwritable(module, chunk)
        if found is None:
            return None
        allowed = found if allowed is None else allowed & found
        workspaces[rows] = _workspaces(module, chunk)
        module = emitter.lowered(str(module.operation.get_asm(assume_verified=True)))
        for view in module.operation.regions[0].blocks[0].operations:
            op = view.operation
            if op.name == "llvm.func" and op.regions[0].blocks:
                _strip(op)
            elif op.name != "llvm.func":
                return None
            functions.append(str(op.get_asm(assume_verified=True, use_local_scope=True)))
    text = "\n".join(dict.fromkeys(functions))
    code = ChunkCode(text, frozenset(allowed or ()), workspaces)
    return code if sum(code.shared) <= MAX_WORKSPACE else None


def _workspaces(module: Any, chunk: Chunk) -> list[int]:
    """Bytes of the arguments behind those of the chunk."""
    (function,) = functions_of(module.operation)
    return [_bytes(type_) for type_ in function.type.inputs[len(chunk.strides) :]]


def _strip(op: Any) -> None:
    for name in [n for n in op.attributes if n.startswith("aicc.") or n == "sym_visibility"]:
        del op.attributes[name]
    if "arg_attrs" in op.attributes:
        op.attributes["arg_attrs"] = ir.ArrayAttr.get(
            [
                ir.DictAttr.get(
                    {a.name: a.attr for a in ir.DictAttr(row) if a.name.startswith("llvm.")}
                )
                for row in op.attributes["arg_attrs"]
            ]
        )


def _overwritable(module: Any, chunk: Chunk) -> set[tuple[int, int]] | None:
    """Pairs of input and result that may lie in one place; they are marked so."""
    (function,) = functions_of(module.operation)
    count = len(chunk.strides)
    behind = argument_attrs(function)[count:]
    if len(function.type.inputs) < count or any(WORKSPACE not in row for row in behind):
        return None
    kernel = Kernel(function)
    arguments = list(function.operation.regions[0].blocks[0].arguments)[:count]
    found = {
        (i, r)
        for i in range(chunk.inputs)
        for r in range(chunk.inputs, len(arguments))
        if chunk.strides[i] == chunk.strides[r] is not None
        and may_overwrite(kernel, arguments[i], arguments[r])
    }
    attrs = argument_attrs(function)
    for number in {n for pair in found for n in pair}:
        attrs[number][MAY_ALIAS] = ir.UnitAttr.get()
    set_argument_attrs(function, attrs)
    return found


def operands_of(function: Any, chunk: Chunk, code: ChunkCode, rows: int) -> list[int] | None:
    """For each argument of the chunk, the argument of the planned kernel that holds it.

    None if the plan asks for what the chunk cannot do: parts of buffers, or results in the place
    of operands that are still read.
    """
    attrs = argument_attrs(function)
    own = [n for n, entries in enumerate(attrs) if WORKSPACE not in entries]
    if any(PART in attrs[n] or MAY_ALIAS in attrs[n] for n in own):
        return None
    over = {int(attrs[n][IN_PLACE].value): n for n in own if IN_PLACE in attrs[n]}
    inputs = [n for n in range(chunk.inputs) if n not in over]
    targets = [*inputs, *range(chunk.inputs, len(chunk.strides))]
    if len(targets) != len(own):
        return None
    found = dict(zip(targets, own, strict=True))
    for source, argument in over.items():
        result = next((t for t, n in found.items() if n == argument), -1)
        if (source, result) not in code.over:
            return None
        found[source] = argument
    order = [found[n] for n in range(len(chunk.strides))]
    types = [function.type.inputs[n] for n in order]
    fits = all(map(_is_whole, types, chunk.strides, [rows] * len(types)))
    return order if fits else None


def _is_whole(type_: Any, stride: int | None, rows: int) -> bool:
    """A buffer without gaps, of just these rows."""
    if not isinstance(type_, ir.MemRefType):
        return False
    if type_ != ir.MemRefType.get(type_.shape, type_.element_type):
        return False
    return stride is None or _bytes(type_) == stride * rows


def _bytes(type_: Any) -> int:
    size = max(8, type_.element_type.width) // 8
    return int(size * prod(type_.shape))


def loop_of(
    chunk: Chunk,
    code: ChunkCode,
    order: Sequence[int],
    arguments: int,
    rows: int,
    attributes: str,
) -> Skeleton:
    """The kernel for any number of rows; how many chunks of each size are its constants."""
    sizes = [size for size, _ in chunk.texts]
    counts = counts_of(sizes, rows)
    inputs = ", ".join(f"%v{n}: !llvm.ptr" for n in range(arguments))
    moving = [n for n, stride in enumerate(chunk.strides) if stride is not None]
    lines = [
        f"llvm.func @code({inputs}) attributes {{{attributes}}} {{",
        "%one = llvm.mlir.constant(1 : i64) : i64",
        "%none = llvm.mlir.constant(0 : i64) : i64",
        *_stack(code.shared),
        _branch("more0", [SLOT, *(f"%v{order[n]}" for n in moving)]),
    ]
    for step, size in enumerate(sizes):
        following = f"more{step + 1}" if step + 1 < len(sizes) else ""
        spaces = [f"%w{n}" for n in range(len(code.workspaces[size]))]
        lines += _stage(chunk, order, spaces, step, size, following)
    lines += ["^end:", "llvm.return", "}"]
    slots = tuple(Slot(f"{count} : i64", "i64", True) for count in counts)
    return Skeleton("\n".join(lines), slots, ())


def _branch(label: str, values: Sequence[str]) -> str:
    types = ", ".join(["i64", *["!llvm.ptr"] * (len(values) - 1)])
    return f"llvm.br ^{label}({', '.join(values)} : {types})"


def _stack(sizes: Sequence[int]) -> list[str]:
    """Workspaces %w0, %w1, .. of these bytes."""
    lines = []
    for n, size in enumerate(sizes):
        lines.append(f"%s{n} = llvm.mlir.constant({size} : i64) : i64")
        alloca = f"llvm.alloca %s{n} x i8 {{alignment = {LINE_BYTES} : i64}}"
        lines.append(f"%w{n} = {alloca} : (i64) -> !llvm.ptr")
    return lines


def _stage(
    chunk: Chunk,
    order: Sequence[int],
    spaces: Sequence[str],
    step: int,
    size: int,
    following: str,
) -> list[str]:
    """The loop over chunks of one size."""
    strides = chunk.strides
    at = {n: f"%x{step}_{n}" for n, stride in enumerate(strides) if stride is not None}
    called = [*(at.get(n, f"%v{order[n]}") for n in range(len(strides))), *spaces]
    types = ", ".join(["!llvm.ptr"] * len(called))
    parameters = ", ".join([f"%l{step}: i64", *(f"{name}: !llvm.ptr" for name in at.values())])
    lines = [
        f"^more{step}({parameters}):",
        f'%c{step} = llvm.icmp "sgt" %l{step}, %none : i64',
        f"llvm.cond_br %c{step}, ^do{step}, ^done{step}",
        f"^do{step}:",
        f"llvm.call @rows_{size}({', '.join(called)}) : ({types}) -> ()",
        f"%m{step} = llvm.sub %l{step}, %one : i64",
    ]
    nexts = [f"%m{step}"]
    for n, name in at.items():
        bytes_ = size * (strides[n] or 0)
        lines.append(
            f"%y{step}_{n} = llvm.getelementptr {name}[{bytes_}] : (!llvm.ptr) -> !llvm.ptr, i8"
        )
        nexts.append(f"%y{step}_{n}")
    lines += [_branch(f"more{step}", nexts), f"^done{step}:"]
    lines.append(_branch(following, [SLOT, *at.values()]) if following else "llvm.br ^end")
    return lines
