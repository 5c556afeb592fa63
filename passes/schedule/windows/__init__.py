"""Sliding windows of each channel by itself: the plan of a kernel, and its vector code."""
