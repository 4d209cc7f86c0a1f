"""Addresses of companies and named accounts."""

from django.urls import path

from companies.views import companies, imports, named_accounts

app_name = "companies"

urlpatterns = [
    path("companies/", companies.search_companies, name="search"),
    path("companies/<str:code>/", companies.company, name="company"),
    path("companies/<str:code>/verdicts/<str:other>/undo/", companies.undo, name="undo_verdict"),
    path("named-accounts/", named_accounts.named_accounts, name="named_accounts"),
    path("named-accounts/import/", imports.import_accounts, name="import_named_accounts"),
    path("named-accounts/import/confirm/", imports.confirm_import, name="confirm_import"),
    path("named-accounts/import/example.csv", imports.example, name="import_example"),
    path("named-accounts/<str:code>/", named_accounts.named_account, name="named_account"),
]
