"""The command line: picks the command and turns every expected failure into one sentence and exit code 1."""

import sys
from collections.abc import Sequence

from prm.supervisor import output
from prm.supervisor.errors import CannotStart, Interrupted
from prm.supervisor.layout import Layout
from prm.supervisor.manage import run_manage
from prm.supervisor.reset import run_reset
from prm.supervisor.up import run_up

USAGE = "usage: python -m prm.supervisor up | manage COMMAND [ARGUMENTS] | reset"


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 could not (with a sentence), 2 wrong usage."""
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    try:
        if command == "up" and not rest:
            return run_up(Layout.from_environment())
        if command == "manage" and rest:
            return run_manage(Layout.from_environment(), rest)
        if command == "reset" and not rest:
            return run_reset(Layout.from_environment())
    except CannotStart as error:
        output.problem(str(error))
        return 1
    except (Interrupted, KeyboardInterrupt):
        return 130
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
