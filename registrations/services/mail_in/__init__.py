"""Mail that comes in: a reply to a reminder becomes an update on the timeline (R8)."""
