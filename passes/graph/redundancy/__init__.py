"""The rules of `eliminate-redundancy`, by family."""
