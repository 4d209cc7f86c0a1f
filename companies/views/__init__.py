"""Pages of companies and named accounts; all of them are for vendor staff."""
