"""Forms of the policies."""
