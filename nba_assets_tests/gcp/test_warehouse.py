"""BigQuery's warehouse does what every warehouse does."""

from nba_assets_tests.storage.test_warehouse import *  # noqa: F403
