"""The alarm on a source that is late for a game: one check per landing asset, by the lag of its contract."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.docs import due
from nba_assets.contracts.verify import FAILING_ROWS
from nba_assets.defs.metadata import landing_key
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.tables.preview import table_value
from nba_assets.engine.lateness import late

NAME = "on_time"
SOURCES = {landing_key(t.name): t for t in tables().values() if t.paths and t.lag is not None}


@dg.multi_asset_check(
    name=NAME,
    specs=[
        dg.AssetCheckSpec(NAME, asset=key, description=f"Every game of the last days is there {due(table.lag)}")
        for key, table in SOURCES.items()
    ],
    can_subset=True,
)
def on_time(context: dg.AssetCheckExecutionContext, platform: PlatformResource) -> Iterator[dg.AssetCheckResult]:
    """Warn about a source that is late, and name the games it is late for; days without games are never late."""
    found = late(platform.get())
    for check in sorted(context.selected_asset_check_keys, key=lambda key: key.asset_key):
        source = SOURCES[check.asset_key].name
        games = [game for game in found if game.source == source]
        rows = pd.DataFrame([vars(game) for game in games[:FAILING_ROWS]])
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=NAME,
            passed=not games,
            severity=dg.AssetCheckSeverity.WARN,
            description=_in_words(source, [game.teams for game in games]) if games else None,
            metadata={"late": table_value(rows)} if games else {},
        )


def _in_words(source: str, teams: list[str]) -> str:
    more = f" and {len(teams) - FAILING_ROWS} more" if len(teams) > FAILING_ROWS else ""
    return f"{source} is late for {', '.join(teams[:FAILING_ROWS])}{more}"
