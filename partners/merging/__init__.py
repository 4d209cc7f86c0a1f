"""Two records of one firm made one: what stands in relation to a firm, and what becomes of each relation."""
