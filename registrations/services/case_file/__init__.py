"""Everything about a company's dispute in one file: what a person reads, and what a program verifies."""
