"""What is done with policies."""

from policies.services.drafts import begin_draft as begin_draft
from policies.services.drafts import delete_draft as delete_draft
from policies.services.drafts import save_draft as save_draft
from policies.services.publishing import publish_draft as publish_draft
from policies.services.publishing import publish_version as publish_version
from policies.services.publishing import withdraw_version as withdraw_version
