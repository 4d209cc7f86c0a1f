"""How dates, times and numbers look, by language; see settings.FORMAT_MODULE_PATH."""
