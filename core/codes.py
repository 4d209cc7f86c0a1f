"""Public codes: what stands in an address or a mail instead of a row number."""

import secrets

# No 0/O, 1/I/L, no U: a code is read over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code(prefix: str, length: int = 7) -> str:
    """A new opaque code such as 'R-7KQ2MXA'. 30**7 possibilities; the column is UNIQUE besides."""
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
