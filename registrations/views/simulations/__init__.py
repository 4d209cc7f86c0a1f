"""Simulations of policy versions: asked for, watched, read, exported."""
