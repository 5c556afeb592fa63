"""The fused attention kernel: its plan and the vector code of its parts."""
