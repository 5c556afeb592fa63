"""`aicc`: the command line of the compiler. Each command is a thin main over the Python API.

Exit codes: 0 done, 1 the model, a phase or a run failed, 2 the command line is wrong.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from aicc import settings
from aicc.diagnostics import AiccError
from aicc.tools.cli.bench import bench_command
from aicc.tools.cli.cache import cache_command
from aicc.tools.cli.check import check_command
from aicc.tools.cli.compile import compile_command
from aicc.tools.cli.import_ import import_command
from aicc.tools.cli.inspect import inspect_command
from aicc.tools.cli.profile import profile_command
from aicc.tools.cli.run import run_command


def _print_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from aicc.versions import describe

        click.echo(describe())
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Versions of aicc, its MLIR bindings and LLVM, and the CPU's features.",
)
def cli() -> None:
    """Compiles ONNX models to native code for this machine, through MLIR, and runs them."""


cli.add_command(import_command)
cli.add_command(compile_command)
cli.add_command(run_command)
cli.add_command(check_command)
cli.add_command(bench_command)
cli.add_command(profile_command)
cli.add_command(inspect_command)
cli.add_command(cache_command)


def main() -> NoReturn:
    """The command: ends the process at once, since tearing down the bindings takes 50 ms."""
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    os._exit(code)


def run(argv: list[str]) -> int:
    """Run the tool and return its exit code; every failure ends as a message on stderr."""
    try:
        result = cli.main(args=argv, prog_name="aicc", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except AiccError as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:
        return _report_defect(error)


def _report_defect(error: Exception) -> int:
    """A failure that aicc did not foresee; AICC_DEBUG shows where."""
    if settings.debug_level() > 0:
        import traceback

        traceback.print_exception(error)
    name = type(error).__name__
    click.echo(f"error: unexpected {name}: {error}\n(AICC_DEBUG=1 shows where)", err=True)
    return 1


if __name__ == "__main__":
    main()
