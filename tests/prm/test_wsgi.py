"""What a web process does before it answers anybody."""

import importlib

import prm.wsgi
from companies.matching import model


def test_a_fresh_process_has_read_what_the_matcher_needs() -> None:
    model.list_model.cache_clear()
    model.pair_model.cache_clear()

    importlib.reload(prm.wsgi)

    assert model.list_model.cache_info().currsize == model.pair_model.cache_info().currsize == 1
