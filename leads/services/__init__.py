"""Everything that writes leads."""
