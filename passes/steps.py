"""From the text of a pipeline to the flat list of passes to run.

Named pipelines are replaced by their passes and nests are spread, `func.func(a,b)` into
`func.func(a)` and `func.func(b)`, so that every step is one pass. Steps that are all upstream's can
be joined again (`joined_text`), which saves a pass manager per step.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from aicc.passes.options import OptionError, parse_options
from aicc.passes.pipeline_text import ROOT, Node, parse_pipeline
from aicc.passes.registry import PassInfo, PipelineInfo, find_pass, find_pipeline, known_names


@dataclass(frozen=True)
class Step:
    """One pass; `path` are the op names nested below the root module, `info` None for upstream."""

    node: Node
    path: tuple[str, ...]
    info: PassInfo | None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pass's argument."""
        return self.node.name

    @property
    def text(self) -> str:
        """A whole pipeline that runs this pass alone."""
        return joined_text([self])


def steps_of(source: str) -> list[Step]:
    """The passes of a textual pipeline in order; raises PipelineError with the column."""
    return list(_spread(parse_pipeline(source), (), ()))


def joined_text(steps: Sequence[Step]) -> str:
    """One textual pipeline for `steps`; neighbours under the same nest share it."""
    parts = []
    for path, group in groupby(steps, key=lambda step: step.path):
        text = ",".join(step.node.text for step in group)
        for name in reversed(path):
            text = f"{name}({text})"
        parts.append(text)
    return f"{ROOT}({','.join(parts)})"


def unknown_pass(node: Node) -> str:
    """The message for a name that neither the registry nor upstream knows."""
    near = difflib.get_close_matches(node.name, known_names(), n=3, cutoff=0.75)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; see aicc-opt --list-passes"
    return f"no pass or pipeline '{node.name}'{hint}"


def _spread(
    nodes: Sequence[Node], path: tuple[str, ...], open_pipelines: tuple[str, ...]
) -> Iterator[Step]:
    for node in nodes:
        if node.children is not None:
            yield from _spread(node.children, (*path, node.name), open_pipelines)
        elif info := find_pass(node.name):
            yield _python_step(node, path, info)
        elif pipeline := find_pipeline(node.name):
            yield from _expand(node, path, pipeline, open_pipelines)
        else:
            yield Step(node, path, None)


def _python_step(node: Node, path: tuple[str, ...], info: PassInfo) -> Step:
    """A module pass cannot run under a nest; a function pass at the top runs on every function."""
    level = path[-1] if path else ROOT
    if level not in (info.anchor, ROOT, "any"):
        node.fail(f"pass '{info.name}' runs on '{info.anchor}', not on '{level}'")
    try:
        return Step(node, path, info, parse_options(info.options, node.options))
    except OptionError as error:
        node.fail(f"pass '{info.name}': {error}")


def _expand(
    node: Node, path: tuple[str, ...], pipeline: PipelineInfo, open_pipelines: tuple[str, ...]
) -> Iterator[Step]:
    if pipeline.name in open_pipelines:
        node.fail(f"pipeline '{pipeline.name}' contains itself")
    try:
        built = pipeline.build(**parse_options(pipeline.options, node.options))
    except OptionError as error:
        node.fail(f"pipeline '{pipeline.name}': {error}")
    text = built if isinstance(built, str) else ",".join(built)
    yield from _spread(parse_pipeline(text), path, (*open_pipelines, pipeline.name))
