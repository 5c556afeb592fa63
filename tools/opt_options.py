"""The command line of aicc-opt: mlir-opt's spelling, with one flag per pass."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

PASS_FLAG = re.compile(r"--(?P<name>[A-Za-z][\w.-]*)(?:=(?P<options>.*))?", re.DOTALL)
DESCRIPTION = """Reads MLIR text or bytecode, runs passes and prints the result.

Every pass is a flag, with options: --fold-constants=max-elements=8 --canonicalize.
-O0 to -O3 stand for --to-graph=opt-level=0 to 3, the graph optimiser.
Passes of aicc (see --list-passes) and of upstream MLIR mix freely, also in
--pass-pipeline='builtin.module(canonicalize,func.func(cse,my-pass{n=3}))'."""


class _Parser(argparse.ArgumentParser):
    """Names what is wrong in one line; argparse would print the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; see {self.prog} --help\n")


@dataclass(frozen=True)
class OptOptions:
    """What was asked for; `pipeline` joins --pass-pipeline and the flags of passes."""

    input: str
    output: str
    pipeline: str
    plugins: tuple[str, ...]
    split_input_file: bool
    verify_diagnostics: bool
    verify_each: bool
    allow_unregistered_dialect: bool
    print_before: tuple[str, ...] | None
    print_after: tuple[str, ...] | None
    print_after_change: bool
    generic: bool
    debug_info: bool
    elide_larger: int | None
    emit_bytecode: bool
    timing: bool
    pass_statistics: bool
    reproducer: str | None
    dump_pipeline: bool
    list_passes: bool
    list_patterns: bool
    show_dialects: bool


def parse_arguments(argv: Sequence[str]) -> OptOptions:
    """Read the command line; exits with code 2 and a message if it is wrong."""
    parser = _parser()
    known, rest = parser.parse_known_args([_normal(argument) for argument in argv])
    pipeline = _pipeline(parser, known.pass_pipeline, rest)
    return OptOptions(
        input=known.input,
        output=known.o,
        pipeline=pipeline,
        plugins=tuple(known.load_pass_plugin),
        split_input_file=known.split_input_file,
        verify_diagnostics=known.verify_diagnostics,
        verify_each=known.verify_each in ("true", "1"),
        allow_unregistered_dialect=known.allow_unregistered_dialect,
        print_before=None if known.mlir_print_ir_before_all else _names(known.mlir_print_ir_before),
        print_after=None if known.mlir_print_ir_after_all else _names(known.mlir_print_ir_after),
        print_after_change=known.mlir_print_ir_after_change,
        generic=known.mlir_print_op_generic,
        debug_info=known.mlir_print_debuginfo,
        elide_larger=known.mlir_elide_elementsattrs_if_larger,
        emit_bytecode=known.emit_bytecode,
        timing=known.mlir_timing,
        pass_statistics=known.mlir_pass_statistics,
        reproducer=known.mlir_pass_pipeline_crash_reproducer,
        dump_pipeline=known.dump_pass_pipeline,
        list_passes=known.list_passes,
        list_patterns=known.list_patterns,
        show_dialects=known.show_dialects,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "aicc-opt",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("input", nargs="?", default="-", help="file, or - for stdin (default)")
    parser.add_argument("-o", metavar="FILE", default="-", help="output file (default: stdout)")
    _add_passes(parser.add_argument_group("passes"))
    _add_input(parser.add_argument_group("input and diagnostics"))
    _add_printing(parser.add_argument_group("printing"))
    return parser


def _add_passes(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--pass-pipeline", metavar="TEXT", help="textual pipeline to run")
    group.add_argument(
        "--load-pass-plugin",
        metavar="FILE",
        action="append",
        default=[],
        help="Python file that registers passes",
    )
    group.add_argument(
        "--verify-each",
        choices=("true", "false", "1", "0"),
        default="true",
        help="verify after every pass (default: true)",
    )
    group.add_argument(
        "--mlir-pass-pipeline-crash-reproducer",
        metavar="PATH",
        help="where to write the IR before a failing pass: a .mlir file, or a folder",
    )
    _add_flag(group, "--mlir-timing", "print the time each pass took")
    _add_flag(group, "--mlir-pass-statistics", "print what rewrite patterns did")
    _add_flag(group, "--dump-pass-pipeline", "print the pipeline that runs")
    _add_flag(group, "--list-passes", "list aicc's passes and named pipelines")
    _add_flag(group, "--list-patterns", "list the rewrite patterns of aicc's passes")
    _add_flag(group, "--show-dialects", "list the dialects")


def _add_input(group: argparse._ArgumentGroup) -> None:
    _add_flag(group, "--split-input-file", "process the pieces between '// -----' one by one")
    _add_flag(group, "--verify-diagnostics", "check messages against expected-* comments")
    _add_flag(group, "--allow-unregistered-dialect", "accept ops of unknown dialects")


def _add_printing(group: argparse._ArgumentGroup) -> None:
    for when in ("before", "after"):
        _add_flag(group, f"--mlir-print-ir-{when}-all", f"print the IR {when} every pass")
        group.add_argument(
            f"--mlir-print-ir-{when}",
            metavar="PASS",
            action="append",
            default=[],
            help=f"print the IR {when} these passes (comma-separated)",
        )
    _add_flag(group, "--mlir-print-ir-after-change", "print the IR after passes that changed it")
    _add_flag(group, "--mlir-print-op-generic", "print ops in the generic form")
    _add_flag(group, "--mlir-print-debuginfo", "print locations")
    group.add_argument(
        "--mlir-elide-elementsattrs-if-larger",
        metavar="N",
        type=int,
        help="leave out constants of more than N elements",
    )
    _add_flag(group, "--emit-bytecode", "write bytecode instead of text")


def _add_flag(group: argparse._ArgumentGroup, name: str, meaning: str) -> None:
    group.add_argument(name, action="store_true", help=meaning)


def _normal(argument: str) -> str:
    """LLVM's tools take options with one dash too, a bare --verify-each, and -O0 to -O3."""
    if level := re.fullmatch(r"-O([0-3])", argument):
        return f"--to-graph=opt-level={level[1]}"
    if re.match(r"-[a-z][\w-]{2,}", argument):
        argument = f"-{argument}"
    return "--verify-each=true" if argument == "--verify-each" else argument


def _pipeline(parser: argparse.ArgumentParser, text: str | None, rest: Sequence[str]) -> str:
    flags = []
    for argument in rest:
        match = PASS_FLAG.fullmatch(argument)
        if match is None:
            parser.error(f"unexpected argument '{argument}'")
        options = match["options"]
        flags.append(match["name"] + ("" if options is None else f"{{{options}}}"))
    if flags and text is not None:
        parser.error(f"--pass-pipeline cannot be mixed with flags of passes ({', '.join(rest)})")
    return ",".join(flags) if text is None else text


def _names(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for value in values for name in value.split(",") if name)
