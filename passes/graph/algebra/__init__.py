"""The rules of `simplify-algebra`, by family."""
