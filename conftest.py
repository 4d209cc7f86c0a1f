"""Plugins for all tests: the people and their firms."""

from hypothesis import settings

pytest_plugins = ["tests.people"]

# How long an example takes says something about the machine, not about the code.
settings.register_profile("concord", deadline=None)
settings.load_profile("concord")
