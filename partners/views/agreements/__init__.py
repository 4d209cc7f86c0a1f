"""Pages about agreements: the firm reads and accepts, operations publish and see who has not accepted."""
