"""The baseline of a tagger: the entities of the training part as a dictionary, looked up in the text, longest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bedside.types import Entity

Units = Sequence[tuple[int, int]]


class Dictionary:
    """Each marked surface with its most frequent type, but for those that mostly stand unmarked.

    >>> words = Dictionary(["no fever"], [[Entity(3, 8, "symptom")]], [[(0, 2), (3, 8)]])
    >>> words.look_up("Fever since Monday", [(0, 5), (6, 11), (12, 18)])
    [Entity(start=0, end=5, type='symptom', probability=1.0)]
    """

    def __init__(self, texts: Sequence[str], entities: Sequence[Iterable[Entity]], units: Sequence[Units]) -> None:
        marked: dict[str, Counter[str]] = {}
        for text, row in zip(texts, entities, strict=True):
            for entity in row:
                marked.setdefault(text[entity.start : entity.end].lower(), Counter())[entity.type] += 1
        self._longest = max((len(surface) for surface in marked), default=0)
        self._types = {surface: types.most_common(1)[0][0] for surface, types in marked.items()}
        seen: Counter[str] = Counter()
        for text, places in zip(texts, units, strict=True):
            seen.update(text[one.start : one.end].lower() for one in self.look_up(text, places))
        often = {surface for surface, types in marked.items() if 2 * types.total() >= seen[surface]}
        self._types = {surface: kind for surface, kind in self._types.items() if surface in often}

    def look_up(self, text: str, units: Units) -> list[Entity]:
        """What stands in the dictionary, from left to right without overlaps; it begins and ends with a unit."""
        found: list[Entity] = []
        lower = text.lower() if len(text.lower()) == len(text) else text
        ends = [end for _, end in units]
        for number, (start, _) in enumerate(units):
            if found and start < found[-1].end:
                continue
            within = (end for end in reversed(ends[number : number + self._longest]) if end - start <= self._longest)
            match = next((end for end in within if lower[start:end] in self._types), None)
            if match is not None:
                found.append(Entity(start, match, self._types[lower[start:match]]))
        return found
