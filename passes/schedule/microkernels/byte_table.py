"""Tables of 256 bytes, read by all lanes of a vector at once.

    %y = memref.load %table[%i]  ->  two vpermi2b over halves of the table in four registers, and a
                                     choice by the highest bit of the index

AVX512-VBMI picks bytes out of two registers by the lowest 7 bits of each index byte. Machines
without it load the bytes one by one.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import dialect, ir

ENTRIES, REGISTER = 256, 64
# As /proc/cpuinfo spells it.
FEATURE = "avx512vbmi"
PERMUTE = "llvm.x86.avx512.vpermi2var.qi.512"
WORD_LANES = 16


def is_table_read(op: Any) -> bool:
    """A load from a table of bytes, at an index widened from a byte."""
    if op.name != "memref.load" or len(op.operands) != 2:
        return False
    memref, index = op.operands
    if str(memref.type).split(",")[0].rstrip(">") != f"memref<{ENTRIES}xi8":
        return False
    return not isinstance(index.owner, ir.Block) and index.owner.name == "arith.index_castui"


def has_permutation(op: Any) -> bool:
    """Whether the target of the module around `op` picks bytes out of two registers."""
    while op.parent is not None:
        op = op.parent.operation
    return target.of_module(op).has(FEATURE)


def table_registers(memref: Any) -> list[Any]:
    """The table in four vectors, loaded at the insertion point."""
    wide = ir.VectorType.get([REGISTER], _byte())
    firsts = [_index(first) for first in range(0, ENTRIES, REGISTER)]
    return [dialect("vector").load(wide, memref, [first]) for first in firsts]


def permuted(registers: list[Any], indices: Any) -> Any:
    """The bytes at the indices in a vector of 16, which are bytes or words."""
    arith, vector = dialect("arith"), dialect("vector")
    wide = ir.VectorType.get([REGISTER], _byte())
    word = ir.VectorType.get([WORD_LANES], ir.IntegerType.get_signless(32))
    words = indices if indices.type == word else arith.extui(word, indices)
    at = vector.bitcast(wide, words)
    first, second, third, fourth = registers
    low, high = _permute(first, at, second), _permute(third, at, fourth)
    zero = arith.ConstantOp(
        wide, ir.DenseElementsAttr.get_splat(wide, ir.IntegerAttr.get(_byte(), 0))
    )
    is_high = arith.cmpi(arith.CmpIPredicate.slt, at, zero.result)
    chosen = vector.bitcast(words.type, arith.select(is_high, high, low))
    return arith.trunci(ir.VectorType.get([WORD_LANES], _byte()), chosen)


def gathered(memref: Any, indices: Any, lanes: int) -> Any:
    """The bytes at a vector of indices, one by one."""
    vector, arith = dialect("vector"), dialect("arith")
    narrow = ir.VectorType.get([lanes], _byte())
    bit = ir.IntegerType.get_signless(1)
    mask = ir.VectorType.get([lanes], bit)
    one = ir.DenseElementsAttr.get_splat(mask, ir.IntegerAttr.get(bit, 1))
    zero = ir.DenseElementsAttr.get_splat(narrow, ir.IntegerAttr.get(_byte(), 0))
    everywhere, nothing = arith.ConstantOp(mask, one), arith.ConstantOp(narrow, zero)
    first = [_index(0)]
    return vector.gather(narrow, memref, first, indices, everywhere.result, nothing.result)


def _permute(first: Any, at: Any, second: Any) -> Any:
    return ir.Operation.create(
        "llvm.call_intrinsic",
        results=[at.type],
        operands=[first, at, second],
        attributes={
            "intrin": ir.StringAttr.get(PERMUTE),
            "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([3, 0]),
        },
    ).results[0]


def _byte() -> Any:
    return ir.IntegerType.get_signless(8)


def _index(value: int) -> Any:
    index = ir.IndexType.get()
    return dialect("arith").ConstantOp(index, ir.IntegerAttr.get(index, value)).result
