"""How `fuse-linear` moves factors and offsets."""
