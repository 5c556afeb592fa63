"""Comparing aicc with another evaluator, and finding the node at fault (`aicc check`)."""
