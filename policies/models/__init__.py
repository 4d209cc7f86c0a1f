"""What binds partners, as it is stored."""

from policies.models.authorisation import AuthorisationGroup as AuthorisationGroup
from policies.models.authorisation import ProductAuthorisation as ProductAuthorisation
from policies.models.exclusive_right import ExclusiveRight as ExclusiveRight
from policies.models.guidance import Guidance as Guidance
from policies.models.news import RightNews as RightNews
from policies.models.news import VersionNews as VersionNews
from policies.models.registration_policy import RegistrationPolicy as RegistrationPolicy
from policies.models.registration_policy import default_final_notices as default_final_notices
from policies.models.route import ReviewRoute as ReviewRoute
