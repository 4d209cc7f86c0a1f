"""Agreements between the vendor and its partners: what is asked of whom, and what was accepted."""
