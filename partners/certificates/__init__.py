"""What certificates mean to others: who holds which (valid.py), what one opens and closes (gates.py)."""
