"""Searches for the best elements of rows, as vector code."""
