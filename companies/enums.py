"""The closed lists of this app; each is also a CHECK in the database."""

from django.db import models


class NameKind(models.TextChoices):
    """How a company came to be called so."""

    LEGAL = "legal", "Legal name"
    ALIAS = "alias", "Also called"
    DBA = "dba", "Trading name"
    FORMER = "former", "Former name"


class VerdictKind(models.TextChoices):
    """What a person decided about two companies."""

    SAME = "same", "Same company"
    DIFFERENT = "different", "Different companies"


class ChangeKind(models.TextChoices):
    """What a person changed about a company."""

    NAME_ADDED = "name_added", "Name added"
    NAME_WITHDRAWN = "name_withdrawn", "Name withdrawn"
    PARENT = "parent", "Parent changed"
    FACTS = "facts", "Facts changed"


class SuggestionState(models.TextChoices):
    """Where two companies that look like doubles stand."""

    OPEN = "open", "To be looked at"
    LATER = "later", "Put off"
    MERGED = "merged", "Same company"
    DIFFERENT = "different", "Different companies"


class AccountKind(models.TextChoices):
    """Why direct sales has a claim on a company."""

    NAMED_ACCOUNT = "named_account", "Named account"
    OPEN_OPPORTUNITY = "open_opportunity", "Open opportunity"
