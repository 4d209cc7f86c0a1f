"""Foreign keys respect the order of the apps, string references included, which import-linter can't see."""

from django.apps import apps

ORDER = [
    *("demo", "reports", "leads", "registrations", "policies", "programs", "companies"),
    *("partners", "notifications", "catalog", "accounts", "core"),
]


def test_relations_point_downwards():
    wrong = []
    for label in ORDER:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if target is None or field.auto_created or target._meta.app_label not in ORDER:
                    continue
                if ORDER.index(target._meta.app_label) < ORDER.index(label):
                    wrong.append(f"{label}.{model.__name__}.{field.name} → {target._meta.app_label}")
    assert wrong == []


def test_every_app_of_ours_has_its_place():
    from prm.settings.apps import OURS

    assert OURS == ORDER
