"""The rules of `reduce-work`, by family."""
