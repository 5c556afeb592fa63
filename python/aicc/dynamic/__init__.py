"""Shape-generic builds: what differs between shapes is data, what is equal is compiled once."""
