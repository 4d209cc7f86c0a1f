"""Simulations (L6): what a version of the policy would have done to the registrations of a period.

`cases` reads what was asked then, `comparing` asks the version, `tally` counts, `telling` says it in words. What is
written is written by services/simulations.py and services/simulating.py.
"""
