"""How the work of a recurrent layer is split: among threads, and into tiles.

Sequences know nothing of each other: a thread that has some of them walks through all steps alone,
and reads all recurrence weights in each. `tile-recurrences` can split the hidden units instead,
which reads the weights once, but the threads meet in every step.
"""

from __future__ import annotations

from dataclasses import dataclass

from aicc.passes.schedule.register_cost import SPARE_REGISTERS, max_rows
from aicc.target import Target

# What one core does: multiplications and additions, bytes of weights from its second-level cache.
OPERATIONS_PER_SECOND, BYTES_PER_SECOND = 200e9, 180e9
# For threads to meet, and to hand each other the state.
MEETING_SECONDS = 3e-6
# All steps together must take so long on one thread that the whole model will have several.
WORTH_SECONDS = 100e-6


@dataclass(frozen=True)
class Recurrence:
    """Sizes of a layer; `element_bytes` are those of a weight."""

    steps: int
    batch: int
    gates: int
    hidden: int
    element_bytes: int = 4

    @property
    def weight_bytes(self) -> int:
        """The recurrence weights."""
        return self.gates * self.hidden**2 * self.element_bytes

    def step_seconds(self, sequences: int, threads: int = 1) -> float:
        """A step of some sequences, the units shared by threads."""
        operations = 2 * sequences * self.gates * self.hidden**2
        seconds = max(operations / OPERATIONS_PER_SECOND, self.weight_bytes / BYTES_PER_SECOND)
        return seconds / threads + (MEETING_SECONDS if threads > 1 else 0.0)

    @property
    def is_long(self) -> bool:
        """Whether a step takes longer than threads need to meet."""
        return self.step_seconds(self.batch) >= MEETING_SECONDS


def batch_parts(layer: Recurrence, machine: Target, threads: int) -> int:
    """Equal parts of the batch that run side by side; 1 where that is no gain."""
    fits = layer.weight_bytes <= machine.l2_bytes // machine.l2_cores // 2
    whole = layer.step_seconds(layer.batch)
    if threads == 1 or layer.steps == 1 or not fits or layer.steps * whole < WORTH_SECONDS:
        return 1
    parts = max(n for n in range(1, threads + 1) if layer.batch % n == 0)
    split = layer.step_seconds(layer.batch // parts)
    return parts if split < min(whole, layer.step_seconds(layer.batch, threads)) else 1


def tile_sizes(batch: int, gates: int, hidden: int, lanes: int, registers: int) -> tuple[int, int]:
    """(sequences, units) of a tile.

    The sums of one sequence take half of the registers. Several sequences share the weights: they
    take most of the registers, in equal parts of the batch.
    """
    limit = max(1, registers // 2 // gates)
    most = max(limit, max_rows(gates, registers - SPARE_REGISTERS))
    rows = -(-batch // -(-batch // most))
    fitting = [n for n in range(1, limit + 1) if max_rows(n * gates, registers) >= rows]
    vectors = min(limit if rows == 1 else max(fitting, default=1), -(-hidden // lanes))
    return rows, min(hidden, vectors * lanes)


def equal_units(hidden: int, units: int, lanes: int, threads: int) -> int:
    """The largest tile up to `units` that deals all units out evenly; 0 if none does."""
    sizes = range(units - units % lanes, 0, -lanes)
    return next((n for n in sizes if hidden % (n * threads) == 0), 0)


def panel_units(layer: Recurrence, gates: int, machine: Target, threads: int) -> int:
    """Units in a panel of packed weights, those of a tile of `gates` gates; 0: not to be packed."""
    parts, lanes = batch_parts(layer, machine, threads), machine.lanes()
    _, units = tile_sizes(
        layer.batch // parts, gates, layer.hidden, lanes, machine.vector_registers
    )
    sharing = threads if parts == 1 and layer.is_long else 1
    shared = equal_units(layer.hidden, units, lanes, sharing)
    return shared or equal_units(layer.hidden, units, lanes, 1)
