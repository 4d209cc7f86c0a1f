"""Invented data that shows every screen at work. Nothing else in the portal imports this app."""
