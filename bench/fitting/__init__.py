"""Fits companies/matching/data/model.json. `make fit-matching` runs it; it needs requirements-fit.txt."""
