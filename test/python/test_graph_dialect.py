"""The graph dialect as a whole: its IRDL file, and that every op has a lowering."""

from aicc.dialects.graph import OPS
from aicc.dialects.graph.irdl_file import FILE, irdl_text
from aicc.passes.linalg.lowering import is_lowerable

# Structure that other passes take apart, and control flow, which the importer does not make yet.
NOT_LOWERED = {
    "graph.group",
    "graph.yield",
    "graph.if",
    "graph.loop",
    "graph.scan",
    "graph.region_yield",
}


def test_irdl_file_is_up_to_date() -> None:
    """`python -m aicc.dialects.graph.irdl_file` writes it anew."""
    assert FILE.read_text() == irdl_text()


def test_every_op_has_a_lowering() -> None:
    missing = {name for name in OPS if not is_lowerable(name)}
    assert missing == NOT_LOWERED
