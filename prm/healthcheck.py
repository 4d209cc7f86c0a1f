"""`python -m prm.healthcheck`: exit code 0 when the web server in this container answers. Used by the Dockerfile.

It asks as a browser behind the proxy would, since other host names are refused. Whether the portal as a whole works is
what /health/ready/ says, which monitoring watches.
"""

import http.client
import os
import sys


def host() -> str:
    """A name that ALLOWED_HOSTS accepts."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().removeprefix(".")
    return "localhost" if first in {"", "*"} else first


def alive(port: int = 8000) -> bool:
    """Whether /health/live/ answers 200 within four seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/live/", headers={"Host": host(), "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive() else 1)
