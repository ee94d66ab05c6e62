"""When the official decision about a game is taken: T, half an hour before its tip."""

import pandas as pd

LEAD = pd.Timedelta(minutes=30)
"""From T to the tip."""
