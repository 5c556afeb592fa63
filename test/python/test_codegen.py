"""Units: what they hold, that they are the same everywhere, and workers that compile them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from compile_models import convolutions, picture
from onnx import helper
from onnx_models import model

import aicc
from aicc._mlir import ir
from aicc.codegen import worker
from aicc.codegen.emit import Emitter
from aicc.codegen.objects import unit_key
from aicc.codegen.units import Unit, split, whole
from aicc.codegen.workers import Workers, jobs
from aicc.compilation import described
from aicc.compile_worker import ERROR, OBJECT
from aicc.lowering import import_onnx, lower, object_code, running_code
from aicc.runtime.code import Code

HERE = Path(__file__).parent


def module_of(onnx_model: Any, threads: int) -> Any:
    """At phase "buffers" and described, as a compilation splits it: texts tell where units end."""
    found = lower(import_onnx(onnx_model, threads=threads).module, "buffers")
    with found.context, ir.Location.unknown():
        described(found)
    return found


@pytest.fixture(scope="module")
def module() -> Any:
    return module_of(convolutions(), threads=2)


@pytest.fixture(scope="module")
def units(module: Any) -> list[Unit]:
    with module.context, ir.Location.unknown():
        return split(module)


@pytest.fixture(scope="module")
def objects(module: Any, units: list[Unit]) -> list[bytes]:
    with module.context, ir.Location.unknown():
        emitter = Emitter()
        return [emitter.object_of(unit.text) for unit in units]


@pytest.fixture
def worker_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes workers run a script of the test's, which may end and look at the count of starts."""

    def install(body: str) -> None:
        script = tmp_path / "script.py"
        script.write_text(f"folder = {str(tmp_path)!r}\n" + textwrap.dedent(body), encoding="utf-8")
        monkeypatch.setattr(worker, "COMMAND", (str(script),))

    yield install


def test_main_and_kernels_are_apart(units: list[Unit]) -> None:
    assert "main" in units[0].functions
    assert all("main" not in unit.functions for unit in units[1:])
    names = [name for unit in units for name in unit.functions]
    assert len(names) == len(set(names)) > 3
    assert "func.func private" in units[0].text


def test_a_unit_is_the_same_text_in_another_model(units: list[Unit]) -> None:
    other = module_of(convolutions(seed=1), threads=2)
    with other.context, ir.Location.unknown():
        assert {u.text for u in split(other)[1:]} == {u.text for u in units[1:]}


def keys_of(size: int, threads: int) -> set[str]:
    module = module_of(convolutions(size=size), threads=threads)
    with module.context, ir.Location.unknown():
        return {unit_key(unit.text) for unit in split(module)}


def test_a_unit_knows_its_threads() -> None:
    assert not keys_of(224, threads=1) & keys_of(224, threads=2)


def test_a_model_too_small_for_threads_has_the_units_of_one() -> None:
    assert keys_of(12, threads=1) == keys_of(12, threads=2)


def test_units_have_no_locations(units: list[Unit]) -> None:
    assert not any("loc(" in unit.text for unit in units)


def test_a_small_module_stays_whole() -> None:
    relu = model([helper.make_node("Relu", ["x"], ["y"])], {"x": [2, 8]}, ["y"])
    small = lower(import_onnx(relu, threads=1).module, "buffers")
    with small.context, ir.Location.unknown():
        assert len(split(small)) == 1


def test_constants_go_along_under_names_of_the_units_own(units: list[Unit]) -> None:
    text = """
    module attributes {aicc.phase = "buffers"} {
      memref.global "private" constant @c_77 : memref<2xf32> = dense<[1.0, 2.0]>
      memref.global "private" constant @c_78 : memref<2xf32> = dense<[3.0, 4.0]>
      func.func @main(%out: memref<2xf32> {aicc.output = "y"}) {
        call @kernel(%out) : (memref<2xf32>) -> ()
        return
      }
      func.func private @kernel(%out: memref<2xf32>) {
        %c = memref.get_global @c_78 : memref<2xf32>
        memref.copy %c, %out : memref<2xf32> to memref<2xf32>
        return
      }
    }"""
    with ir.Context() as context, ir.Location.unknown():
        context.enable_multithreading(False)
        (unit,) = split(ir.Module.parse(text))
        assert "@global_0 : memref<2xf32> = dense<[3.000000e+00, 4.000000e+00]>" in unit.text
        assert "c_7" not in unit.text


def test_symbols_that_nothing_can_tell_apart_stay_together() -> None:
    text = "module attributes {aicc.phase = 'buffers'} { module {} func.func @main() { return } }"
    with ir.Context(), ir.Location.unknown():
        parsed = ir.Module.parse(text.replace("'", '"'))
        assert split(parsed) == [whole(parsed)]


def test_one_object_of_the_whole_model_runs_too(module: Any) -> None:
    text = str(module.operation.get_asm(enable_debug_info=True))
    with ir.Context() as context, ir.Location.unknown():
        context.enable_multithreading(False)
        copy = ir.Module.parse(text)
        assert Code([object_code(copy)]).address("main")


def test_what_is_disassembled_is_what_runs(module: Any, objects: list[bytes]) -> None:
    assert running_code(module) == objects


def test_a_worker_gives_the_same_objects(units: list[Unit], objects: list[bytes]) -> None:
    found = answers_to([unit.text for unit in units])
    assert found == [(number, OBJECT, code) for number, code in enumerate(objects)]


def answers_to(texts: list[str]) -> list[Any]:
    """What a worker says to these units."""
    one = worker.Worker()
    try:
        for number, text in enumerate(texts):
            one.ask(number, text)
        found: list[Any] = []
        while len(found) < len(texts):
            one.send()
            answers = one.receive()
            assert answers is not None, one.errors()
            found += answers
            time.sleep(0.01)
    finally:
        one.end()
    return found


def test_units_come_back_in_order(units: list[Unit], objects: list[bytes]) -> None:
    texts = [unit.text for unit in units]
    with Workers(2) as workers:
        workers.wait_until_ready()
        assert workers.compile(texts, objects_by(texts, objects)) == objects


def test_a_worker_that_does_not_answer_holds_nothing_up(
    worker_script: Any, units: list[Unit], objects: list[bytes]
) -> None:
    worker_script(HANGS)
    texts = [unit.text for unit in units]
    with Workers(1) as workers:
        workers.wait_until_ready()
        assert workers.compile(texts, objects_by(texts, objects)) == objects


def objects_by(texts: list[str], objects: list[bytes]) -> Any:
    return dict(zip(texts, objects, strict=True)).__getitem__


@pytest.mark.parametrize(("seed", "count"), [("1", "1"), ("2", "3")])
def test_hash_seeds_and_jobs_change_nothing(seed: str, count: str, objects: list[bytes]) -> None:
    code = f"""
        import hashlib, sys
        sys.path.insert(0, {str(HERE)!r})
        import aicc.compilation
        from compile_models import convolutions
        aicc.compilation.KERNELS_PER_WORKER = 2
        import aicc
        exe = aicc.compile(convolutions(), threads=2, cache=False)
        for code in exe.programs()[0][1].objects():
            print(hashlib.sha256(code).hexdigest())
    """
    found = python(code, PYTHONHASHSEED=seed, AICC_COMPILE_JOBS=count).split()
    assert found == [hashlib.sha256(code).hexdigest() for code in objects]


def python(code: str, **environment: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


DIES_ONCE = """
    import os, signal, sys
    from aicc import compile_worker
    open(os.path.join(folder, str(os.getpid())), "w").close()
    if len(os.listdir(folder)) == 2:  # this script, and the first worker
        sys.stdout.buffer.write(compile_worker.frame(compile_worker.READY))
        sys.stdout.flush()
        sys.stdin.buffer.read(1)
        os.kill(os.getpid(), signal.SIGKILL)
    compile_worker.main()
"""
DIES_ALWAYS = """
    import os, sys
    from aicc import compile_worker
    sys.stdout.buffer.write(compile_worker.frame(compile_worker.READY))
    sys.stdout.flush()
    sys.stdin.buffer.read(1)
    print("out of registers", file=sys.stderr, flush=True)
    os._exit(9)
"""
HANGS = """
    import sys, time
    from aicc import compile_worker
    sys.stdout.buffer.write(compile_worker.frame(compile_worker.READY))
    sys.stdout.flush()
    time.sleep(600)
"""
REFUSES = """
    import sys
    from aicc.compile_worker import ERROR, READY, frame
    sys.stdout.buffer.write(frame(READY))
    sys.stdout.flush()
    sys.stdin.buffer.read(1)
    sys.stdout.buffer.write(frame(ERROR, b"no such op"))
    sys.stdout.flush()
    sys.stdin.buffer.read()
"""
NEVER_STARTS = "raise SystemExit(3)"


def test_a_dead_workers_units_are_done_elsewhere(
    worker_script: Any, units: list[Unit], objects: list[bytes]
) -> None:
    worker_script(DIES_ONCE)
    texts = [unit.text for unit in units]
    with Workers(1) as workers:
        workers.wait_until_ready()
        assert workers.compile(texts, objects_by(texts, objects)) == objects


def test_a_unit_that_ends_two_processes_is_an_error(
    worker_script: Any, units: list[Unit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_script(DIES_ALWAYS)
    monkeypatch.setenv("AICC_DUMP", str(tmp_path / "dump"))
    texts = [unit.text for unit in units]
    with Workers(1) as workers:
        workers.wait_until_ready()
        with pytest.raises(aicc.LoweringError, match="ended two processes: exit code 9") as error:
            workers.compile(texts, lambda text: b"")
    assert "out of registers" in str(error.value)
    (saved,) = (tmp_path / "dump").iterdir()
    assert saved.read_text() in texts


def test_workers_that_never_start_are_no_error(
    worker_script: Any, units: list[Unit], objects: list[bytes]
) -> None:
    worker_script(NEVER_STARTS)
    texts = [unit.text for unit in units]
    with Workers(2) as workers:
        workers.wait_until_ready()
        assert workers.compile(texts, objects_by(texts, objects)) == objects


def test_what_cannot_be_compiled_is_an_answer_too(units: list[Unit], objects: list[bytes]) -> None:
    wrong = units[0].text.replace("call @", "call @no_such_", 1)
    (_, kind, text), second = answers_to([wrong, units[1].text])
    assert kind == ERROR
    assert b"no_such_" in text
    assert second == (1, OBJECT, objects[1])


def test_an_error_from_a_worker_is_raised(worker_script: Any, units: list[Unit]) -> None:
    worker_script(REFUSES)
    with Workers(1) as workers:
        workers.wait_until_ready()
        with pytest.raises(aicc.LoweringError, match="no such op"):
            workers.compile([unit.text for unit in units], lambda text: time.sleep(1) or b"")


def test_a_worker_ends_with_its_input() -> None:
    done = subprocess.run([sys.executable, "-m", "aicc.compile_worker"], stdin=subprocess.DEVNULL)
    assert done.returncode == 0


def test_compiling_in_a_daemonic_process() -> None:
    code = f"""
        import multiprocessing, sys
        sys.path.insert(0, {str(HERE)!r})
        from compile_models import convolutions, picture

        def work():
            import aicc.compilation
            aicc.compilation.KERNELS_PER_WORKER = 2
            exe = aicc.compile(convolutions(), cache=False)
            assert exe(picture()).shape == (1, 20, 12, 12)

        context = multiprocessing.get_context("fork")
        process = context.Process(target=work, daemon=True)
        process.start()
        process.join()
        sys.exit(process.exitcode)
    """
    python(code, AICC_COMPILE_JOBS="2")


def test_number_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_COMPILE_JOBS", "3")
    assert jobs() == 3
    monkeypatch.setenv("AICC_COMPILE_JOBS", "many")
    with pytest.raises(aicc.TargetError, match="AICC_COMPILE_JOBS"):
        jobs()
    monkeypatch.delenv("AICC_COMPILE_JOBS")
    assert jobs() >= 1


def test_the_dumps_of_later_phases_are_of_the_whole_model(tmp_path: Path) -> None:
    exe = aicc.compile(convolutions(), dump=tmp_path)
    assert exe(picture()).shape == (1, 20, 12, 12)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[-2:] == ["05-loops.mlir", "06-llvm.mlir"]
    assert "llvm.func @main" in (tmp_path / names[-1]).read_text()
