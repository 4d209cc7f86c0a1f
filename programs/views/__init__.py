"""Pages of programs, tiers and training."""
