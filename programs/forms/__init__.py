"""Forms of programs, tiers and training."""
