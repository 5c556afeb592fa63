"""Options that several commands share, and their values as Python data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class DimType(click.ParamType):
    """`NAME=SIZE`, e.g. `batch=1`."""

    name = "name=size"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """("batch", 1)"""
        name, equals, size = str(value).rpartition("=")
        if not equals or not name or not size.isdecimal():
            self.fail(f"'{value}' is not NAME=SIZE, e.g. batch=1", param, ctx)
        return name, int(size)


class ShapeType(click.ParamType):
    """`INPUT=D,D,...`, e.g. `input=1,3,224,224`; `input=` is a scalar."""

    name = "input=d,d,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[int, ...]]:
        """("input", (1, 3, 224, 224))"""
        name, equals, sizes = str(value).rpartition("=")
        parts = [part for part in sizes.replace("x", ",").split(",") if part]
        if not equals or not name or not all(part.isdecimal() for part in parts):
            self.fail(f"'{value}' is not INPUT=D,D,..., e.g. input=1,3,224,224", param, ctx)
        return name, tuple(int(part) for part in parts)


def shape_options(command: Command) -> Command:
    """--shape and --dim, as lists of pairs."""
    shape = click.option(
        "--shape", "shapes", type=ShapeType(), multiple=True, help="Shape of an input, by name."
    )
    dim = click.option(
        "--dim", "dims", type=DimType(), multiple=True, help="Size of a named open dimension."
    )
    return shape(dim(command))


def input_options(command: Command) -> Command:
    """--input and --seed: what a model is run on."""
    given = click.option(
        "--input",
        "inputs",
        multiple=True,
        help="NAME=FILE.npy, or FILE.npz (else: random numbers).",
    )
    seed = click.option(
        "--seed", type=click.IntRange(0), default=0, help="Seed of the random inputs."
    )
    return given(seed(command))


def threads_option(command: Command) -> Command:
    """--threads."""
    return click.option(
        "--threads",
        type=click.IntRange(1),
        help="Threads to compile for and run with (default: AICC_THREADS, else all cores).",
    )(command)


def is_ir(path: str) -> bool:
    """True for a file of MLIR text, by its name."""
    return path.endswith(".mlir")


def refuse_shapes(path: str, shapes: Any, dims: Any) -> None:
    """Where shapes are fixed already, giving some is a mistake to name, not to ignore."""
    if shapes or dims:
        kind = "IR text" if is_ir(path) else "an artefact"
        raise click.UsageError(f"'{path}' is {kind}, whose shapes are fixed: no --shape, no --dim")


def compilation_options(command: Command) -> Command:
    """-O, --target, --strict-fp and the like, under the names of `aicc.compile`."""
    for option in (
        click.option(
            "--dynamic",
            is_flag=True,
            help="Code that all shapes share: a new shape is planned, not compiled.",
        ),
        click.option(
            "--target", help="CPU to compile for: x86-64-v3, x86-64-v4, znver4 ... (default: host)."
        ),
        click.option(
            "--winograd",
            type=click.Choice(["auto", "off", "2", "4"]),
            help="3x3 convolutions by Winograd's algorithm: where it is faster (default), nowhere,"
            " or always, by tiles of 2 or 4.",
        ),
        click.option(
            "--precision",
            type=click.Choice(["f32", "bf16"]),
            help="bf16: products of operands rounded to 8 bits of mantissa, where the CPU has"
            " instructions for them (default: f32).",
        ),
        click.option(
            "--disable-pattern",
            "disabled_patterns",
            multiple=True,
            help="A rewrite never to apply (aicc-opt --list-patterns names them).",
        ),
        click.option(
            "--unsafe-fp", is_flag=True, help="Also rewrites that may lose NaN, precision."
        ),
        click.option("--strict-fp", is_flag=True, help="No contraction, no reassociation of sums."),
        click.option(
            "-O",
            "opt_level",
            type=click.IntRange(0, 3),
            help="Optimisation level (default: 3); 0 keeps every op as the model has it.",
        ),
    ):
        command = option(command)
    return command


# What `compilation_options` and `threads_option` give, by the names of `aicc.compile`.
DECIDED_AT_IMPORT = (
    "opt_level",
    "strict_fp",
    "unsafe_fp",
    "disabled_patterns",
    "winograd",
    "precision",
    "target",
    "dynamic",
)


def chosen_options(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, for `aicc.compile` and `aicc.import_onnx`."""
    given = {name: arguments[name] for name in ("threads", *DECIDED_AT_IMPORT)}
    return {n: v for n, v in given.items() if not (v is None or v is False or v == ())}


def refuse_options(path: str, arguments: Mapping[str, Any]) -> None:
    """IR text and artefacts hold their options: giving some is a mistake to name."""
    given = [name for name in chosen_options(arguments) if name != "threads"]
    if given:
        flag = {"opt_level": "-O", "disabled_patterns": "--disable-pattern"}
        name = flag.get(given[0], f"--{given[0].replace('_', '-')}")
        raise click.UsageError(f"{name} is decided at import: '{path}' was made with or without")
