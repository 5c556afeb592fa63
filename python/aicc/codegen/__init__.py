"""From a module at phase "buffers" to object code: split into units, compiled side by side."""
