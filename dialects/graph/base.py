"""House base of the `graph` dialect: attribute kinds, shape rules, verifier errors in words.

An op class states its operands and results as fields, its attributes in `attrs` (name -> kind),
and its shape rule in `infer`. From these come the builder (`build`, which infers the result types
and writes every attribute), the typed accessors and the verifier.

    class Softmax(GraphOp, name="softmax", traits=[Pure]):
        x: Operand[Tensor]
        y: Result[Tensor]
        attrs = {"axis": integer()}

        @staticmethod
        def infer(x, *, axis):
            return x
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir

ext = dialect("ext")
Pure = ext.Pure
Operand, Result, Region = ext.Operand, ext.Result, ext.Region
Tensor = ir.RankedTensorType
Terminator = ir.IsTerminatorTrait

REQUIRED = object()
DYNAMIC = ir.ShapedType.get_dynamic_size()


# Named with type Any, because the bindings' classes are made at run time.
_Dialect: Any = ext.Dialect


class Graph(_Dialect, name="graph"):  # type: ignore[call-arg]
    """The dialect object; op classes attach themselves to it when their module is imported."""


_Operation: Any = Graph.Operation


class VerifyError(Exception):
    """A shape rule or verifier refuses: the text completes "'graph.x' op ..."."""


@dataclass(frozen=True)
class AttrKind:
    """How one attribute is written, read and checked. `default` REQUIRED: must be given."""

    words: str
    to_attr: Callable[[Any], Any]
    from_attr: Callable[[Any], Any]
    accepts: Callable[[Any], bool]
    default: Any = REQUIRED


def integer(default: Any = REQUIRED) -> AttrKind:
    """A 64-bit integer attribute."""
    return AttrKind(
        "an i64 integer",
        lambda v: ir.IntegerAttr.get(ir.IntegerType.get_signless(64), int(v)),
        lambda a: a.value,
        lambda a: isinstance(a, ir.IntegerAttr) and str(a.type) == "i64",
        default,
    )


def integers(default: Any = REQUIRED) -> AttrKind:
    """A list of 64-bit integers (`array<i64: ..>`)."""
    return AttrKind(
        "an array<i64>",
        lambda v: ir.DenseI64ArrayAttr.get([int(i) for i in v]),
        lambda a: list(a),
        lambda a: isinstance(a, ir.DenseI64ArrayAttr),
        default,
    )


def floating(default: Any = REQUIRED) -> AttrKind:
    """A 64-bit float attribute."""
    return AttrKind(
        "an f64 float",
        lambda v: ir.FloatAttr.get(ir.F64Type.get(), float(v)),
        lambda a: a.value,
        lambda a: isinstance(a, ir.FloatAttr),
        default,
    )


def boolean(default: Any = REQUIRED) -> AttrKind:
    """A bool attribute."""
    return AttrKind(
        "a bool", ir.BoolAttr.get, lambda a: a.value, lambda a: isinstance(a, ir.BoolAttr), default
    )


def choice(*options: str, default: Any = REQUIRED) -> AttrKind:
    """A string attribute that takes one of `options`."""
    return AttrKind(
        "one of " + ", ".join(options),
        ir.StringAttr.get,
        lambda a: a.value,
        lambda a: isinstance(a, ir.StringAttr) and a.value in options,
        default,
    )


def element_type(default: Any = REQUIRED) -> AttrKind:
    """A type attribute that names an element type."""
    return AttrKind(
        "a type",
        ir.TypeAttr.get,
        lambda a: a.value,
        lambda a: isinstance(a, ir.TypeAttr),
        default,
    )


def elements() -> AttrKind:
    """A dense array of numbers (DenseElementsAttr), read and written as the attribute itself."""
    return AttrKind(
        "dense elements",
        lambda v: v,
        lambda a: a,
        lambda a: isinstance(a, ir.DenseElementsAttr),
    )


# Every op class by its name with the dialect's prefix, those of users included.
OPS: dict[str, Any] = {}


class GraphOp(_Operation):
    """Base of every op of the dialect."""

    attrs = {}  # type: dict[str, AttrKind]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in kwargs:
            OPS[cls.OPERATION_NAME] = cls
        cls.verify_invariants = _verify
        for name, kind in cls.attrs.items():
            setattr(cls, name, property(_attr_reader(name, kind)))

    @staticmethod
    def infer(*operands: Any, **attrs: Any) -> Any:
        """Result type, or a sequence of them, from operand types and attribute values."""
        raise NotImplementedError

    @classmethod
    def build(cls, *operands: Any, loc: Any = None, ip: Any = None, **attrs: Any) -> Any:
        """Create the op; returns its result, or the list of them. Raises VerifyError."""
        values = cls.complete(attrs)
        types = as_list(cls.infer(*_operand_types(operands), **values))
        op = cls(**cls._by_field(operands, types), loc=loc, ip=ip)
        for name, value in values.items():
            if value is not None:
                op.operation.attributes[name] = cls.attrs[name].to_attr(value)
        results = list(op.operation.results)
        return results if cls._is_variadic_result() or len(results) != 1 else results[0]

    @classmethod
    def complete(cls, attrs: dict[str, Any]) -> dict[str, Any]:
        """`attrs` with the defaults filled in; an unknown or missing one is a VerifyError."""
        for name in attrs:
            if name not in cls.attrs:
                raise VerifyError(f"has no attribute '{name}' (has: {', '.join(cls.attrs)})")
        full = {n: attrs.get(n, kind.default) for n, kind in cls.attrs.items()}
        for name, value in full.items():
            if value is REQUIRED:
                raise VerifyError(f"requires attribute '{name}'")
        return full

    @classmethod
    def _by_field(cls, operands: Sequence[Any], types: list[Any]) -> dict[str, Any]:
        """Field name -> operand (trailing optional ones may be left out) or result type."""
        names = [f.name for f in cls._fields if isinstance(f, ext.OperandDef)]
        results = [f.name for f in cls._fields if isinstance(f, ext.ResultDef)]
        given = dict(zip(names, operands, strict=False))
        produced = [types] if cls._is_variadic_result() else types
        return given | dict(zip(results, produced, strict=True))

    @classmethod
    def _is_variadic_result(cls) -> bool:
        return cls._ODS_RESULT_SEGMENTS is not None

    def attr_values(self) -> dict[str, Any]:
        """Attribute values as Python objects, defaults filled in."""
        present = self.operation.attributes
        return {
            n: kind.from_attr(present[n])
            if n in present
            else (None if kind.default is REQUIRED else kind.default)
            for n, kind in self.attrs.items()
        }

    def operand_groups(self) -> list[Any]:
        """Operands by field: a value, None (absent optional) or a list (variadic)."""
        groups = []
        for field in self._fields:
            if isinstance(field, ext.OperandDef):
                value = getattr(self, field.name)
                is_variadic = field.variadicity == ext.Variadicity.variadic
                groups.append(list(value) if is_variadic else value)
        return groups

    def inferred_types(self) -> list[Any]:
        """What the shape rule says of this op as it stands."""
        return as_list(self.infer(*_operand_types(self.operand_groups()), **self.attr_values()))

    def check(self) -> None:
        """Verifier beyond attributes: by default the result types must be the inferred ones."""
        expected = self.inferred_types()
        actual = [r.type for r in self.operation.results]
        if len(expected) != len(actual):
            raise VerifyError(f"has {len(actual)} results, expected {len(expected)}")
        for i, (want, have) in enumerate(zip(expected, actual, strict=True)):
            if want != have:
                raise VerifyError(f"result {i} has type {have}, expected {want}")


def as_list(types: Any) -> list[Any]:
    """A shape rule may return one type or several."""
    return list(types) if isinstance(types, (list, tuple)) else [types]


def _operand_types(operands: Sequence[Any]) -> list[Any]:
    def type_of(v: Any) -> Any:
        if v is None:
            return None
        return [x.type for x in v] if isinstance(v, (list, tuple)) else v.type

    return [type_of(v) for v in operands]


def _attr_reader(name: str, kind: AttrKind) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        present = self.operation.attributes
        return kind.from_attr(present[name]) if name in present else kind.default

    return read


_SEGMENTS = {"operandSegmentSizes", "resultSegmentSizes"}


def _verify(self: Any) -> bool:
    op = self.operation
    try:
        _check_segments(self)
        for entry in list(op.attributes):
            name = entry if isinstance(entry, str) else entry.name
            if name not in self.attrs and name not in _SEGMENTS and "." not in name:
                raise VerifyError(f"has unknown attribute '{name}'")
        for name, kind in self.attrs.items():
            if name not in op.attributes:
                if kind.default is REQUIRED:
                    raise VerifyError(f"requires attribute '{name}'")
            elif not kind.accepts(op.attributes[name]):
                raise VerifyError(f"attribute '{name}' must be {kind.words}")
        with op.location:  # types are made by shape rules; a parser has no location of its own
            self.check()
        return True
    except VerifyError as e:
        op.location.emit_error(f"'{op.name}' op {e}")
    except (IndexError, KeyError, TypeError, AttributeError, ValueError) as e:
        op.location.emit_error(f"'{op.name}' op is malformed ({type(e).__name__}: {e})")
    return False


def _check_segments(self: Any) -> None:
    op = self.operation
    fields = [f for f in self._fields if isinstance(f, ext.OperandDef)]
    if self._ODS_OPERAND_SEGMENTS is None:
        if len(op.operands) != len(fields):
            raise VerifyError(f"expects {len(fields)} operands, got {len(op.operands)}")
        return
    if "operandSegmentSizes" not in op.attributes:
        raise VerifyError("requires attribute 'operandSegmentSizes'")
    sizes = list(op.attributes["operandSegmentSizes"])
    if len(sizes) != len(fields) or sum(sizes) != len(op.operands) or min(sizes, default=0) < 0:
        raise VerifyError(f"has operandSegmentSizes {sizes} for {len(op.operands)} operands")
    for field, size in zip(fields, sizes, strict=True):
        if field.variadicity == ext.Variadicity.single and size != 1:
            raise VerifyError(f"expects one operand '{field.name}', got {size}")
        if field.variadicity == ext.Variadicity.optional and size > 1:
            raise VerifyError(f"expects at most one operand '{field.name}', got {size}")
