"""How likely each kind of record is; a changed chance leaves all others as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._draw import Draw
from netlink.datasets._recording.channels import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Mapping

# Somebody who gives a statement speaks of an act done to her.
TOLD = {
    "recruited": 0.85,
    "deceived": 0.45,
    "transported": 0.7,
    "transferred": 0.4,
    "received": 0.3,
    "harboured": 0.6,
    "exploited": 0.8,
    "controlled": 0.45,
    "threatened": 0.35,
}
# What statements are like: the chance, and what happens with it.
SPOKEN = {
    "late": (0.25, "a statement is given 120 to 400 days later than others are"),
    "undated": (0.15, "an act in a statement has no date"),
    "mistaken": (0.15, "a statement lays one act on a look-alike or a bystander"),
    "hearsay": (0.08, "an act on another victim is told too, for each that could be known"),
    "acquaintance": (0.4, "another victim moved within 45 days is said to be known"),
    "complaint": (1.0, "a false complaint is made, as a share of the share 'statements'"),
}
# How people stand with the agency, and what it notes of them.
NOTED = {
    "identified_speaker": (0.9, "a victim with a statement is marked as a victim"),
    "possible_speaker": (0.1, "a victim with a statement is marked as a possible victim"),
    "identified_silent": (0.08, "a victim without a statement is marked as a victim"),
    "possible_silent": (0.17, "a victim without a statement is marked as a possible victim"),
    "identified_other": (0.002, "anybody else is marked as a victim, wrongly"),
    "possible_other": (0.005, "anybody else is marked as a possible victim, wrongly"),
    "minor": (0.6, "a child is marked as one"),
    "witness": (0.015, "anybody is marked as a witness"),
    "unmarked": (0.45, "of the rest, 'no marker' is noted, not 'not recorded'"),
    "country": (0.85, "the country of an entity is noted"),
}
USUAL = {
    **{name: channel.share for name, channel in CHANNELS.items()},
    **TOLD,
    **{name: chance for name, (chance, _) in {**SPOKEN, **NOTED}.items()},
}


class Chances:
    """The chances asked for, beside the usual ones.

    What happens at the usual chance is drawn first, from the stream that it always came from. Where
    another chance is asked for, a draw of its own, named by what it decides, turns as few of those
    as it can. So one chance changed moves the records it is about and no others.
    """

    def __init__(self, seed: int, wanted: Mapping[str, float]) -> None:
        self.seed = seed
        self.wanted = {**USUAL, **wanted}

    def __getitem__(self, name: str) -> float:
        return self.wanted[name]

    def happens(self, name: str, usually: bool, *what: object) -> bool:
        """Tell whether something happens, given whether it does at the usual chance."""
        usual, wanted = USUAL[name], self.wanted[name]
        if wanted == usual:
            return usually
        unit = self.draw(name, *what).unit()
        return unit * usual < wanted if usually else unit * (1 - usual) < wanted - usual

    def remains(self, name: str, *what: object) -> bool:
        """Tell whether a record that comes about otherwise remains at a chance below the usual."""
        usual, wanted = USUAL[name], self.wanted[name]
        return wanted >= usual or self.draw("remains", name, *what).unit() * usual < wanted

    def draw(self, *what: object) -> Draw:
        """Return a stream that nothing else is drawn from."""
        return Draw(self.seed, "chance of " + " ".join(map(str, what)))
