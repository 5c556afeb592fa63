"""Move what depends on weights and constants alone from @main to @prepare, which runs once.

Why: passes change weights by ordinary ops (folded batch norms, packing, transposes); their price
must not be paid in every run, and no weight may stand in the IR.

    @main(%x, %w {aicc.weight = "w"})          @prepare(%w {aicc.weight = "w"})
      %0 = mul(%w, %s)                    ->     -> (mul(%w, %s) {aicc.output = "n.mul"})
      %1 = conv(%x, %0)                        @main(%x, %0 {aicc.prepared = "n.mul"})

Ops that only view or repeat a weight stay in @main, where they cost nothing or save memory, unless
@prepare needs them too. A second run extends @prepare; what @main no longer reads is dropped.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.messages import name_of
from aicc.passes.registry import register_pass
from aicc.passes.signature import (
    add_arguments,
    argument_attrs,
    drop_unread_arguments,
    functions_of,
    result_attrs,
    set_argument_attrs,
)

from .dataflow import body_of, definition, erase_dead, is_pure, ops_of, users_of

FIXED = ("aicc.weight", "aicc.prepared")
STAY = ("graph.constant", "graph.reshape", "graph.expand")


@register_pass("hoist-weight-math")
def run(module: Any) -> None:
    """Move ops on weights and constants alone into @prepare; drop arguments that nothing reads."""
    functions = {f.name.value: f for f in functions_of(module)}
    if (main := functions.get("main")) is None:
        return
    if hoisted := _hoisted(main):
        _Preparation(main, functions.get("prepare")).move(hoisted)
    erase_dead(body_of(main))
    drop_unread_arguments(main, FIXED)
    if prepare := next((f for f in functions_of(module) if f.name.value == "prepare"), None):
        _drop_results(prepare, _prepared_names(main))


def _hoisted(main: Any) -> list[Any]:
    """The ops of @main that @prepare shall run, in order."""
    block = body_of(main)
    arguments = zip(block.arguments, argument_attrs(main), strict=True)
    static = {a for a, entries in arguments if any(k in entries for k in FIXED)}
    found = []
    for op in ops_of(block):
        # what a region reads stands in no operand list
        if is_pure(op) and not len(op.regions) and all(v in static for v in op.operands):
            static.update(op.results)
            found.append(op)
    return [op for op in found if op.name not in STAY]


class _Preparation:
    """@prepare being made or extended: where its values are, by the value in @main."""

    def __init__(self, main: Any, prepare: Any) -> None:
        self.main = main
        self.function = prepare or _empty_prepare(main)
        self.block = body_of(self.function)
        self.terminator = ops_of(self.block)[-1]
        arguments = [*argument_attrs(main), *argument_attrs(self.function)]
        self.names = {d[k].value for d in arguments for k in FIXED if k in d}
        self.names |= {d["aicc.output"].value for d in result_attrs(self.function)}
        self.env: dict[Any, Any] = {}
        self._map_arguments()

    def _map_arguments(self) -> None:
        """Weights that @prepare takes and results that it gives already."""
        attrs = argument_attrs(self.function)
        weights = {
            d["aicc.weight"].value: v for d, v in zip(attrs, self.block.arguments, strict=True)
        }
        outputs = [d["aicc.output"].value for d in result_attrs(self.function)]
        prepared = dict(zip(outputs, self.terminator.operands, strict=True))
        arguments = body_of(self.main).arguments
        for argument, d in zip(arguments, argument_attrs(self.main), strict=True):
            name = next((d[k].value for k in FIXED if k in d), None)
            known = prepared if "aicc.prepared" in d else weights
            if name in known:
                self.env[argument] = known[name]

    def move(self, ops: list[Any]) -> None:
        """Clone `ops` into @prepare; @main takes what it still reads of them as arguments."""
        for op in ops:
            self._clone(op)
        moved = {v for op in ops for v in op.results}
        kept = [v for op in ops for v in op.results if self._is_read_outside(v, moved)]
        names = [self._name_for(v) for v in kept]
        values = [self.env[v] for v in kept]
        arguments = add_arguments(self.main, [v.type for v in kept], {})
        attrs = argument_attrs(self.main)
        for name, entries in zip(names, attrs[len(attrs) - len(names) :], strict=True):
            entries["aicc.prepared"] = ir.StringAttr.get(name)
        set_argument_attrs(self.main, attrs)
        for value, argument in zip(kept, arguments, strict=True):
            value.replace_all_uses_with(argument)
        for op in reversed(ops):
            op.erase()
        self._return(values, names)

    def _clone(self, op: Any) -> None:
        operands = [self._value(v) for v in op.operands]
        new = op.clone(ip=ir.InsertionPoint(self.terminator))
        for i, operand in enumerate(operands):
            new.operands[i] = operand
        self.env.update(zip(op.results, new.results, strict=True))

    def _value(self, value: Any) -> Any:
        """A value of @main in @prepare; weights, constants and views come along when needed."""
        if value not in self.env:
            if op := definition(value):
                self._clone(op)
            else:
                attrs = argument_attrs(self.main)[value.arg_number]
                self.env[value] = add_arguments(self.function, [value.type], attrs)[0]
        return self.env[value]

    def _is_read_outside(self, value: Any, moved: set[Any]) -> bool:
        users = users_of(definition(value))
        return any(not len(u.results) or u.results[0] not in moved for u in users)

    def _name_for(self, value: Any) -> str:
        """A name no weight has, after the node the op was made for."""
        op = definition(value)
        stem = ".".join(filter(None, (name_of(op.location), op.name.removeprefix("graph."))))
        name = next(n for i in count() if (n := f"{stem}.{i}" if i else stem) not in self.names)
        self.names.add(name)
        return name

    def _return(self, values: list[Any], names: list[str]) -> None:
        """Let @prepare return `values` as well."""
        outputs = [{"aicc.output": ir.StringAttr.get(name)} for name in names]
        attrs = [*result_attrs(self.function), *outputs]
        _set_results(self.function, [*self.terminator.operands, *values], attrs)


def _empty_prepare(main: Any) -> Any:
    func = dialect("func")
    with ir.InsertionPoint(main), main.location:
        function = func.FuncOp("prepare", ([], []))
        with ir.InsertionPoint(function.add_entry_block()):
            func.ReturnOp([])
    return function


def _set_results(function: Any, values: list[Any], attrs: list[dict[str, Any]]) -> None:
    """Replace what a function returns."""
    block = body_of(function)
    terminator = ops_of(block)[-1]
    with ir.InsertionPoint(terminator), terminator.location:
        dialect("func").ReturnOp(values)
    terminator.erase()
    type_ = ir.FunctionType.get(function.type.inputs, [v.type for v in values])
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
    named = ir.ArrayAttr.get([ir.DictAttr.get(d) for d in attrs])
    function.operation.attributes["res_attrs"] = named


def _prepared_names(main: Any) -> set[str]:
    return {d["aicc.prepared"].value for d in argument_attrs(main) if "aicc.prepared" in d}


def _drop_results(prepare: Any, read: set[str]) -> None:
    """Remove the results that @main does not take, and with the last one @prepare itself."""
    attrs = result_attrs(prepare)
    kept = [i for i, d in enumerate(attrs) if d["aicc.output"].value in read]
    if not kept:
        prepare.operation.erase()
        return
    if len(kept) < len(attrs):
        operands = list(ops_of(body_of(prepare))[-1].operands)
        _set_results(prepare, [operands[i] for i in kept], [attrs[i] for i in kept])
    erase_dead(body_of(prepare))
    drop_unread_arguments(prepare, FIXED)
