"""Each source: what it is asked, with which headers, and what lands under which name. Documented in each module."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from nba_assets import sources
from nba_assets.errors import PlatformError
from nba_assets.fetching.errors import FetchError, Refused
from nba_assets.fetching.fetchers import fetchers
from nba_assets.fetching.keys import MissingKey
from nba_assets.fetching.nbac_injury_report import slots
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.slate import Slate, SlateGame
from nba_assets.league import by_tricode
from nba_assets.sources.paths import capture_stamp, source_of
from nba_assets_tests.fetching.conftest import (
    CANARY,
    DAY,
    EARLY,
    LATE,
    MORNING,
    NIGHT,
    NOON,
    PAGE,
    PDF,
    MakeSession,
    Reply,
    Site,
    Time,
)
from nba_assets_tests.handmade import Drops, Game

BROWSER = {"referer": "https://www.nba.com/", "origin": "https://www.nba.com"}


def slate_game(game: Game, season_type: str = "regular", status: int = 3) -> SlateGame:
    return SlateGame(game.game_id, game.away, game.home, game.tip, status, season_type, "2024-25")


def slate(*games: SlateGame) -> Slate:
    return Slate(DAY, games)


BOTH = slate(slate_game(EARLY), slate_game(LATE))
SCHEDULED = slate(slate_game(EARLY, status=1), slate_game(LATE, status=1))

Fetch = Callable[..., Session]


@pytest.fixture
def fetch(session_for: MakeSession, time: Time) -> Fetch:
    """`fetch(source, now=…, games=…)`: the session after one fetch of the date."""

    def run(
        source: str, *, now: dt.datetime = MORNING, games: Slate = BOTH, day: dt.date = DAY, label: str = "2024-25"
    ) -> Session:
        time.clock.moment = now
        session = session_for(source)
        fetchers()[source].fetch(session, Ask(day, now, games, label))
        for file in session.files:
            assert source_of(file.object_name) == source
            stamp = capture_stamp(file.object_name)
            assert stamp is not None and stamp <= time.clock.now()
        return session

    return run


def names(session: Session) -> list[str]:
    return [file.object_name for file in session.files]


def payload(path: Path) -> Any:
    return json.loads(path.read_bytes())


def outcomes(session: Session) -> set[str]:
    """What the parser says of what will land."""
    return {sources.parse(session.source, file.body, file.object_name).outcome.value for file in session.files}


# The league


def test_the_schedule_is_the_whole_season(fetch: Fetch, site: Site, tmp_path: Path) -> None:
    site.serve("/stats/scheduleleaguev2int", payload(Drops(tmp_path).schedule(DAY, [EARLY, LATE], final=True)))
    session = fetch("nbac_schedule")
    assert names(session) == ["nba-com/schedule/2024-25/20241102_130000.json"]
    assert site.asked[0].query == {"LeagueID": "00", "Season": "2024-25", "GameSubType": ""}
    assert BROWSER.items() <= site.asked[0].headers.items()
    assert site.asked[0].headers["user-agent"].startswith("Mozilla/5.0")
    assert not [name for name in site.asked[0].headers if name.startswith("x-nba-stats")]
    assert outcomes(session) == {"ok"}


@pytest.mark.parametrize("status", [403, 500])
def test_the_static_schedule_stands_in_for_the_current_season(
    fetch: Fetch, site: Site, tmp_path: Path, status: int
) -> None:
    static = payload(Drops(tmp_path).schedule(DAY, [EARLY], final=False))
    site.serve("/stats/scheduleleaguev2int", Reply(b"", status))
    site.serve("/static/json/staticData/scheduleLeagueV2_1.json", static)
    assert names(fetch("nbac_schedule"))[0].startswith("nba-com/schedule-cdn/2024-25/20241102_1300")


def test_the_static_schedule_says_nothing_of_another_season(fetch: Fetch, site: Site, tmp_path: Path) -> None:
    site.serve("/stats/scheduleleaguev2int", Reply(b"", 403))
    with pytest.raises(Refused):
        fetch("nbac_schedule", day=dt.date(2022, 11, 1), label="2022-23")
    assert len(site.asked) == 1


def test_a_static_schedule_of_the_season_before_does_not_land(fetch: Fetch, site: Site) -> None:
    site.serve("/stats/scheduleleaguev2int", Reply(b"", 403))
    old = {"leagueSchedule": {"seasonYear": "2023-24", "gameDates": []}}
    site.serve("/static/json/staticData/scheduleLeagueV2_1.json", old)
    session = fetch("nbac_schedule")
    assert not session.files
    assert "is of 2023-24, not of 2024-25" in session.failures[0]


def test_the_player_list_is_todays_whatever_date_is_asked_for(fetch: Fetch, site: Site, tmp_path: Path) -> None:
    site.serve("/stats/playerindex", payload(Drops(tmp_path).player_list(DAY)))
    session = fetch("nbac_player_list")
    assert names(session) == ["nba-com/player-list/2024-11-02/20241102_130000.json"]
    wanted = {"LeagueID": "00", "Season": "2024-25", "Historical": "0", "TeamID": "0", "SeasonType": "Regular Season"}
    empty = ("College", "Country", "DraftPick", "DraftRound", "DraftYear", "Height", "Weight")
    assert site.asked[0].query == wanted | dict.fromkeys(empty, "")
    assert BROWSER.items() <= site.asked[0].headers.items()
    assert outcomes(session) == {"ok"}


def test_gamebooks_are_asked_for_once_games_may_be_over(fetch: Fetch, site: Site) -> None:
    site.serve("/pdfs/20241101/20241101_BOSNYK.pdf", PDF)
    session = fetch("nbac_gamebook_player_stats", now=NIGHT, games=SCHEDULED)
    assert site.paths() == ["/pdfs/20241101/20241101_BOSNYK.pdf"]
    assert names(session) == ["nba-com/gamebooks-pdf/2024-11-01/20241101-BOSNYK/20241102_033000.pdf"]


def test_a_gamebook_that_is_not_there_yet_is_no_failure_and_leaves_the_others_alone(fetch: Fetch, site: Site) -> None:
    site.serve("/pdfs/20241101/20241101_BOSNYK.pdf", Reply(PAGE, 403))
    site.serve("/pdfs/20241101/20241101_DENLAL.pdf", PDF)
    session = fetch("nbac_gamebook_player_stats")
    assert session.pieces == {"not yet": 1, "landed": 1}
    assert session.notes == ["BOS@NYK: not published (403)"]


def test_the_all_star_game_has_no_gamebook(fetch: Fetch, site: Site) -> None:
    fetch("nbac_gamebook_player_stats", games=slate(slate_game(EARLY, "all_star")))
    assert site.asked == []


def test_the_game_log_names_the_season_type_of_the_schedule(fetch: Fetch, site: Site, tmp_path: Path) -> None:
    site.serve("/stats/leaguegamelog", payload(Drops(tmp_path).game_log(DAY, [EARLY, LATE])))
    session = fetch("nbac_player_boxscores")
    assert site.asked[0].query == {
        "Counter": "1000",
        "DateFrom": "2024-11-01",
        "DateTo": "2024-11-01",
        "Direction": "DESC",
        "LeagueID": "00",
        "PlayerOrTeam": "P",
        "Season": "2024-25",
        "SeasonType": "Regular Season",
        "Sorter": "DATE",
    }
    assert names(session) == ["nba-com/player-boxscores/2024-11-01/20241102_130000.json"]
    assert outcomes(session) == {"ok"}


@pytest.mark.parametrize(
    "season_type, asked",
    [("playoffs", ["Playoffs"]), ("play_in", ["PlayIn"]), ("preseason", ["Pre Season"]), ("all_star", [])],
)
def test_a_wrong_season_type_would_give_a_valid_empty_answer(
    fetch: Fetch, site: Site, season_type: str, asked: list[str]
) -> None:
    site.serve("/stats/leaguegamelog", {"resultSets": []})
    fetch("nbac_player_boxscores", games=slate(slate_game(EARLY, season_type)))
    assert [request.query["SeasonType"] for request in site.asked] == asked


def test_before_a_game_can_be_over_no_result_is_asked_for(fetch: Fetch, site: Site, keys: str) -> None:
    for source in ("nbac_player_boxscores", "nbac_team_boxscore", "nbac_gamebook_player_stats", "nbac_play_by_play"):
        assert not fetch(source, now=NOON, games=SCHEDULED).files
    for source in ("bdl_player_boxscores", "bigdataball_play_by_play"):
        assert not fetch(source, now=NOON, games=SCHEDULED).files
    assert site.asked == []


def test_team_totals_are_the_teams_log_and_a_box_score_a_game(fetch: Fetch, site: Site, time: Time) -> None:
    site.serve("/stats/leaguegamelog", {"resultSets": []})
    site.serve("/stats/boxscoretraditionalv3", {"boxScoreTraditional": {}})
    session = fetch("nbac_team_boxscore")
    assert names(session) == [
        "nba-com/team-boxscore/2024-11-01/20241102_130000.json",
        "nba-com/team-boxscore/2024-11-01/0022400101/20241102_130001.json",
        "nba-com/team-boxscore/2024-11-01/0022400102/20241102_130002.json",
    ]
    assert site.asked[0].query["PlayerOrTeam"] == "T"
    assert site.asked[1].query == {
        "GameID": "0022400101",
        "StartPeriod": "0",
        "EndPeriod": "10",
        "StartRange": "0",
        "EndRange": "28800",
        "RangeType": "0",
    }
    assert time.slept == [1.0, 1.0], "at most one request a second"


def test_play_by_play_is_asked_for_once_a_game_has_begun(fetch: Fetch, site: Site) -> None:
    site.serve("/static/json/liveData/playbyplay/playbyplay_0022400101.json", {"game": {"actions": [{}]}})
    session = fetch("nbac_play_by_play", now=dt.datetime(2024, 11, 2, 1, 0, tzinfo=dt.UTC), games=SCHEDULED)
    assert names(session) == ["nba-com/play-by-play/2024-11-01/game-0022400101/20241102_010000.json"]
    assert len(site.asked) == 1


def test_play_by_play_that_is_not_there_during_the_game_is_not_yet(fetch: Fetch, site: Site) -> None:
    session = fetch("nbac_play_by_play", now=NIGHT, games=SCHEDULED)
    assert session.pieces == {"not yet": 2}
    assert {path.split("/")[1] for path in site.paths()} == {"static"}


def test_on_a_past_date_the_stats_forms_stand_in(fetch: Fetch, site: Site) -> None:
    site.serve("/stats/playbyplayv3", {"game": {"actions": [{}]}}, {"game": {"actions": []}})
    site.serve("/stats/playbyplayv2", {"resultSets": []})
    session = fetch("nbac_play_by_play")
    assert names(session) == [
        "nba-com/play-by-play-v3/2024-11-01/game-0022400101/20241102_130000.json",
        "nba-com/play-by-play-v2/2024-11-01/game-0022400102/20241102_130002.json",
    ]
    stats = [asked.query for asked in site.asked if asked.path.startswith("/stats")]
    assert stats[0] == {"GameID": "0022400101", "StartPeriod": "0", "EndPeriod": "14"}


def test_before_2019_20_there_is_no_live_file(fetch: Fetch, site: Site) -> None:
    site.serve("/stats/playbyplayv3", {"game": {"actions": [{}]}})
    fetch("nbac_play_by_play", label="2018-19")
    assert set(site.paths()) == {"/stats/playbyplayv3"}


def test_injury_reports_are_named_by_the_hour_and_later_by_the_quarter_hour() -> None:
    hourly = {slot.name: slot.at for slot in slots(dt.date(2024, 1, 4))}
    assert len(hourly) == 24
    assert hourly["Injury-Report_2024-01-04_12PM.pdf"] == dt.datetime(2024, 1, 4, 17, 30, tzinfo=dt.UTC)
    assert "Injury-Report_2024-01-04_01AM.pdf" in hourly
    quarters = [slot.name for slot in slots(dt.date(2025, 12, 31))]
    assert len(quarters) == 96
    assert {"Injury-Report_2025-12-31_06_00PM.pdf", "Injury-Report_2025-12-31_12_15AM.pdf"} <= set(quarters)
    assert len(slots(dt.date(2025, 12, 23))) == 24 + 96, "when the names changed is known to a few days"


def test_of_today_the_reports_of_the_last_two_hours_are_tried(fetch: Fetch, site: Site) -> None:
    site.serve("/referee/injury/Injury-Report_2024-11-01_11AM.pdf", PDF)
    session = fetch("nbac_injury_report", now=NOON)
    assert site.paths() == [f"/referee/injury/Injury-Report_2024-11-01_{hour}.pdf" for hour in ("10AM", "11AM")]
    assert names(session)[0].startswith("nba-com/injury-report-pdf/2024-11-01/11/20241101_1600")
    assert session.pieces == {"not yet": 1, "landed": 1}
    assert not session.failures


def test_of_a_past_date_all_reports_are_tried_each_once(fetch: Fetch, site: Site) -> None:
    assert fetch("nbac_injury_report").pieces == {"not yet": 24}
    assert len(site.asked) == len(set(site.paths())) == 24


def test_officials_of_the_date(fetch: Fetch, site: Site) -> None:
    site.serve("/wp-json/api/v1/get-game-officials", {"nba": {"Table": {"rows": []}}})
    session = fetch("nbac_referee_assignments", now=NOON)
    assert site.asked[0].query == {"date": "2024-11-01"}
    assert names(session) == ["nba-com/referee-assignments/2024-11-01/20241101_160000.json"]
    assert outcomes(session) == {"empty"}


# balldontlie


def test_balldontlie_in_one_page_lands_as_it_came(fetch: Fetch, site: Site, keys: str, tmp_path: Path) -> None:
    answer = payload(Drops(tmp_path).bdl(DAY, [EARLY, LATE])) | {"meta": {"per_page": 100}}
    site.serve("/v1/box_scores", answer)
    session = fetch("bdl_player_boxscores")
    assert names(session) == ["ball-dont-lie/boxscores/2024-11-01/20241102_130000.json"]
    assert json.loads(session.files[0].body) == answer
    assert site.asked[0].query == {"date": "2024-11-01", "per_page": "100"}
    assert site.asked[0].headers["authorization"] == CANARY
    assert outcomes(session) == {"ok"}


def test_balldontlie_in_pages_is_followed_to_the_end_and_merged(
    fetch: Fetch, site: Site, keys: str, tmp_path: Path
) -> None:
    pages = [payload(Drops(tmp_path / game.away).bdl(DAY, [game])) for game in (EARLY, LATE)]
    site.serve("/v1/box_scores", pages[0] | {"meta": {"next_cursor": 25}}, pages[1] | {"meta": {"next_cursor": None}})
    session = fetch("bdl_player_boxscores")
    assert [asked.query.get("cursor") for asked in site.asked] == [None, "25"]
    assert json.loads(session.files[0].body) == {"data": pages[0]["data"] + pages[1]["data"]}
    assert outcomes(session) == {"ok"}


def test_f06_a_page_that_fails_fails_the_fetch(fetch: Fetch, site: Site, keys: str) -> None:
    first = {"data": [{}], "meta": {"next_cursor": 25}}
    site.serve("/v1/box_scores", first, Reply(b'{"data": [', cut=50))
    session = fetch("bdl_player_boxscores")
    assert not session.files
    assert session.pieces == {"failed": 1}


def test_pages_that_never_end_are_left(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve("/v1/box_scores", {"data": [], "meta": {"next_cursor": 7}})
    session = fetch("bdl_player_boxscores")
    assert len(site.asked) == 2
    assert "the pages never end" in session.failures[0]


def test_without_a_key_nothing_is_asked(fetch: Fetch, site: Site, no_keys: None) -> None:
    for source, kind in fetchers().items():
        if kind.key is not None:
            with pytest.raises(MissingKey, match=f"{kind.key} is not set"):
                fetch(source, now=NOON if kind.cadence.closing else MORNING, games=SCHEDULED)
    assert site.asked == []


# BigDataBall


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service account's key file, named by the environment."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    text = private.private_bytes(serialization.Encoding.PEM, *pem).decode()
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    made = {"client_email": "reader@games.example", "private_key": text, "private_key_id": "k1"}
    elsewhere = {"token_uri": "https://elsewhere.example/token"}
    (tmp_path / "account.json").write_text(json.dumps(made | elsewhere))
    monkeypatch.setenv("BIGDATABALL_SERVICE_ACCOUNT", str(tmp_path / "account.json"))
    return made | {"public": public.decode()}


FOUND = [
    {"id": "old", "name": "[2024-11-01]-0022400101-BOS@NYK.csv", "modifiedTime": "2024-11-02T07:00:00.000Z"},
    {"id": "new_1", "name": "[2024-11-01]-0022400101-BOS@NYK.csv", "modifiedTime": "2024-11-02T09:15:30.500Z"},
]
CSV = b"game_id,data_set,date,event_type\n22400101,x,2024-11-01,shot\n"


def test_bigdataball_is_the_newest_file_of_each_game_in_the_shared_folder(
    fetch: Fetch, site: Site, account: dict[str, str]
) -> None:
    site.serve("/token", {"access_token": "token-of-an-hour", "expires_in": 3600})
    site.serve(
        "/drive/v3/files",
        {"files": FOUND[:1], "nextPageToken": "more"},
        {"files": FOUND[1:]},
        {"files": []},
    )
    site.serve("/drive/v3/files/new_1", CSV)
    session = fetch("bigdataball_play_by_play")
    stamped = "[2024-11-01]-0022400101-BOS@NYK-20241102_091530.csv"
    assert names(session) == [f"big-data-ball/2024-25/2024-11-01/game_0022400101/{stamped}"]
    assert session.files[0].body == CSV
    assert session.pieces == {"landed": 1, "not yet": 1}

    token, *searches = [asked for asked in site.asked if not asked.path.endswith("new_1")]
    claims = jwt.decode(token.form["assertion"], certs=account["public"], verify=False)
    assert token.method == "POST"
    assert claims["iss"] == account["client_email"]
    assert (claims["aud"], claims["scope"]) == (
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/auth/drive.readonly",
    )
    assert searches[0].query["q"] == "name contains '0022400101' and not name contains 'combined-stats'"
    assert [asked.query.get("pageToken") for asked in searches] == [None, "more", None]
    download = next(asked for asked in site.asked if asked.path.endswith("new_1"))
    assert download.query["alt"] == "media"
    assert download.headers["authorization"] == "Bearer token-of-an-hour"


@pytest.mark.parametrize("text", ["", "{}", '{"client_email": "a", "private_key": "-----BEGIN secret-words"}'])
def test_f57_a_wrong_key_file_is_named_and_not_quoted(
    fetch: Fetch, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "account.json").write_text(text)
    monkeypatch.setenv("BIGDATABALL_SERVICE_ACCOUNT", str(tmp_path / "account.json"))
    with pytest.raises(PlatformError, match=r"account.json is no key file of a service account") as failed:
        fetch("bigdataball_play_by_play")
    assert "secret-words" not in str(failed.value) + failed.value.hint
    assert site.asked == []


# The Odds API


def event(game: Game, **more: Any) -> dict[str, Any]:
    """The source's event of a game."""
    return {
        "id": f"{int(game.game_id):032x}",
        "sport_key": "basketball_nba",
        "commence_time": f"{game.tip:%Y-%m-%dT%H:%M:%SZ}",
        "home_team": by_tricode()[game.home].full_name,
        "away_team": by_tricode()[game.away].full_name,
        **more,
    }


EVENT_EARLY, EVENT_LATE = (f"{int(game.game_id):032x}" for game in (EARLY, LATE))
EVENTS = "/v4/sports/basketball_nba/events"


def test_props_are_one_file_a_game_that_has_not_begun(fetch: Fetch, site: Site, keys: str) -> None:
    tomorrow = event(EARLY, id="f" * 32, commence_time="2024-11-03T00:00:00Z")
    site.serve(EVENTS, [event(EARLY), event(LATE), tomorrow])
    for game, found in ((EARLY, EVENT_EARLY), (LATE, EVENT_LATE)):
        body = json.dumps(event(game, bookmakers=[])).encode()
        site.serve(f"{EVENTS}/{found}/odds", Reply(body, headers={"x-requests-remaining": "431"}))
    session = fetch("odds_api_player_points_props", now=NOON, games=SCHEDULED)

    assert [name.rpartition("/")[0] for name in names(session)] == [
        f"odds-api/player-props/2024-11-01/{EVENT_EARLY}-BOSNYK",
        f"odds-api/player-props/2024-11-01/{EVENT_LATE}-DENLAL",
    ]
    assert names(session)[0].endswith("/20241101_160000-snap-1600.json")
    assert site.asked[0].query == {
        "apiKey": CANARY,
        "commenceTimeFrom": "2024-11-01T04:00:00Z",
        "commenceTimeTo": "2024-11-02T03:59:59Z",
    }
    odds = dict(site.asked[1].query)
    assert len(odds.pop("bookmakers").split(",")) == 10, "ten books cost one region"
    assert odds == {
        "apiKey": CANARY,
        "regions": "us",
        "markets": "player_points",
        "oddsFormat": "american",
        "dateFormat": "iso",
    }
    assert session.quota_left == "431"
    assert outcomes(session) == {"empty"}


def test_a_game_without_an_event_or_market_is_not_yet(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve(EVENTS, [event(LATE), event(EARLY, id="../../../etc"), "nonsense", {"id": 3}])
    site.serve(f"{EVENTS}/{EVENT_LATE}/odds", Reply(b'{"message": "no such market"}', 422))
    session = fetch("odds_api_player_points_props", now=NOON, games=SCHEDULED)
    assert session.pieces == {"not yet": 2}
    assert site.paths() == [EVENTS, f"{EVENTS}/{EVENT_LATE}/odds"]


def test_a_game_that_has_begun_is_not_asked_for(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve(EVENTS, [event(EARLY), event(LATE)])
    site.serve(f"{EVENTS}/{EVENT_LATE}/odds", event(LATE, bookmakers=[]))
    after_the_first_tip = EARLY.tip + dt.timedelta(minutes=1)
    assert len(fetch("odds_api_player_points_props", now=after_the_first_tip, games=SCHEDULED).files) == 1
    assert fetch("odds_api_player_points_props", now=LATE.tip, games=SCHEDULED).requests == 0


def test_past_props_are_those_of_the_decision_time_and_before_the_tip(fetch: Fetch, site: Site, keys: str) -> None:
    past = "/v4/historical/sports/basketball_nba/events"
    site.serve(past, {"timestamp": "2024-11-01T23:25:00Z", "data": [event(EARLY), event(LATE)]})
    for game, found in ((EARLY, EVENT_EARLY), (LATE, EVENT_LATE)):
        stated = [game.tip - dt.timedelta(minutes=minutes) for minutes in (33, 6)]
        envelopes = [{"timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "data": event(game, bookmakers=[])} for at in stated]
        site.serve(f"{past}/{found}/odds", *envelopes)
    session = fetch("odds_api_player_points_props")
    folder = f"odds-api/player-props-history/2024-11-01/{EVENT_EARLY}-BOSNYK"
    assert [name.rpartition("/")[0] for name in names(session)[:2]] == [folder, folder]
    assert [name[-15:] for name in names(session)] == [
        f"-snap-{hhmm}.json" for hhmm in ("2327", "2354", "0127", "0154")
    ]
    dates = [asked.query["date"] for asked in site.asked]
    assert dates == [
        "2024-11-01T23:30:00Z",
        "2024-11-01T23:30:00Z",
        "2024-11-01T23:55:00Z",
        "2024-11-02T01:30:00Z",
        "2024-11-02T01:55:00Z",
    ]


def test_game_lines_are_one_request_for_the_date(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve("/v4/sports/basketball_nba/odds", [event(EARLY, bookmakers=[]), event(LATE, bookmakers=[])])
    session = fetch("odds_api_game_lines", now=NOON, games=SCHEDULED)
    assert names(session) == ["odds-api/game-lines/2024-11-01/20241101_160000-snap-1600.json"]
    assert site.asked[0].query["markets"] == "h2h,spreads,totals"
    assert site.asked[0].query["commenceTimeTo"] == "2024-11-02T03:59:59Z"


def test_past_game_lines_are_one_request_a_moment(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve("/v4/historical/sports/basketball_nba/odds", {"timestamp": "2024-11-01T23:25:00Z", "data": []})
    session = fetch("odds_api_game_lines", games=slate(*BOTH.games, slate_game(EARLY)))
    assert len(site.asked) == 4, "two games at one tip are one moment"
    assert session.pieces == {"landed": 1, "unchanged": 3}, "the same snapshot in the same second is one file"
    assert {name.rpartition("/")[0] for name in names(session)} == {"odds-api/game-lines-history/2024-11-01"}


def test_f05_a_used_up_quota_stops_the_source_at_once(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve(EVENTS, [event(EARLY), event(LATE)])
    site.serve(f"{EVENTS}/{EVENT_EARLY}/odds", Reply(b'{"message": "Usage quota has been reached."}', 401))
    with pytest.raises(Refused, match="Usage quota has been reached"):
        fetch("odds_api_player_points_props", now=NOON, games=SCHEDULED)
    assert len(site.asked) == 2


# BettingPros


OFFERS = "/v3/offers"


def offers_page(page: int, pages: int) -> dict[str, Any]:
    return {"offers": [{"id": f"offer-{page}"}], "_pagination": {"page": page, "total_pages": pages}}


def test_bettingpros_lands_events_and_all_pages_of_offers_as_one_file(
    fetch: Fetch, site: Site, keys: str, time: Time
) -> None:
    events = [{"id": 20879}, {"id": 20880}]
    site.serve("/v3/events", {"events": events})
    site.serve(OFFERS, *(offers_page(page, 3) for page in (1, 2, 3)))
    session = fetch("bettingpros_player_points_props", now=NOON, games=SCHEDULED)
    assert names(session) == ["bettingpros/player-props/points/2024-11-01/20241101_160007.json"]
    assert json.loads(session.files[0].body) == {
        "events": events,
        "offers": [{"id": f"offer-{page}"} for page in (1, 2, 3)],
    }
    assert site.asked[0].query == {"sport": "NBA", "date": "2024-11-01"}
    assert site.asked[1].query == {
        "sport": "NBA",
        "market_id": "156",
        "event_id": "20879:20880",
        "book_id": "null",
        "limit": "10",
        "page": "1",
    }
    assert [asked.query["page"] for asked in site.asked[1:]] == ["1", "2", "3"]
    for asked in site.asked:
        assert asked.headers["x-api-key"] == CANARY
        assert asked.headers["origin"] == "https://www.bettingpros.com"
        assert asked.headers["referer"] == "https://www.bettingpros.com/"
    assert time.slept == [2.5, 2.5, 2.5]


def test_a_day_without_offers_is_a_valid_empty_file(fetch: Fetch, site: Site, keys: str) -> None:
    site.serve("/v3/events", {"events": []})
    session = fetch("bettingpros_player_points_props", now=NOON, games=SCHEDULED)
    assert json.loads(session.files[0].body) == {"events": [], "offers": []}
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "second",
    [
        Reply(b"", 500),
        Reply(PAGE),
        Reply(b'{"offers": [', cut=10),
        offers_page(1, 3),
        {"offers": [{}]},
    ],
    ids=["500", "HTML", "cut", "the first page again", "no pagination"],
)
def test_f06_a_page_of_offers_that_fails_lands_nothing(fetch: Fetch, site: Site, keys: str, second: object) -> None:
    site.serve("/v3/events", {"events": [{"id": 20879}]})
    site.serve(OFFERS, offers_page(1, 3), second)
    session = fetch("bettingpros_player_points_props", now=NOON, games=SCHEDULED)
    assert not session.files
    assert session.pieces == {"failed": 1}


# What all share


def test_three_failures_in_a_row_mean_that_the_source_is_down(fetch: Fetch, site: Site) -> None:
    games = slate(*(SlateGame(f"002240010{n}", "BOS", "NYK", EARLY.tip, 3, "regular", "2024-25") for n in range(9)))
    for game in games.games:
        site.serve(f"/static/json/liveData/playbyplay/playbyplay_{game.game_id}.json", Reply(b"", 500))
    with pytest.raises(FetchError, match="answers 500"):
        fetch("nbac_play_by_play", games=games)
    assert len(set(site.paths())) == 3


def test_one_failure_leaves_the_other_games_alone(fetch: Fetch, site: Site) -> None:
    site.serve("/pdfs/20241101/20241101_BOSNYK.pdf", PAGE)
    site.serve("/pdfs/20241101/20241101_DENLAL.pdf", PDF)
    session = fetch("nbac_gamebook_player_stats")
    assert session.pieces == {"failed": 1, "landed": 1}
    assert session.failures[0].startswith("BOS@NYK: statsdmz.nba.com: a 200 with a web page")
