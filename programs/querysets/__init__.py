"""Who may see what, and what is due, a file for each thing."""
