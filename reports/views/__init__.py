"""Views of the reports, one module a report."""
