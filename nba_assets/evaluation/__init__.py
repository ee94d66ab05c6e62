"""How good the predictions are: walk-forward over the warehouse's dates, measures with intervals, verdicts, a report.

It imports `modeling` and is not part of it: an edit of a report makes no table due.
"""
