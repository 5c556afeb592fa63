"""How `assign-layout` and `propagate-layout` choose and rewrite."""
