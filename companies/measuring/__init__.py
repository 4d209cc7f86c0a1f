"""How good and how fast the matching is, on lists of names that need not be the portal's own."""
