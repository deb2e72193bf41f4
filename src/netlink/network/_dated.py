"""When relationships were, or may have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from netlink.errors import ArgumentError
from netlink.network import periods
from netlink.network._tables import Tables
from netlink.network.moments import moment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class Dated(Tables):
    """Tables whose relationships have times, some of them known to the month or the year only."""

    @property
    def spans(self) -> pd.DataFrame:
        """First and last moments of each start and end.

        A time known to the second is one moment: both are equal. "2024-03" can be any moment of
        that March, counted in the time zone `tz` of the network. A relationship without an end
        ends as it starts; one without a start has no times here. Computed anew each time.

        Returns
        -------
        pandas.DataFrame
            On ``relationships.index``: ``start_first``, ``start_last``, ``end_first``,
            ``end_last``, in UTC to the microsecond.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> stays = pd.DataFrame({"source": ["p1"], "target": ["p2"], "start": ["2024-02"]})
        >>> spans = nl.read_tables(None, stays).spans
        >>> spans["start_first"].dt.date.tolist(), spans["start_last"].dt.date.tolist()
        ([datetime.date(2024, 2, 1)], [datetime.date(2024, 2, 29)])
        """
        found = periods.spans(self.relationship_table, self.tz)
        return pd.DataFrame({name: column.array for name, column in found.items()}).set_axis(
            self._relationships.index
        )

    def _is_during(self, start: object, end: object, undated: object) -> NDArray[np.bool_]:
        first, last = moment(start, "start"), moment(end, "end")
        if not first < last:
            raise ArgumentError("'start' must be earlier than 'end'.")
        if undated not in ("drop", "keep"):
            raise ArgumentError(f"'undated' must be 'drop' or 'keep', got {undated!r}.")
        table = self.relationship_table
        ended = periods.spans(table, self.tz)["end_last"]
        rows = (table["start"] < last) & (ended >= first)
        if undated == "keep":
            rows |= table["start"].isna()
        return rows.to_numpy()
