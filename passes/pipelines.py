"""The phases as lists of passes, read top to bottom.

Each phase takes the text of the one before and sets `aicc.phase`; `to-<phase>` is its pipeline.
"""

from __future__ import annotations

from aicc.passes.registry import register_pipeline

SIMPLIFY = ["simplify-graph"]
# before algebra rewrites the formulas that these look for
RECOGNISE = [
    "simplify-graph{order=eliminate-redundancy,fold-constants,eliminate-common-subexpressions}",
    "recognise-quantization",
    # after it: it reads formulas
    "fold-quantization",
    "recognise-activations",
    "recognise-normalization",
    "recognise-attention",
    "expand-attention",
]
LINEAR = ["fold-batch-norm", "fuse-linear", "merge-siblings"]
LAYOUT = [
    "narrow-precision",
    "assign-layout",
    "propagate-layout",
    "choose-convolution",
    "pack-weights",
    "pack-recurrences",
    *SIMPLIFY,
]
PHASES = ("import", "graph", "kernels", "schedule", "buffers", "loops", "llvm")


@register_pipeline("to-graph")
def to_graph(*, opt_level: int = 3) -> list[str]:
    """Graph optimisation: from imported ops to fusion groups.

    Level 0 keeps every op as it is, one kernel each; 1 adds exact simplification and fusion;
    2 folds norms into weights; 3 chooses layouts and packs weights for the schedules.
    """
    return [
        # first: what follows works on straight functions
        f"outline-bodies{{hoist={'true' if opt_level >= 1 else 'false'}}}",
        *(RECOGNISE if opt_level >= 2 else []),
        *(SIMPLIFY if opt_level >= 1 else []),
        # norms become factors and offsets, which go into weights
        *([*LINEAR, *SIMPLIFY] if opt_level >= 2 else []),
        # after norms have found their convolutions; before layouts, which move convolutions only
        *(
            ["reduce-work", "replace-ops", "reduce-work", "fold-quantization", *SIMPLIFY]
            if opt_level >= 2
            else []
        ),
        # casts between layouts meet and cancel
        *(LAYOUT if opt_level >= 3 else []),
        # nothing moves any more, and what is tabulated need not be fused
        *(["tabulate-bytes"] if opt_level >= 2 else []),
        # after everything that changes weights
        "hoist-weight-math",
        # last: nothing looks into groups before they become kernels
        *(["sink-reshapes", "fuse", "round-in-place"] if opt_level >= 1 else []),
        "set-phase{name=graph}",
    ]


@register_pipeline("to-kernels")
def to_kernels() -> list[str]:
    """One private linalg function per distinct kernel."""
    return [
        "outline-kernels",
        "graph-to-linalg",
        # merges the elementwise chains of a kernel; needs linalg on tensors
        "func.func(linalg-fuse-elementwise-ops)",
        # after it, because it takes the dimensions of a kernel's operations apart
        "collapse-rows",
        "canonicalize",
        "set-phase{name=kernels}",
    ]


@register_pipeline("to-schedule")
def to_schedule(*, opt_level: int = 3, dynamic: bool = False) -> list[str]:
    """Decide the schedules, then tile by them; plain loops below level 2.

    Those of code for several shapes (`dynamic`) are put into an order that suits vectors.
    """
    tiled = [
        "decide-schedules",
        "apply-schedules",
        "tile-recurrences",
        "tile-sums",
        "split-sums",
        "alternate-rows",
    ]
    plain = ["interchange-loops"] if dynamic else []
    schedule = tiled if opt_level >= 2 else plain
    return ["choose-threads", *schedule, "set-phase{name=schedule}"]


@register_pipeline("to-buffers")
def to_buffers(*, opt_level: int = 3, dynamic: bool = False) -> list[str]:
    """Destination-passing functions on memrefs, one planned arena.

    At level 0 every buffer has memory of its own, and no call is turned into a view. Which buffers
    share memory hangs on their sizes: code for several shapes (`dynamic`) must not see it.
    """
    algorithm = "best-fit" if opt_level >= 1 else "naive"
    return [
        "eliminate-empty-tensors",
        "lower-control-flow",
        "one-shot-bufferize{bufferize-function-boundaries=1 "
        "function-boundary-type-conversion=identity-layout-map}",
        # before drop-equivalent-buffer-results: casts in between would hide that results alias
        "canonicalize",
        "cse",
        "drop-body-results",
        "drop-equivalent-buffer-results{modify-public-functions=1}",
        "lower-attention",
        "lower-winograd",
        "lower-windows",
        "lower-searches",
        # register tiles become vector code here, before any buffer of theirs could be moved
        "lower-vectors",
        "hoist-tile-shapes",
        # what stays inside loops must not reach malloc
        "func.func(buffer-hoisting,buffer-loop-hoisting)",
        "lower-copies",
        "write-destinations",
        "hoist-workspaces",
        # elide-copies takes what has no gaps; padding comes last, for what is written in place
        *(
            [
                "place-parts{halos=false}",
                "elide-copies",
                "reuse-in-place",
                "place-parts",
                "lower-copies",
            ]
            if opt_level >= 1
            else []
        ),
        # kernels that no call needs any more
        "symbol-dce",
        f"plan-memory{{algorithm={algorithm} whole-kernels={'true' if dynamic else 'false'}}}",
        # after the plan: what is left are the small buffers inside the kernels' loops
        "func.func(promote-buffers-to-stack{max-alloc-size-in-bytes=65536})",
        # only in modules made for a profile
        "mark-kernels",
        "set-phase{name=buffers}",
    ]


@register_pipeline("to-loops")
def to_loops(*, dynamic: bool = False) -> list[str]:
    """Vector code for register tiles, affine loops for the rest, parallel loops for the runtime.

    What decides by sizes stays out of code that several shapes share (`dynamic`).
    """
    by_size = ["distribute-loops", "tile-transposes", "vectorise-elementwise"]
    return [
        "func.func(linalg-generalize-named-ops)",
        *([] if dynamic else by_size),
        "func.func(convert-linalg-to-affine-loops)",
        "func.func(affine-scalrep)",
        # in parallel loops LLVM does not know that what is read is not what is written
        "func.func(affine-loop-invariant-code-motion)",
        "expand-math",
        "canonicalize",
        "cse",
        "set-phase{name=loops}",
    ]


@register_pipeline("to-llvm")
def to_llvm() -> list[str]:
    """LLVM dialect with bare-pointer functions."""
    return [
        "describe-entry-points",
        "scf-forall-to-parallel",
        "parallel-to-openmp",
        "lower-affine",
        # removes memref.alloca_scope, which has no lowering of its own
        "canonicalize",
        "drop-empty-arguments",
        "convert-scf-to-cf",
        "expand-strided-metadata",
        "lower-affine",
        "func.func(arith-expand)",
        "convert-math-to-llvm",
        # calls libm lane by lane: what takes vectors apart is lowered after it
        "convert-math-to-libm",
        "convert-vector-to-llvm{enable-x86=1}",
        "finalize-memref-to-llvm",
        "convert-func-to-llvm{use-bare-ptr-memref-call-conv=1}",
        "convert-arith-to-llvm",
        "convert-index-to-llvm",
        "convert-cf-to-llvm",
        "convert-ub-to-llvm",
        "convert-openmp-to-llvm",
        "reconcile-unrealized-casts",
        "widen-booleans",
        "copy-as-integers",
        "set-target-features",
        "set-vector-width",
        "set-phase{name=llvm}",
    ]
