"""What changes programs, tiers and training."""
