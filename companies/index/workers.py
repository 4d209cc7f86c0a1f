"""Work shared among processes, a few pieces ahead at most, so that memory stays small however long the input is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")

_PIECE = 4_000
_AHEAD = 2


def pieces(items: Iterable[T], size: int = _PIECE) -> Iterator[list[T]]:
    """The items in lists of `size`."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def prepared(
    work: Callable[[list[T]], str], items: Iterable[T], *, processes: int
) -> Iterator[tuple[int, str]]:
    """What `work` makes of each piece, in order, with the piece's size. `work` is a module's function.

    With 1 process all is done here. The others are started afresh: they share no database connection with this one.
    """
    if processes <= 1:
        yield from ((len(piece), work(piece)) for piece in pieces(items))
        return
    waiting: deque[tuple[int, Future[str]]] = deque()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for piece in pieces(items):
            waiting.append((len(piece), pool.submit(work, piece)))
            if len(waiting) > processes * _AHEAD:
                size, done = waiting.popleft()
                yield size, done.result()
        while waiting:
            size, done = waiting.popleft()
            yield size, done.result()
