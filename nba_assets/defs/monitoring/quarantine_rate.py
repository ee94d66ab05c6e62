"""The alarm on a source of which too much goes to quarantine: one check per landing asset."""

from collections.abc import Iterator

import dagster as dg

from nba_assets.contracts import tables
from nba_assets.defs.metadata import landing_key
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine.quarantine import NEWEST, TOO_MANY, alarm_line, share

NAME = "quarantine_rate"
SOURCES = {landing_key(table.name): table.name for table in tables().values() if table.paths}


@dg.multi_asset_check(
    name=NAME,
    specs=[
        dg.AssetCheckSpec(
            NAME,
            asset=key,
            description=f"Of a source's newest {NEWEST} receipts no more than {TOO_MANY:.0%} are in quarantine",
        )
        for key in SOURCES
    ],
    can_subset=True,
)
def quarantine_rate(
    context: dg.AssetCheckExecutionContext, platform: PlatformResource
) -> Iterator[dg.AssetCheckResult]:
    """Warn about a source with too many, and name the rule that most of them break."""
    rates = {rate["source"]: rate for rate in platform.get().ledger.quarantine_rates(NEWEST)}
    for check in sorted(context.selected_asset_check_keys, key=lambda key: key.asset_key):
        rate = rates.get(SOURCES[check.asset_key])
        bad = rate is not None and share(rate) > TOO_MANY
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=NAME,
            passed=not bad,
            severity=dg.AssetCheckSeverity.WARN,
            description=alarm_line(rate) if rate is not None and bad else None,
            metadata={} if rate is None else {"receipts": rate["receipts"], "quarantined": rate["quarantined"]},
        )
