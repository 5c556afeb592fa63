"""`aicc-opt`: runs passes on textual IR, with the conventions of mlir-opt.

Exit codes: 0 done, 1 the input, a pass or a check failed, 2 the command line is wrong.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import sys
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from aicc import settings
from aicc._mlir import context as new_context
from aicc._mlir import ir
from aicc.diagnostics import AiccError, InvalidModel
from aicc.passes.driver import Pipeline
from aicc.passes.messages import Diagnostic, PassError
from aicc.passes.observers import Observer, Printer, Timer
from aicc.passes.pipeline_text import PipelineError
from aicc.passes.registry import load_all
from aicc.passes.statistics import Statistics, collect
from aicc.tools.cli.output import write
from aicc.tools.diagnostics_check import check_diagnostics
from aicc.tools.diagnostics_print import DiagnosticPrinter
from aicc.tools.ir_input import Chunk, chunks_of, parse_chunk, read_input
from aicc.tools.opt_options import OptOptions, parse_arguments
from aicc.tools.pattern_reports import pattern_list, statistics_report


def main() -> NoReturn:
    """The command: ends the process at once, since tearing down the bindings takes 50 ms."""
    try:
        code = _run_to_the_end(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    except KeyboardInterrupt:
        code = 130
    os._exit(code)


def _run_to_the_end(argv: Sequence[str]) -> int:
    """The exit code, also when the command line made argparse exit."""
    try:
        return run(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2


def run(argv: Sequence[str]) -> int:
    """Run the tool and return its exit code; every failure ends as a message on stderr."""
    options = parse_arguments(argv)
    try:
        for plugin in options.plugins:
            _load_plugin(plugin)
        if options.list_passes:
            return _list_passes()
        if options.list_patterns:
            return _list_patterns()
        with new_context() as context:
            context.allow_unregistered_dialects = options.allow_unregistered_dialect
            _load_dialects()
            if options.show_dialects:
                return _show_dialects()
            return _Session(options, context).run()
    except (BrokenPipeError, SystemExit):
        raise
    except Exception as error:
        return _report(error)


class _Session:
    """One run over one input: its pieces are processed one by one in one context."""

    def __init__(self, options: OptOptions, context: Any) -> None:
        self._options = options
        self._context = context
        self._timer = Timer()
        self._statistics = Statistics()
        self._found: list[Diagnostic] = []
        self._pipeline = self._build_pipeline()

    def run(self) -> int:
        options = self._options
        if options.dump_pipeline:
            print(self._pipeline, file=sys.stderr)
        data = read_input(options.input)
        self._show = DiagnosticPrinter(options.input, data, sys.stderr)
        outputs, succeeded = [], True
        for chunk in chunks_of(data, options.input, options.split_input_file):
            self._found.clear()
            output, ended_well = self._process(chunk)
            if options.verify_diagnostics:
                ended_well = self._check(chunk)
            if output is not None:
                outputs.append(output)
            succeeded = succeeded and ended_well
        if succeeded or options.output == "-":
            write(options.output, b"// -----\n".join(outputs))
        if options.timing:
            sys.stderr.write(self._timer.report())
        if options.pass_statistics:
            sys.stderr.write(statistics_report(self._statistics))
        return 0 if succeeded else 1

    def _build_pipeline(self) -> Pipeline:
        options = self._options
        pipeline = Pipeline(
            options.pipeline,
            verify_each=options.verify_each,
            # The timer also makes every pass run, and be named, on its own.
            observers=[*self._printers(), self._timer],
            reproducer=options.reproducer,
            on_diagnostic=self._diagnose,
        )
        pipeline.check(self._context)
        names = [step.name for step in pipeline.steps]
        for name in (*(options.print_before or ()), *(options.print_after or ())):
            if name not in names:
                listed = ", ".join(names) or "no pass"
                raise PipelineError(f"'{name}' is not in the pipeline, which has {listed}")
        return pipeline

    def _printers(self) -> list[Observer]:
        options = self._options
        wanted = (options.print_before, options.print_after, options.print_after_change)
        if wanted == ((), (), False):
            return []
        printer = Printer(sys.stderr, *wanted, options.generic, options.debug_info)
        return [printer]

    def _process(self, chunk: Chunk) -> tuple[bytes | None, bool]:
        """The output for one piece, None if it failed, and whether it succeeded."""
        try:
            start = time.perf_counter()
            module = parse_chunk(chunk, self._context)
            self._timer.add("Parser", time.perf_counter() - start)
            with collect(self._statistics):
                self._pipeline.run(module)
            start = time.perf_counter()
            output = self._printed(module)
            self._timer.add("Output", time.perf_counter() - start)
            return output, True
        except PassError as error:
            self._explain(error)
        except AiccError as error:
            self._diagnose(self._unplaced(str(error)))
        return None, False

    def _printed(self, module: Any) -> bytes:
        options = self._options
        if options.emit_bytecode:
            buffer = io.BytesIO()
            module.operation.write_bytecode(buffer)
            return buffer.getvalue()
        text = module.operation.get_asm(
            print_generic_op_form=options.generic,
            enable_debug_info=options.debug_info,
            large_elements_limit=options.elide_larger,
        )
        return (text if text.endswith("\n") else f"{text}\n").encode()

    def _explain(self, error: PassError) -> None:
        for diagnostic in error.diagnostics:
            self._diagnose(diagnostic)
        if not error.diagnostics:
            self._diagnose(self._unplaced(str(error)))
        elif error.pass_name and not self._options.verify_diagnostics:
            lines = str(error).split("\n")
            tail = [line for line in lines if line.startswith(("  IR before", "  repeat with"))]
            print("\n".join([f"note: {lines[0]}", *tail]), file=sys.stderr)

    def _unplaced(self, message: str) -> Diagnostic:
        return Diagnostic("error", ir.Location.unknown(self._context), message)

    def _diagnose(self, diagnostic: Diagnostic) -> None:
        self._found.append(diagnostic)
        if not self._options.verify_diagnostics:
            self._show(diagnostic)

    def _check(self, chunk: Chunk) -> bool:
        source = chunk.data if isinstance(chunk.data, str) else ""
        complaints = check_diagnostics(source, self._found, chunk.first_line)
        for complaint in complaints:
            print(f"{self._options.input}:{complaint}", file=sys.stderr)
        return not complaints


def _load_dialects() -> None:
    from aicc.dialects.graph import load_graph

    load_graph()


def _load_plugin(path: str) -> None:
    """Run a Python file that registers passes, under a module name of its own."""
    name = "aicc_plugin_" + re.sub(r"\W", "_", path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InvalidModel(f"cannot load '{path}': not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InvalidModel(f"cannot load '{path}': {type(error).__name__}: {error}") from error


def _list_passes() -> int:
    passes, pipelines = load_all()
    print("Passes of aicc; passes of upstream MLIR are named the same way:")
    for one in passes:
        print(f"  --{one.name:<32} {one.kind:<10} {one.doc}")
        for option in one.options.values():
            print(f"      {option.described}")
    print("Named pipelines:")
    for pipeline in pipelines:
        print(f"  --{pipeline.name:<32} {pipeline.doc}")
        for option in pipeline.options.values():
            print(f"      {option.described}")
    return 0


def _list_patterns() -> int:
    load_all()
    print(pattern_list(), end="")
    return 0


def _show_dialects() -> int:
    """The bindings list their dialects only in the note to an error about an unknown one."""
    try:
        ir.Module.parse("unknown_dialect.op")
    except ir.MLIRError as error:
        notes = [note.message for one in error.error_diagnostics for note in one.notes]
        names = re.search(r"Available dialects: (.*?)(?: *;|$)", "\n".join(notes), re.MULTILINE)
        print(f"Available Dialects: {names[1].replace(', ', ',') if names else 'unknown'}")
    return 0


def _report(error: Exception) -> int:
    """Print an error in words; defects of the tool show their traceback with AICC_DEBUG."""
    if isinstance(error, AiccError):
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, PipelineError) else 1
    if settings.debug_level() > 0:
        import traceback

        traceback.print_exception(error)
    name = type(error).__name__
    print(f"error: unexpected {name}: {error}\n(AICC_DEBUG=1 shows where)", file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
