"""What may be done in place is decided from loops and indices; here it is checked by running them.

Random kernels read %x and write %y in loops. Wherever the analysis lets %y lie over %x, running
the kernel so, in any order of parallel iterations, must leave the same results as apart.
"""

import itertools
import random
from dataclasses import dataclass

from aicc._mlir import context, ir
from aicc.passes.buffers.footprints import Kernel
from aicc.passes.buffers.in_place import may_overwrite

ROWS, COLUMNS = 6, 8


@dataclass(frozen=True)
class Access:
    """`length` elements from [row_factor * i + row, column_factor * j + column] on."""

    writes: bool
    row_factor: int
    row: int
    column_factor: int
    column: int
    length: int

    def cells(self, i: int, j: int) -> list[tuple[int, int]]:
        start = self.column_factor * j + self.column
        return [(self.row_factor * i + self.row, start + k) for k in range(self.length)]


@dataclass(frozen=True)
class Nest:
    """Loops over i and j around accesses; the outer one may be parallel."""

    is_parallel: bool
    i_step: int
    j_step: int
    accesses: tuple[Access, ...]

    def iterations(self) -> list[list[tuple[int, int]]]:
        """Per iteration of the outer loop those of the inner one."""
        columns = range(0, COLUMNS, self.j_step)
        return [[(i, j) for j in columns] for i in range(0, ROWS, self.i_step)]


def random_nest(chance: random.Random) -> Nest:
    i_step, j_step = chance.choice([1, 2, 3, 6]), chance.choice([1, 2, 4, 8])
    accesses: list[Access] = []
    while len(accesses) < chance.randrange(2, 5):
        a = Access(
            chance.random() < 0.5,
            chance.choice([1, 1, 1, 0]),
            chance.randrange(i_step) if chance.random() < 0.9 else chance.randrange(ROWS),
            chance.choice([1, 1, 1, 0]),
            chance.randrange(j_step) if chance.random() < 0.9 else chance.randrange(COLUMNS),
            chance.choice([1, j_step, chance.randrange(1, COLUMNS + 1)]),
        )
        last_i, last_j = ROWS - i_step, COLUMNS - j_step
        fits = a.row_factor * last_i + a.row < ROWS
        if fits and a.column_factor * last_j + a.column + a.length <= COLUMNS:
            accesses.append(a)
    return Nest(chance.random() < 0.5, i_step, j_step, tuple(accesses))


def text_of(nests: list[Nest]) -> str:
    type_ = f"memref<{ROWS}x{COLUMNS}xf32>"
    bounds = sorted({0, ROWS, COLUMNS, *(s for n in nests for s in (n.i_step, n.j_step))})
    lines = [f"func.func private @k(%x: {type_}, %y: {type_}) {{"]
    lines += [f"%c{b} = arith.constant {b} : index" for b in bounds]
    for number, nest in enumerate(nests):
        if nest.is_parallel:
            lines.append(f"scf.forall (%i) = (0) to ({ROWS}) step ({nest.i_step}) {{")
        else:
            lines.append(f"scf.for %i = %c0 to %c{ROWS} step %c{nest.i_step} {{")
        lines.append(f"scf.for %j = %c0 to %c{COLUMNS} step %c{nest.j_step} {{")
        for i, a in enumerate(nest.accesses):
            lines += access_text(a, f"{number}_{i}", type_)
        lines += ["}", "}"]
    return "\n".join([*lines, "return", "}"])


def access_text(a: Access, name: str, type_: str) -> list[str]:
    vector = f"vector<{a.length}xf32>"
    lines = [
        f"%r{name} = affine.apply affine_map<(d) -> (d * {a.row_factor} + {a.row})>(%i)",
        f"%s{name} = affine.apply affine_map<(d) -> (d * {a.column_factor} + {a.column})>(%j)",
    ]
    place = f"[%r{name}, %s{name}] : {type_}, {vector}"
    if a.writes:
        value = f"%v{name} = arith.constant dense<1.0> : {vector}"
        return [*lines, value, f"vector.store %v{name}, %y{place}"]
    return [*lines, f"%v{name} = vector.load %x{place}"]


def run(nests: list[Nest], shared: bool, backwards: bool) -> dict[tuple[int, int], float]:
    """The cells of %y that were written; every store stores a sum of all loads so far."""
    x = {(r, c): 1.0 + 97 * r + c for r in range(ROWS) for c in range(COLUMNS)}
    y = x if shared else dict.fromkeys(x, 0.0)
    written: set[tuple[int, int]] = set()
    for nest in nests:
        outer = nest.iterations()
        for inner in reversed(outer) if backwards and nest.is_parallel else outer:
            seen = 0.0  # parallel iterations know nothing of each other
            for (i, j), a in itertools.product(inner, nest.accesses):
                for k, cell in enumerate(a.cells(i, j)):
                    if a.writes:
                        y[cell] = seen + k
                        written.add(cell)
                    else:
                        seen = seen * 1.5 % 1009 + x[cell]
    return {cell: y[cell] for cell in written}


def allows(nests: list[Nest]) -> bool:
    with context(), ir.Location.unknown():
        module = ir.Module.parse(text_of(nests))
        kernel = Kernel(module.body.operations[0])
        source, result = kernel.body.arguments
        return may_overwrite(kernel, source, result)


def test_what_is_allowed_changes_no_result() -> None:
    chance = random.Random(2)
    allowed = harmless = 0
    for _ in range(500):
        nests = [random_nest(chance) for _ in range(chance.choice([1, 1, 2]))]
        apart = run(nests, shared=False, backwards=False)
        same = all(
            run(nests, True, backwards) == run(nests, False, backwards)
            for backwards in (False, True)
        )
        if allows(nests):
            assert same, text_of(nests)
            allowed += bool(apart)
        harmless += same and bool(apart)
    # the analysis gives up on little that is harmless
    assert allowed > 80
    assert allowed > harmless / 3
