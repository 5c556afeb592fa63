"""What the cost model and the schedules see of a kernel function: its contraction and its root.

A compute kernel holds one operation that reduces (matmul, convolution, pooling) and a chain of
elementwise operations on its result. The last of the chain is the root: tiling it pulls the others
into the tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.schedule.microkernels.index_math import LinearForm, linear_map
from aicc.passes.schedule.register_cost import VECTOR_REGISTERS

# Elements of a narrow type that one instruction multiplies and adds into a lane, at most.
MAX_GROUP = 4

_FORWARDING = (
    "bufferization.materialize_in_destination",
    "tensor.collapse_shape",
    "tensor.expand_shape",
)


@dataclass(frozen=True)
class Contraction:
    """A reducing linalg operation in linear form; dimensions are those of its loop nest."""

    op: Any
    inputs: tuple[tuple[LinearForm, ...], ...]
    extents: tuple[int, ...]
    shape: tuple[int, ...]
    element_bytes: int
    registers: int = VECTOR_REGISTERS  # of the target, for its tile
    cache_bytes: int = 1024 * 1024  # of the target's second-level cache, a core's share
    matrix_rows: int = 0  # of a tile of the target's matrix unit, if the operands go there

    def even_rows(self, extent: int) -> int:
        """Rows of a tile for the matrix unit: equal parts of `extent`."""
        return -(-extent // -(-extent // self.matrix_rows))

    @property
    def lane_dim(self) -> int:
        return len(self.shape) - 1

    @property
    def reduction(self) -> tuple[int, ...]:
        return tuple(range(len(self.shape), len(self.extents)))

    def slides(self, form: LinearForm) -> bool:
        """Whether an index moves with the result and, by a window, with the reduction."""
        dims = [dim for dim, _ in form.terms]
        return any(d <= self.lane_dim for d in dims) and any(d > self.lane_dim for d in dims)

    def operations(self) -> int:
        """Multiply-adds counted as two operations."""
        total = 2
        for extent in self.extents:
            total *= extent
        return total


def runs_along(kernel: Contraction, forms: tuple[LinearForm, ...]) -> bool:
    """Whether consecutive lanes are consecutive in an operand: elements, or groups of a few."""
    lane = kernel.lane_dim
    if (lane, 1) in forms[-1].terms:
        return True
    if len(forms) < 2 or not forms[-2].is_dim(lane) or len(forms[-1].terms) != 1:
        return False
    inner = forms[-1].terms[0][0]
    return inner in kernel.reduction and kernel.extents[inner] <= MAX_GROUP


# A function with one of these plans is replaced as a whole after bufferisation; until then it must
# stay as it is.
PLANS = ("aicc.attention", "aicc.winograd", "aicc.windows", "aicc.top_k")


def kernel_functions(module: Any) -> list[Any]:
    """The kernels that schedules are for: with a body, `aicc.kernel`, and no plan of their own."""
    functions = [op.operation for op in module.operation.regions[0].blocks[0].operations]
    kernels = [f for f in functions if f.name == "func.func" and "aicc.kernel" in f.attributes]
    return [f for f in kernels if not any(plan in f.attributes for plan in PLANS)]


def threads_of(module: Any) -> int:
    """How many threads the kernels of a module may use."""
    attributes = module.operation.attributes
    return ir.IntegerAttr(attributes["aicc.threads"]).value if "aicc.threads" in attributes else 1


def linalg_ops(function: Any) -> list[Any]:
    """The linalg operations at the top level of a kernel, in order."""
    blocks = function.regions[0].blocks
    operations = [view.operation for block in blocks for view in block.operations]
    return [op for op in operations if op.name.startswith("linalg.") and len(op.results)]


def indexing_maps(op: Any) -> list[Any] | None:
    """The indexing maps of any linalg operation, named ones included."""
    if "indexing_maps" in op.attributes:
        return [attr.value for attr in ir.ArrayAttr(op.attributes["indexing_maps"])]
    attr = dialect("linalg").get_indexing_maps(op)
    return None if attr is None else [entry.value for entry in attr]


def is_reducing(op: Any) -> bool:
    """Whether some loop dimension does not appear in the result."""
    maps = indexing_maps(op)
    if not maps:
        return False
    return len({str(expr) for expr in maps[-1].results}) < maps[-1].n_dims


def contraction_of(op: Any) -> Contraction | str:
    """The linear form of a reducing operation, or the reason why it has none."""
    maps = indexing_maps(op)
    if not maps or len(op.results) != 1:
        return "not one result"
    linear = [linear_map(affine_map) for affine_map in maps]
    if any(forms is None for forms in linear):
        return "an indexing map is not linear"
    forms = [entry for entry in linear if entry is not None]
    result = ir.RankedTensorType(op.results[0].type)
    rank = result.rank
    if rank == 0 or not all(form.is_dim(axis) for axis, form in enumerate(forms[-1])):
        return "the result's dimensions are not the first loops in order"
    types = [value.type for value in op.operands]
    if not all(isinstance(t, ir.RankedTensorType) and t.has_static_shape for t in types):
        return "an operand has no static shape"
    extents = _extents(forms, types, maps[-1].n_dims)
    if extents is None:
        return "a dimension has no extent of its own"
    if 0 in extents:
        return "a dimension is empty"
    width = _bytes_of(result.element_type)
    return Contraction(op, tuple(forms[:-1]), extents, tuple(result.shape), width)


def _extents(forms: list[Any], types: list[Any], rank: int) -> tuple[int, ...] | None:
    known: dict[int, int] = {}
    for operand, tensor in zip(forms, types, strict=True):
        for axis, form in enumerate(operand):
            if len(form.terms) == 1 and form.is_dim(form.terms[0][0]):
                known[form.terms[0][0]] = tensor.shape[axis]
    return tuple(known[dim] for dim in range(rank)) if len(known) == rank else None


def _bytes_of(element: Any) -> int:
    return max(1, getattr(element, "width", 32) // 8)


def root_of(op: Any) -> Any:
    """The last operation of the elementwise chain that starts at `op`, `op` itself if none."""
    following = _only_user(op)
    while following is not None and _is_pointwise_on(following, op):
        op, following = following, _only_user(following)
    return op


def _only_user(op: Any) -> Any | None:
    uses = list(op.results[0].uses)
    owners = {use.owner.operation for use in uses}
    if len(owners) != 1:
        return None
    user = owners.pop()
    return user if user.name.startswith("linalg.") and len(user.results) == 1 else None


def _is_pointwise_on(user: Any, producer: Any) -> bool:
    """Whether `user` maps its result's elements one to one on the producer's elements."""
    maps = indexing_maps(user)
    shapes = {tuple(op.results[0].type.shape) for op in (user, producer)}
    if not maps or is_reducing(user) or len(shapes) > 1:
        return False
    identity = ir.AffineMap.get_identity(maps[-1].n_dims)
    outputs = list(user.operands)[len(maps) - 1 :]
    reads = [m for m, value in zip(maps, user.operands, strict=True) if value.owner == producer]
    return maps[-1] == identity and all(m == identity for m in reads) and len(outputs) == 1


def result_op(function: Any) -> Any | None:
    """The linalg operation that makes the kernel's only result, behind reshapes; None otherwise."""
    block = function.regions[0].blocks[0]
    returned = list(block.operations[len(block.operations) - 1].operands)
    if len(returned) != 1:
        return None
    owner = returned[0].owner
    while not isinstance(owner, ir.Block):
        op = owner.operation
        if op.name.startswith("linalg."):
            return op if len(op.results) == 1 else None
        if op.name not in _FORWARDING:
            return None
        owner = op.operands[0].owner
    return None
