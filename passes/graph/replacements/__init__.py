"""The rules of `replace-ops`, by operator."""
