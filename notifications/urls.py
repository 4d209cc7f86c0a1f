"""Addresses of the notices, the outbox and, in development, the mailbox."""

from django.urls import path

from notifications import mailbox
from notifications.views import mailbox as mailbox_views
from notifications.views import notices, outbox

app_name = "notifications"

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read-all/", notices.read_all, name="read_all"),
    path("notices/<int:notice_id>/open/", notices.open_notice, name="open"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:message_id>/resend/", outbox.resend_message, name="resend"),
]

if mailbox.is_on():
    urlpatterns += [
        path("mailbox/", mailbox_views.letters, name="mailbox"),
        path("mailbox/<slug:name>/", mailbox_views.letter, name="mail"),
        path("mailbox/<slug:name>/html/", mailbox_views.letter_html, name="mail_html"),
    ]
