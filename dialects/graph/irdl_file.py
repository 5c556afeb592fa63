"""The dialect as an IRDL file, for foreign tools (`mlir-opt --irdl-file=graph.irdl.mlir`).

`python -m aicc.dialects.graph.irdl_file` writes it anew; a test compares. IRDL says operands and
results only: attributes, shape rules and verifiers are in the Python classes.
"""

from pathlib import Path

from aicc._mlir import context, ir

from . import Graph, load_graph

FILE = Path(__file__).with_name("graph.irdl.mlir")


def irdl_text() -> str:
    """The IRDL definition of the dialect as it stands."""
    with context(), ir.Location.unknown():
        load_graph()
        return str(Graph._mlir_module) + "\n"


if __name__ == "__main__":
    FILE.write_text(irdl_text())
