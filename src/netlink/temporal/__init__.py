"""Ways that follow the order of time: who could have passed something on to whom.

**A contact** is a relationship with a date, in the directions in which it is read. It can be begun
at any moment from its start to its end, at its start alone where it has no end; the hop then takes
`duration`. The next contact is begun no earlier than `min_wait` after that, and no later than
`max_wait`. Without duration and wait two contacts at the same instant follow each other in either
order; a duration of a microsecond rules that out. With a maximum wait a way may come by an entity
twice, to pass the time (a walk): ways without that are hard to find (Casteigts and others 2021).

**Uncertain dates.** "2024" is some moment of that year, "2024-03-01" some moment of that day. An
answer is *possible* where some reading of the dates allows it, each relationship read by itself.
It is *certain* where one chain of records holds for every reading; somebody may yet be reached in
every reading, by one chain in some and by another in the rest, and is then said to be possible.
*Impossible* is what no reading allows. With a maximum wait, a walk that comes by one uncertain
record twice reads it twice, so that "possible" may say too much there, and "impossible" never does.

A relationship whose end lies before its start, whatever the reading, is never used; nor is one
from an entity to itself.
"""

from netlink.temporal.reach import arrivals, departures, reachability
from netlink.temporal.ways import earliest_arrival, fastest, fewest_hops, latest_departure

__all__ = [
    "arrivals",
    "departures",
    "earliest_arrival",
    "fastest",
    "fewest_hops",
    "latest_departure",
    "reachability",
]
