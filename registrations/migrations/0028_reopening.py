"""What was refused or revoked can be reopened."""

from django.db import migrations, models

ACTION_LABELS = [
    ("submit", "Submit"),
    ("assign", "Assign"),
    ("refuse", "Refuse"),
    ("ask_information", "Ask for information"),
    ("answer", "Answer"),
    ("waitlist", "Waitlist"),
    ("revoke", "Revoke"),
    ("reopen", "Reopen"),
    ("update", "Update"),
    ("withdraw", "Withdraw"),
    ("win", "Mark as won"),
    ("lose", "Mark as lost"),
    ("expire", "Expire"),
    ("offer", "Offer"),
    ("move_up", "Accept and move up"),
    ("decline", "Decline the offer"),
    ("lapse", "Let the offer lapse"),
    ("reorder", "Change the order of the line"),
    ("propose", "Propose a split or a transfer"),
    ("agree", "Agree to a proposal"),
    ("disagree", "Disagree with a proposal"),
    ("share", "Split between two partners"),
    ("unshare", "End the split"),
    ("win_together", "Won by both"),
    ("transfer", "Transfer to another partner"),
    ("take_over", "Take over from another partner"),
    ("return", "Return to review"),
    ("judge", "Judge the company"),
    ("ask_extension", "Ask for an extension"),
    ("extend", "Extend"),
    ("refuse_extension", "Refuse the extension"),
    ("release", "Release"),
    ("customer_letter", "Record a customer's letter"),
    ("appeal", "Appeal"),
    ("grant_appeal", "Grant the appeal"),
    ("dismiss_appeal", "Dismiss the appeal"),
    ("undo", "Undo"),
]


class Migration(migrations.Migration):
    dependencies = [("registrations", "0027_mailbox_reading")]

    operations = [
        migrations.RemoveConstraint("decision", "decision_known"),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(action__in=[action for action, _ in ACTION_LABELS]), name="decision_known"
            ),
        ),
        migrations.AlterField("decision", "action", models.CharField(choices=ACTION_LABELS, max_length=20)),
    ]
