"""Plugins for all tests: the people and their firms."""

pytest_plugins = ["tests.people"]
