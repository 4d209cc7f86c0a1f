"""Tiers: criteria, the daily computation, and the moves that follow from it."""
