"""The report: one file that needs nothing else, and says of every figure what it is of."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from html.parser import HTMLParser

import pytest

from nba_assets.errors import PlatformError
from nba_assets.evaluation import report
from nba_assets.evaluation.backtest import backtest, facts
from nba_assets.evaluation.tables import tables
from nba_assets_tests.evaluation.conftest import LAST, written
from nba_assets_tests.modeling.rows import league


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def html(found):
    return report.render(found)


def test_the_file_needs_no_other(html):
    page = Page(html)
    addresses = [each for _, attributes in page.tags for name, each in attributes.items() if name in ("src", "href")]
    assert len(addresses) == 4
    assert all(each.startswith("data:image/png;base64,") for each in addresses)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object"}
    assert not re.search(r"https?://|url\(|@import", html)


def test_every_table_and_picture_says_dates_and_origin(html, found):
    scope = f"{found.start} to {found.end}, simulated data"
    page = Page(html)
    assert sum(tag == "h2" for tag, _ in page.tags) == len(list(tables(found))) + 1
    assert "".join(page.text).count(scope) >= len(list(tables(found))) + 4
    assert all(attributes["alt"] for tag, attributes in page.tags if tag == "img")
    assert "never any skill" in html


def test_every_table_has_n_and_each_row_a_cell_for_each_column(found):
    for shown in tables(found):
        assert {"n", "rows", "judged"} & set(shown.columns), shown.title
        assert {len(row) for row in shown.rows} <= {len(shown.columns)}, shown.title


def test_the_same_backtest_is_the_same_file(html, found):
    assert report.render(found) == html


def test_it_is_readable_in_light_and_dark(html):
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html


def test_text_from_the_data_is_escaped(found):
    strange = [dict(card, version="<script>alert(1)</script>") for card in found.models]
    assert "<script>" not in report.render(dataclasses.replace(found, models=strange))


def test_it_is_written_into_a_folder_that_is_made(found, tmp_path):
    file = report.write(found, tmp_path / "a" / "b")
    assert file.name == f"backtest_2024-11-26_{LAST}.html"
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    (tmp_path / "taken").write_text("")
    with pytest.raises(PlatformError, match="taken"):
        report.write(found, tmp_path / "taken")


def test_without_lines_every_figure_is_null_and_n_is_0(tmp_path):
    start = dt.date(2024, 11, 4)
    warehouse = written(tmp_path / "warehouse", league(days=3, games=1, players=3, books=(), start=start))
    found = backtest(warehouse, start, start + dt.timedelta(days=2))
    said = facts(found)
    assert (said["n_lined"], said["n_two_sided"], said["n_dates"], said["n_bets"], said["n_clv"]) == (0, 0, 0, 0, 0)
    assert said["n_unlined"] > 0 and said["unlined_mae"] > 0
    figures = ("mae", "mae_diff", "log_loss", "ece", "ece_noise", "crps_ratio", "coverage", "hit_rate", "clv")
    assert {said[name] for name in figures} == {None}
    assert said["verdict"] == "insufficient"
    assert "n = 0, nothing to draw" in report.render(found)
