"""What changes agreements: publishing, asking, accepting, ending."""

from partners.services.agreements.accepting import accept_version
from partners.services.agreements.asking_firms import ask_again, ask_to_accept
from partners.services.agreements.publishing import (
    Wording,
    create_agreement,
    end_agreement,
    publish_version,
)

__all__ = [
    "Wording",
    "accept_version",
    "ask_again",
    "ask_to_accept",
    "create_agreement",
    "end_agreement",
    "publish_version",
]
