"""People who sign in, and the roles that say what they may do."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from accounts.enums import Side
from accounts.querysets import AbsenceQuerySet


class Role(models.Model):
    """What somebody may do, as data: `permissions` are names of actions such as 'registrations.decide'."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    side = models.CharField(max_length=10, choices=Side)
    permissions = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="role_side_known")
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A new person. Without a password they can sign in only after setting one by a mailed link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("role")


class User(AbstractBaseUser):
    """A person. Which side they stand on is their role's; which firm they belong to is partners.Member."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    # Whom overdue work of this person is told to next.
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    single_keys = models.BooleanField(
        default=True, db_default=True
    )  # shortcuts of one key; some people cannot have them

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, permission: str) -> bool:
        """Whether this person's role holds `permission`. Read afresh with the user on each request."""
        return self.is_active and permission in self.role.permissions

    @property
    def is_vendor(self) -> bool:
        """On the vendor's side of the table."""
        return self.role.side == Side.VENDOR

    @property
    def is_partner_side(self) -> bool:
        """On a partner's side of the table."""
        return self.role.side == Side.PARTNER

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Absence(models.Model):
    """Days on which somebody is away, both included, in their own time zone; `delegate` stands in for them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~models.Q(delegate=models.F("user")), name="absence_delegate_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} away {self.starts_on} to {self.ends_on}"
