"""Measurements of the portal: `make bench`. Each prints one JSON line; docs/operations.md says how to read them."""
