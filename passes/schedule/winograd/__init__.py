"""Winograd convolution: when it pays, its plan, and the vector code of its parts."""
