"""Front ends: each turns a model file into a module of `graph` ops."""
