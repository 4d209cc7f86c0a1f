"""Views of the policies."""
