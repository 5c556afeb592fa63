"""Operators that run in Python between compiled parts: strings, sequences, optionals, images.

No number is computed here: what such an operator does to numbers is handed to compiled code
(`Step.compute`). One file per family; every operator is one function in the table of `registry`.
"""
