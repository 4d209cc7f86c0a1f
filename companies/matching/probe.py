"""Which keys to ask the index for: first the query's words in the vocabulary, then the keys that are worth following."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from companies.matching.entries import hashed, mistyped, pair_label, skeleton, word_label
from companies.matching.normalise import Name
from companies.matching.rates import Rates, is_frequent, is_general, usual_weights

# Names that the keys together may bring, by their words' counts.
_BUDGET = 500
# Of the words one letter off so many are looked at that few names carry, and so many that many do: these find in pairs.
_NEIGHBOURS, _FREQUENT_NEIGHBOURS = 12, 3
# What a word one letter off is worth beside the word itself, which no company or some company bears.
_NEAR, _NEAR_KNOWN = 0.85, 0.6
# What it adds that both names begin with the same word, and that both share letters.
_FIRST = 0.2
# A candidate that looks clearly less like the query than the best one is not meant, and would only be taken for it by chance;
# but beside the very name its branches stay in sight.
_WORTH_A_LOOK = 0.8
_ENOUGH = 2.0


class Probe:
    """The two questions for a query's names (at least one): `words` and `typos` for the vocabulary, then `keys`; `named` are
    those keys that whoever bears one of the names has, by whatever name it goes; `own` the names' words, each
    with the key that it has where it finds names by itself."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = [name for name in names if name.words]
        self._words = [list(dict.fromkeys(word.text for word in name.words)) for name in self.names]
        wanted: dict[str, None] = {}
        for words in self._words:
            wanted.update(dict.fromkeys(words))
            wanted.update(dict.fromkeys(one + two for one, two in pairwise(words)))
            for word in words:
                if not is_frequent(word):
                    wanted.update(dict.fromkeys(_halves(word)))
        self.words = list(wanted)
        self.doubtful = [
            word for word in dict.fromkeys(w for words in self._words for w in words) if not is_frequent(word)
        ]
        self.rates = Rates()
        self.near: dict[str, str] = {}
        self.named = sorted({hashed(f"j:{joined}") for name in self.names for joined in name.written})
        self.typos = sorted({key for word in self.doubtful for key in mistyped(word)})
        self.own = {word: hashed(word_label(word)) for words in self._words for word in words}

    def keys(self, known: Mapping[str, int], total: int = 0) -> list[int]:
        """The keys to follow, given how many of `total` names carry each known word (asked for, or one letter off)."""
        labels: dict[str, None] = {}
        total = total or max(known.values(), default=0)
        for name, words in zip(self.names, self._words, strict=True):
            labels.update(dict.fromkeys(self._exact(name, words)))
            labels.update(dict.fromkeys(self._telling(name, words, known, total)))
        self.rates = Rates(known, total)
        return [hashed(label) for label in labels]

    def _exact(self, name: Name, words: list[str]) -> Iterable[str]:
        for joined in name.written:
            yield f"j:{joined}"
            if len(words) == 1 and 3 <= len(joined) <= 8:
                yield f"i:{joined}"
        if len(words) > 1:
            yield f"s:{' '.join(sorted(words))}"
        if len(words) <= 3:
            yield f"c:{skeleton(name.joined)}"
        for letters in name.letters:
            yield f"j:{letters}"

    def _telling(self, name: Name, words: list[str], known: Mapping[str, int], total: int) -> Iterable[str]:
        read = list(words)
        for one, two in pairwise(words):
            if known.get(one + two):
                read.append(one + two)
        for word in words:
            if known.get(word, 0) == 0:
                read += self._apart(word, known)
            near = self._neighbours(word, known)
            self.near.update(dict.fromkeys(near, word))
            read += near
        read = list(dict.fromkeys([*read, *name.parts]))
        spent = 0
        for word in sorted(read, key=lambda w: known.get(w, 0)):
            count = known.get(word, 1)
            if is_general(word):
                continue
            if spent + count <= _BUDGET:
                spent += count
                yield word_label(word)
        frequent = [word for word in read if is_frequent(word)][:9]
        pairs = sorted((_together(*pair, known, total), pair) for pair in combinations(frequent, 2))
        for expected, pair in pairs[:10]:
            if spent + expected <= _BUDGET:
                spent += int(expected)
                yield pair_label(*pair)

    def _apart(self, word: str, known: Mapping[str, int]) -> list[str]:
        """The best way to read a word as two known ones."""
        best: tuple[int, list[str]] = (0, [])
        for place in range(2, len(word) - 1):
            one, two = word[:place], word[place:]
            counts = known.get(one, 0), known.get(two, 0)
            if min(counts) > 0:
                best = max(best, (min(place, len(word) - place) * 1000 + min(999, *counts), [one, two]))
        return best[1]

    def _neighbours(self, word: str, known: Mapping[str, int]) -> list[str]:
        if len(word) < 4 or word.isdigit():
            return []
        # A word that many names carry was hardly mistyped: then only rare ones beside it are looked at.
        most = 1_000_000 if known.get(word, 0) <= 3 else 12
        near = [
            other
            for other, count in known.items()
            if other != word
            and count <= most
            and abs(len(other) - len(word)) <= 1
            and OSA.distance(word, other, score_cutoff=1) <= 1
        ]
        letters = sorted(word)  # letters that changed places are the likeliest slip
        near.sort(key=lambda other: (sorted(other) != letters, known[other]))
        return near[:_NEIGHBOURS] + near[_NEIGHBOURS:][-_FREQUENT_NEIGHBOURS:]


def _halves(word: str) -> Iterable[str]:
    if len(word) >= 6:
        for place in range(2, len(word) - 1):
            yield word[:place]
            yield word[place:]


def _together(one: str, other: str, known: Mapping[str, int], total: int) -> float:
    """About how many names carry both words: words that go together do so more often than by chance."""
    return 4.0 * known.get(one, 0) * known.get(other, 0) / max(total, 1_000)


def shortlist(probe: Probe, cores: Sequence[str], most: int) -> list[int]:
    """The places of the cores that look most like one of the probe's names, best first: at most `most`, and none that
    looks far less like it than the best."""
    apart = [core.replace(" ", "") for core in cores]
    reached = [0.0] * len(cores)
    for name in probe.names:
        worth = _Overlap(probe, name).with_all(cores, apart)
        for _, likeness, place in process.extract(
            name.joined, apart, scorer=fuzz.ratio, processor=None, limit=None
        ):
            worth[place] += likeness / 100
        reached = [*map(max, reached, worth)]
    least = min(_ENOUGH, _WORTH_A_LOOK * max(reached, default=0.0))
    kept = [place for place in range(len(cores)) if reached[place] >= least]
    return sorted(kept, key=lambda place: -reached[place])[:most]


class _Overlap:
    """What share of two names' telling words meets, cheaply: 0 to 2, more for equal letters and initials."""

    def __init__(self, probe: Probe, name: Name) -> None:
        weight = probe.rates.weight
        self._weight = weight
        self._values = {word.text: weight(word.text) for word in name.words}
        self._whole = sum(self._values.values()) or 1.0
        for near, word in probe.near.items():
            if word in self._values:
                # A word that companies bear was hardly mistyped.
                worth = _NEAR_KNOWN if probe.rates.is_known(word) else _NEAR
                self._values.setdefault(near, worth * self._values[word])
        for one, two in pairwise(name.words):
            both = self._values[one.text] + self._values[two.text]
            self._values.setdefault(one.text + two.text, both)
        for part in name.parts:
            self._values.setdefault(part, 0.5)
        self._first = name.words[0].text
        self._letters = set(name.letters)
        self._alone = name.joined if len(name.words) == 1 else ""
        self._joined = {spelling.replace(" ", "") for spelling in name.spellings} | {name.typed}

    def with_all(self, cores: Sequence[str], apart: Sequence[str]) -> list[float]:
        """Each core's overlap; `apart` are the cores without spaces. One loop, since hundreds are looked at: what a core's
        words tell is summed by the usual weights, and put right for those that meet."""
        values, whole, usual = self._values, self._whole, usual_weights()
        more = {word: self._weight(word) - usual[word] for word in values}
        told, begins = usual.__getitem__, _FIRST * values[self._first]
        out = []
        for core, joined in zip(cores, apart, strict=True):
            if joined in self._joined:
                out.append(3.0)
                continue
            words = core.split()
            theirs, met = sum(map(told, words)), 0.0
            for word in words:
                if word in values:
                    met += values[word]
                    theirs += more[word]
            share = 2 * met / (whole + theirs) + 0.5 * met / (min(whole, theirs) or 1.0) if met else 0.0
            if words and words[0] == self._first:
                share += begins
            if joined in self._letters:
                share += 0.5 * len(joined)
            elif len(words) == len(self._alone) and "".join([word[0] for word in words]) == self._alone:
                share += 0.6
            out.append(share)
        return out
