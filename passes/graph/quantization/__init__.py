"""Rules of `fold-quantization`: rounding and back as single ops, moves of bytes, tables."""
