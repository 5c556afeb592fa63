"""Chains of data movement as one."""
