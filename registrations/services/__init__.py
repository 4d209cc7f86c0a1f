"""All that changes registrations: one module an occasion. Only transitions.py writes a status."""
