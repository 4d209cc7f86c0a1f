"""How much memory a run took."""

import resource


def peak_megabytes(processes: int) -> float:
    """The most that this process and `processes` children at once have held, at worst; the database is not counted."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round((own + processes * child) / 1024, 1)
