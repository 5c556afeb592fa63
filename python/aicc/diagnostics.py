"""The exceptions aicc raises: one type per phase, all under `AiccError`.

A message's first line stays under 100 characters and names the ONNX node and operator where there
is one; further lines give shapes, the reason and the next step.
"""

from __future__ import annotations


class AiccError(Exception):
    """Base of every error a user of aicc can meet."""


class InvalidModel(AiccError):
    """The model file or proto is broken: unreadable, truncated, cyclic, ill-typed."""


class UnsupportedOp(AiccError, NotImplementedError):
    """The model is valid, but holds operators (or cases of them) that aicc does not compile."""


class NeedsSteps(UnsupportedOp):
    """A node whose course a run decides step by step; the model can be run in parts around it.

    `node` is its name in the main graph, once that is known.
    """

    def __init__(self, reason: str, node: str = "") -> None:
        super().__init__(reason)
        self.node = node


class UnsupportedOption(AiccError, NotImplementedError):
    """An option of the public interface that this version of aicc does not build yet."""


class ShapeError(AiccError, ValueError):
    """A name, dtype, rank or shape given at compile or run time does not fit the model."""


class LoweringError(AiccError):
    """A compiler phase failed: a defect of aicc or of a user's pass, which the message names."""


class TargetError(AiccError):
    """The machine, or the target asked for, cannot run the generated code."""


class ArtifactError(AiccError):
    """A saved artefact is damaged, of another version, or for another CPU."""
