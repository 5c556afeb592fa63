"""Small graph programs written in Python: built, rewritten by passes, compiled and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import aicc
from aicc._mlir import context, dialect, ir
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.types import element_type_of, tensor
from aicc.passes.driver import Pipeline
from aicc.passes.statistics import Statistics, collect

Arrays = Mapping[str, np.ndarray]
Body = Callable[..., Any]


def module_of(body: Body, arrays: Arrays, *, weights: Sequence[str] = (), level: int = 0) -> Any:
    """@main of what `body` builds on arguments like the arrays; ops stay as they are at level 0."""
    with ir.Location.unknown():
        module = ir.Module.create()
        attributes = module.operation.attributes
        i64 = ir.IntegerType.get_signless(64)
        attributes["aicc.phase"] = ir.StringAttr.get("import")
        attributes["aicc.threads"] = ir.IntegerAttr.get(i64, 1)
        attributes["aicc.target"] = ir.StringAttr.get("host")
        attributes["aicc.opt_level"] = ir.IntegerAttr.get(i64, level)
        types = [tensor(a.shape, element_type_of(a.dtype.name)) for a in arrays.values()]
        func = dialect("func")
        with ir.InsertionPoint(module.body):
            main = func.FuncOp("main", (types, []))
            block = main.add_entry_block()
            with ir.InsertionPoint(block):
                built = body(*block.arguments)
                results = list(built) if isinstance(built, (list, tuple)) else [built]
                func.ReturnOp(results)
            type_ = ir.FunctionType.get(types, [v.type for v in results])
            main.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
            kinds = {n: "aicc.weight" if n in weights else "aicc.input" for n in arrays}
            main.operation.attributes["arg_attrs"] = _named([(kinds[n], n) for n in arrays])
            outputs = [("aicc.output", f"y{i}") for i in range(len(results))]
            main.operation.attributes["res_attrs"] = _named(outputs)
    return module


def _named(rows: Sequence[tuple[str, str]]) -> Any:
    return ir.ArrayAttr.get([ir.DictAttr.get({k: ir.StringAttr.get(n)}) for k, n in rows])


def run(
    body: Body,
    arrays: Arrays,
    passes: Sequence[str] = (),
    *,
    weights: Sequence[str] = (),
    level: int = 0,
    attributes: Sequence[str] = (),
) -> tuple[list[np.ndarray], Statistics]:
    """The program's results after `passes`, and what their patterns did.

    `attributes` are names of unit attributes of the module, such as "aicc.unsafe_fp".
    """
    with context(), collect() as statistics:
        load_graph()
        module = module_of(body, arrays, weights=weights, level=level)
        for name in attributes:
            module.operation.attributes[name] = ir.UnitAttr.get()
        if passes:
            Pipeline(list(passes)).run(module)
        given = {n: a for n, a in arrays.items() if n in weights}
        exe = aicc.resume(module, weights=given)
    feeds = {n: a for n, a in arrays.items() if n not in weights}
    return list(exe.run(feeds).values()), statistics


def special(shape: Sequence[int], dtype: Any = np.float32, seed: int = 0) -> np.ndarray:
    """Random numbers; floats among them NaN, infinities, both zeros and a subnormal."""
    rng = np.random.default_rng(seed)
    if not np.issubdtype(dtype, np.floating):
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    array = rng.standard_normal(shape).astype(dtype)
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40], dtype)
    flat = array.reshape(-1)
    where = rng.choice(flat.size, min(flat.size // 2, len(odd)), replace=False)
    flat[where] = odd[: len(where)]
    return array


def normal(shape: Sequence[int], dtype: Any = np.float32, seed: int = 0) -> np.ndarray:
    """Random numbers of moderate size."""
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)
