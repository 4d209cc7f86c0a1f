"""Views of the partners app."""
