"""Timing models on several engines side by side (`aicc bench`)."""
