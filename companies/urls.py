"""Addresses of companies and named accounts."""

from django.urls import path

from companies.views import companies, doubles, editing, imports, merge, named_accounts

app_name = "companies"

urlpatterns = [
    path("companies/", companies.search_companies, name="search"),
    path("companies/doubles/", doubles.doubles, name="doubles"),
    path("companies/doubles/<str:code>/", doubles.answer, name="answer_double"),
    path("companies/<str:code>/", companies.company, name="company"),
    path("companies/<str:code>/facts/", editing.facts, name="facts"),
    path("companies/<str:code>/names/add/", editing.add_name, name="add_name"),
    path("companies/<str:code>/names/<int:number>/withdraw/", editing.withdraw, name="withdraw_name"),
    path("companies/<str:code>/parent/", merge.choose, {"purpose": "parent"}, name="choose_parent"),
    path("companies/<str:code>/parent/none/", editing.no_parent, name="no_parent"),
    path("companies/<str:code>/parent/<str:other>/", editing.parent, name="parent"),
    path("companies/<str:code>/merge/", merge.choose, {"purpose": "merge"}, name="choose_merge"),
    path("companies/<str:code>/merge/<str:other>/", merge.merge, name="merge"),
    path("companies/<str:code>/different/<str:other>/", merge.different, name="different"),
    path("companies/<str:code>/changes/<int:number>/undo/", editing.undo, name="undo_change"),
    path("companies/<str:code>/verdicts/<str:other>/undo/", merge.undo, name="undo_verdict"),
    path("named-accounts/", named_accounts.named_accounts, name="named_accounts"),
    path("named-accounts/import/", imports.import_accounts, name="import_named_accounts"),
    path("named-accounts/import/confirm/", imports.confirm_import, name="confirm_import"),
    path("named-accounts/import/example.csv", imports.example, name="import_example"),
    path("named-accounts/<str:code>/", named_accounts.named_account, name="named_account"),
]
