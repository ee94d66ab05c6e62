"""The page over trees written by hand: states of a day, changes, books, search, downloads, offline, accessibility."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from nba_assets.publishing import sign_off
from nba_assets_tests.web import tree
from nba_assets_tests.web.first_view import first_view
from nba_assets_tests.web.test_page import serious

Record = dict[str, Any]
GAME = f"historical/{tree.DAY}/games/0022400140.json"
NASTY = "<img src=x onerror=document.title='owned'>"
FIRST_VIEW = 100_000
STAR = "1628369"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors fail the test."""
    problems: list[str] = []
    opened = browser.new_context(timezone_id="America/New_York", locale="en-US").new_page()
    opened.set_default_timeout(8000)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if serious(said) else None)
    yield opened
    opened.context.close()
    assert [said for said in problems if "404" not in said] == []


def told(body: Record, status: str, code: str, text: str) -> None:
    body |= {"status": status, "reasons": [{"code": code, "text": text}]}


def test_a_page_that_does_not_exist_says_so(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page.goto(f"{tree_address}#/nowhere")
    page.wait_for_selector("text=There is no such page")


def test_an_empty_day_names_the_next_one(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page.goto(f"{tree_address}#/slate/2024-11-03")
    assert "No games on this date" in page.inner_text("[data-state=empty]")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("halted", "Predictions are halted"), ("stale", "last good figures"), ("partial", "Not everything has arrived")],
)
def test_a_day_that_is_not_whole_says_so(
    page: Page, tree_address: str, tmp_path: Path, status: str, sentence: str
) -> None:
    bodies = tree.weekend_bodies()
    told(bodies[tree.SLATE], status, "why", "the reason in words")
    tree.write(tmp_path, bodies)
    page.goto(tree_address)
    said = page.inner_text(f"[data-state={status}]")
    assert sentence in said and "the reason in words" in said
    assert page.locator("[data-player]").count() == 2


def test_fifteen_games_stand_in_tip_order_in_the_readers_zone(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate())
    page.goto(tree_address)
    expect(page.locator("[data-player]")).to_have_count(270)
    assert page.locator(".game").count() == 15
    times = page.locator(".facts").all_inner_texts()
    assert re.match(r"07:00.PM EDT", times[0]) and re.match(r"07:30.PM EDT", times[1])
    page.select_option("#team", "WAS")
    expect(page.locator(".game")).to_have_count(1)
    assert "team=WAS" in page.url


def test_a_name_is_text_and_never_markup(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.weekend_bodies()
    for name in (tree.SLATE, GAME):
        bodies[name]["data"]["players"][0]["name"] = NASTY
    bodies["search.json"]["data"]["players"][0]["name"] = NASTY
    tree.write(tmp_path, bodies)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.fill("#search", "<img")
    expect(page.locator("#found li").first).to_contain_text(NASTY)
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400140")
    page.locator("main").get_by_text(NASTY).first.wait_for()
    assert page.locator("main img, header img").count() == 0 and "owned" not in page.title()


def test_what_changed_since_the_last_look_is_told_with_its_cause(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.full_slate(games=1)
    tree.write(tmp_path, bodies, sequence=1)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.focus("#sort")
    page.evaluate("window.scrollTo(0, 120)")

    star, mate = [row for row in bodies[tree.SLATE]["data"]["players"] if row["team"] == "BKN"][:2]
    star["injury_status"] = "out"
    mate |= {"points_q50": mate["points_q50"] + 2.4, "minutes_mean": mate["minutes_mean"] + 3.1}
    other = bodies[tree.SLATE]["data"]["players"][-1]
    other |= {"points_q50": other["points_q50"] + 1.0}
    bodies[tree.SLATE]["data"]["changes"] = [
        change(other, at=f"{tree.DAY}T19:40:00Z", cause="line"),
        change(
            mate, at=f"{tree.DAY}T19:41:00Z", subject=star["player_id"], subject_name="BKN Star", subject_status="out"
        ),
    ]
    tree.write(tmp_path, bodies, sequence=2)
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.wait_for_selector("#changes")
    text = page.inner_text("#changes")
    assert "BKN Player 1 (own status: out)" in text
    assert re.search(r"0?4:02.PM EDT BKN Player 1", text), "without a published change, the time of the release"
    told_at = re.search(r"0?3:41.PM EDT BKN Player 2: minutes \+3.1, median \+2.4 \(BKN Star out\)", text)
    assert told_at, "the published cause and time"
    assert f"{other['name']}: median +1.0 (line moved)" in text
    assert page.evaluate("document.activeElement.id") == "sort" and page.evaluate("scrollY") == 120
    page.click("#seen")
    page.reload()
    page.wait_for_selector("[data-player]")
    assert page.locator("#changes").count() == 0


def change(player: Record, **more: Any) -> Record:
    """A published change of the player."""
    said = {"game_id": player["game_id"], "player_id": player["player_id"], "name": player["name"], "cause": "injury"}
    said |= dict.fromkeys(("subject", "subject_name", "subject_status", "d_line"))
    return said | {"d_minutes": 3.1, "d_median": 2.4, "decision_before": "PASS", "decision_after": "PASS"} | more


def test_a_games_page_tells_what_changed_before_it(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.full_slate(games=1, each=6)
    data = bodies[f"historical/{tree.DAY}/games/0022400200.json"]["data"]
    for minute, player in enumerate(data["players"]):
        cause = {"subject": player["player_id"], "subject_status": "out"} if minute == 11 else {"cause": "other"}
        data["changes"].append(change(player, at=f"{tree.DAY}T19:{minute:02d}:00Z", **cause))
    tree.write(tmp_path, bodies)
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400200")
    expect(page.locator("#told > ul li")).to_have_count(8)
    newest = page.locator("#told li").first.inner_text()
    assert re.match(r"0?3:11.PM EDT .*: minutes \+3.1, median \+2.4 \(own status: out\)", newest)
    page.click("#told-before summary")
    expect(page.locator("#told-before li")).to_have_count(4)


def test_a_team_and_a_model_have_pages_of_their_own(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.weekend_bodies()
    team = bodies["latest/teams/BOS.json"]["data"]
    team["recent"] = [
        {"game_date": "2024-11-01", "game_id": "1", "opponent": "CHA", "is_home": True, "won": True, "points": 110}
        | {"opponent_points": 100, "pace": 98.2, "off_rating": 112.0, "def_rating": 101.8}
    ]
    bodies["models/blend-1.json"] = tree.model_card("blend-1")
    bodies["status.json"]["data"]["model"] = {
        "version": "blend-1",
        "family": "stages_blend",
        "trained_to": "2024-11-01",
        "gate_status": "passed",
    }
    tree.write(tmp_path, bodies)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.locator("#search").press_sequentially("celtics")
    expect(page.locator("#found li")).to_contain_text("Boston Celtics")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Boston Celtics")
    expect(page.locator("main h2").first).to_have_text("Last 1 game: 1 won")
    page.get_by_role("link", name="Jayson Tatum").click()
    expect(page.locator("h1")).to_have_text("Jayson Tatum")
    page.goto(f"{tree_address}#/status")
    page.get_by_role("link", name="blend-1").click()
    expect(page.locator("h1")).to_have_text("Model blend-1")
    assert "insufficient" in page.inner_text("main") and "null" not in page.inner_text("main")


def test_all_is_reached_by_keyboard_and_what_is_fresh_stands_still_if_asked(
    browser: Browser, tree_address: str, tmp_path: Path
) -> None:
    tree.write(tmp_path, tree.full_slate(games=1, each=1))
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(n => n.id || n.getAttribute('href') || n.getAttribute('aria-label'))(document.activeElement)"
            )
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
    first = page.locator("[data-player] a").first.get_attribute("href")
    assert {"#/track-record", "#/status", "search", "sort", "show", "team", first} <= set(reached)
    page.locator("[data-player]").first.evaluate("row => row.classList.add('fresh')")
    assert page.locator("[data-player]").first.evaluate("row => getComputedStyle(row).animationName") == "none"


def test_lines_and_prices_follow_the_readers_books(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate(games=1, each=1))
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400200")
    row = page.locator("[data-player]").first
    page.check("#book-gamma")
    expect(row.locator("td").nth(2)).to_have_text("27.0")
    page.reload()
    expect(row.locator("td").nth(2)).to_have_text("27.0")
    details = page.locator("details").first
    details.locator("summary").click()
    assert "gamma" in details.inner_text() and "alpha" not in details.inner_text()

    mass = tree.pmf(27.3, 4.0)
    details.locator("input[type=number]").fill("30")
    over, push = sum(mass[31:]), mass[30]
    cells = [row.all_inner_texts() for row in (details.locator(".answer tr").nth(n).locator("td") for n in (1, 2))]
    assert cells[0][1] == f"{100 * over:.1f} %" and cells[1][1] == f"{100 * push:.1f} %"
    assert cells[0][3] == f"{1 + (1 - over - push) / over:.2f}"


def test_a_name_is_found_without_its_accents_by_keyboard(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.locator("#search").press_sequentially("jokic")
    expect(page.locator("#found li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nikola Jokić")


def test_twenty_thousand_graded_rows_are_read_in_pieces_and_saved_whole(
    page: Page, tree_address: str, tmp_path: Path
) -> None:
    tree.write(tmp_path, tree.many_graded())
    page.goto(f"{tree_address}#/track-record/days/2024-11-01")
    page.wait_for_selector("tbody tr")
    assert page.locator("tbody tr").count() == 200
    page.get_by_text("Show more").click()
    assert page.locator("tbody tr").count() == 400
    with page.expect_download() as saved:
        page.get_by_text("Every row as CSV").click()
    with Path(saved.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20_000 and rows[-1]["name"] == "Player 19999"

    page.goto(f"{tree_address}#/track-record")
    page.wait_for_selector("text=not profitable so far")
    main = page.inner_text("main")
    assert "1,204 graded bets of 20,000 decisions, 51.9 % won" in main and "n = 0" in main and "PASS on 94.0 %" in main
    assert page.locator("svg.chart").count() == 3
    assert page.locator("tr.insufficient").count() == 2


def test_a_release_swapped_in_while_the_page_loads_is_never_mixed(
    page: Page, tree_address: str, tmp_path: Path
) -> None:
    first, second = tree.weekend_bodies(), tree.weekend_bodies()
    for player in second[tree.SLATE]["data"]["players"]:
        player["line_value"] = 31.5
    tree.write(tmp_path, first, sequence=1)

    def swap(route: Route) -> None:
        """The old release's objects go the moment that the page has its manifest."""
        if not (tmp_path / "swapped").exists():
            (tmp_path / "swapped").touch()
            for object_ in (tmp_path / "v1" / "objects").rglob("*.json"):
                object_.unlink()
            tree.write(tmp_path, second, sequence=2)
            route.fulfill(status=404, body="gone")
        else:
            route.continue_()

    page.context.route("**/v1/objects/**", swap)
    page.goto(f"{tree_address}#/slate/{tree.DAY}")
    page.wait_for_selector("[data-player]")
    assert {row.split("\n")[0] for row in page.locator("[data-player] td:nth-child(3)").all_inner_texts()} == {"31.5"}
    expect(page.locator("#release")).to_contain_text("Release 2,")


def test_the_copy_that_comes_early_is_shown_only_if_the_manifest_names_its_bytes(
    page: Page, tree_address: str, tmp_path: Path
) -> None:
    bodies = tree.weekend_bodies()
    tree.write(tmp_path, bodies, sequence=1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    daily = hashlib.sha256(sign_off.encode(bodies[tree.SLATE])).hexdigest()
    assert not any(daily in url for url in asked), "the copy was enough"
    copy = tmp_path / "v1" / "latest" / "daily.json"
    copy.write_bytes(copy.read_bytes().replace(b'"line_value":24.5', b'"line_value":99.5'))
    page.reload()
    page.wait_for_selector("[data-player]")
    lines = {row.split("\n")[0] for row in page.locator("[data-player] td:nth-child(3)").all_inner_texts()}
    assert lines == {"24.5"}, "a copy of another release, or a damaged one, is not shown"
    assert any(daily in url for url in asked)


def test_what_was_opened_is_there_without_a_network(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate(games=2))
    page.goto(tree_address)
    page.wait_for_selector("html[data-kept]")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-player]")
    expect(page.locator("#release")).to_contain_text("No network; kept here: release 1,")
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400201")
    expect(page.locator("h1")).to_have_text("BOS at CHA")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_no_page_has_a_barrier(browser: Browser, tree_address: str, tmp_path: Path, scheme: Any, width: int) -> None:
    bodies = tree.full_slate(games=2, each=2)
    bodies |= {name: body for name, body in tree.many_graded(300).items() if name.startswith("track-record")}
    bodies["models/blend-1.json"] = tree.model_card("blend-1")
    bodies[tree.SLATE]["data_origin"] = "simulated"
    told(bodies[tree.SLATE], "partial", "why", "the reason in words")
    tree.write(tmp_path, bodies)
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    pages = {
        "": "Saturday",
        f"game/{tree.DAY}/0022400200": "ATL at BKN",
        f"player/{STAR}": "Jayson Tatum",
        "track-record": "Track record",
        "track-record/days/2024-11-01": "Decisions of",
        "status": "has arrived",
        "team/BOS": "Boston Celtics",
        "model/blend-1": "Model blend-1",
    }
    for path, title in pages.items():
        page.goto(f"{tree_address}#/{path}")
        expect(page.locator("h1")).to_contain_text(title)
        page.evaluate("for (const node of document.querySelectorAll('main details')) node.open = true")
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_first_view_of_fifteen_games_is_small(browser: Browser, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate())
    assert 10_000 < first_view(browser, tree_address).bytes < FIRST_VIEW
