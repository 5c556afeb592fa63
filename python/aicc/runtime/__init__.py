"""Running compiled models: the native library, and what sits on it. Knows nothing of passes."""
