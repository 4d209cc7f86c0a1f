"""Pages of the leads app."""
