"""Pages of the content library."""
