from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from partners import figures
        from reports.partner_figures import figures_of

        figures.provide(figures_of)
