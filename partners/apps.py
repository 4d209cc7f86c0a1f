from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        """Groups begin with the fields that a firm has by itself; apps further up add theirs."""
        from partners import page_parts
        from partners.groups.firm_fields import add_own_fields
        from partners.groups.on_page import groups_of_firm

        add_own_fields()
        page_parts.provide(groups_of_firm, side=page_parts.VENDOR)
        _papers_and_merges()


def _papers_and_merges() -> None:
    """What certificates, agreements and merges show on a firm's page, and what a merge does with this app's rows."""
    from core import old_files
    from partners import page_parts
    from partners.merging import relations
    from partners.merging.here import RELATIONS
    from partners.services.certificates.old_files import give_up
    from partners.services.merging import stages
    from partners.views import papers_on_page
    from partners.views.merging.on_page import part

    page_parts.provide(part, side=page_parts.VENDOR)
    page_parts.provide(papers_on_page.certificates)
    page_parts.provide(papers_on_page.agreements)
    relations.provide(*RELATIONS, hook=stages.follow)
    old_files.provide(give_up)
