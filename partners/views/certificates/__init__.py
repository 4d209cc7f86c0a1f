"""Pages about certificates: a firm's own, one of them, the vendor's lists, the queue of those to verify, the types."""
