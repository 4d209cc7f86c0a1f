"""Pages of the notifications app, one file per page."""
