"""What can be known of values before a run."""
