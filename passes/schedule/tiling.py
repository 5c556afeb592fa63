"""The tile-and-fuse sequence every compute schedule is made of, as transform-dialect text.

The root (the operation that makes the kernel's result) is tiled twice, each time pulling its
producers (contraction, fill) into the tile: outer tiles for the caches and the threads, register
tiles for the micro-kernel. A loop whose tile does not divide its extent is peeled, so that every
tile has a static shape and no mask over rows is ever needed.

    transform.structured.fuse %root tile_sizes [48, 1, 0] {use_forall}
    transform.structured.fuse %tile tile_sizes [6, 0, 0], transform.loop.peel
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROOT_MARK = "aicc.root"

_ANY = "!transform.any_op"
_FOR = '!transform.op<"scf.for">'
_OP = f"({_ANY}) -> {_ANY}"

_HEADER = """module attributes {transform.with_named_sequence} {
transform.named_sequence @schedule(%kernel: !transform.any_op {transform.readonly}) {
"""
_FOOTER = """  transform.apply_patterns to %kernel {
    transform.apply_patterns.canonicalization
    transform.apply_patterns.linalg.tiling_canonicalization
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice
  } : !transform.any_op
  transform.apply_cse to %kernel : !transform.any_op
  transform.yield
}
}
"""


def generalize_sequence() -> str:
    """Named operations (conv, batch matmul, fill) become linalg.generic, attributes kept.

    Reshapes of an uninitialised tensor fold away, so that its writer is seen to own it.
    """
    return (
        _HEADER
        + "  transform.apply_patterns to %kernel {\n"
        + "    transform.apply_patterns.tensor.fold_tensor_empty\n  } : !transform.any_op\n"
        + f"  %named = transform.structured.match interface{{LinalgOp}} in %kernel : {_OP}\n"
        + f"  %generic = transform.structured.generalize %named : {_OP}\n"
        + "  transform.yield\n}\n}\n"
    )


@dataclass(frozen=True)
class TileJob:
    """Tile the operation marked `aicc.root = <mark>`; sizes are per dimension of its result."""

    mark: int
    shape: tuple[int, ...]
    outer: tuple[int, ...]
    register: tuple[int, ...]
    order: tuple[int, ...]
    parallel: bool


def tile_sequence(jobs: Sequence[TileJob]) -> str:
    """Tile marked operations to outer, then register tiles; fuse the producers, peel the rest."""
    lines = [line for job in jobs for line in _tile(job)]
    return _HEADER + "\n".join(lines) + "\n" + _FOOTER


def _tile(job: TileJob) -> list[str]:
    root, block, tile = (f"%{name}{job.mark}" for name in ("root", "block", "tile"))
    outer = effective_tiles(job.shape, job.outer)
    inner_shape = [size or extent for size, extent in zip(outer, job.shape, strict=True)]
    register = effective_tiles(inner_shape, job.register)
    match = f"attributes{{{ROOT_MARK} = {job.mark} : i64}}"
    return [
        f"  {root} = transform.structured.match {match} in %kernel : {_OP}",
        *_fuse(root, block, outer, job.order, job.parallel),
        *_fuse(block if any(outer) else root, tile, register, job.order, False),
        *_peel(tile, inner_shape, register, job.order),
    ]


def effective_tiles(shape: Sequence[int], tiles: Sequence[int]) -> list[int]:
    """Tile sizes with 0 wherever the tile covers the whole dimension (no loop needed)."""
    return [0 if tile >= extent else tile for tile, extent in zip(tiles, shape, strict=True)]


def _fuse(
    source: str, result: str, tiles: Sequence[int], order: Sequence[int], parallel: bool
) -> list[str]:
    if not any(tiles):
        return []
    loops = _loop_dims(tiles, order)
    names = [f"{result}_all"] if parallel else [f"{result}_{dim}" for dim in loops]
    types = [_ANY] + ([_ANY] if parallel else [_FOR] * len(loops))
    interchange = f" interchange {list(order)}" if list(order) != sorted(order) else ""
    flag = " {use_forall}" if parallel else ""
    return [
        f"  {', '.join([result, *names])} = transform.structured.fuse {source}"
        f" tile_sizes {list(tiles)}{interchange}{flag} : ({_ANY}) -> ({', '.join(types)})"
    ]


def _peel(
    result: str, shape: Sequence[int], tiles: Sequence[int], order: Sequence[int]
) -> list[str]:
    """Innermost first: an outer peel then copies loops that are already exact."""
    return [
        f"  {result}_{dim}_main, {result}_{dim}_rest = transform.loop.peel {result}_{dim}"
        f" : ({_FOR}) -> ({_ANY}, {_ANY})"
        for dim in reversed(_loop_dims(tiles, order))
        if shape[dim] % tiles[dim]
    ]


def _loop_dims(tiles: Sequence[int], order: Sequence[int]) -> list[int]:
    return [dim for dim in order if tiles[dim]]
