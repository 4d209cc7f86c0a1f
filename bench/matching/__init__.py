"""How the matching does beside its peers: `make bench-matching` writes the figures into docs/matching.md."""
