"""The client: what it takes for a success, when it tries again, where it never goes, and what it never says."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import traceback
from email.utils import format_datetime
from pathlib import Path

import pytest

from nba_assets.errors import UsageError
from nba_assets.fetching.bodies import csv_with, json_list, json_object, pdf
from nba_assets.fetching.client import ATTEMPTS, Answer, Client, Request
from nba_assets.fetching.errors import Absent, FetchError, Refused, Transient
from nba_assets.fetching.hosts import hosts
from nba_assets.fetching.keys import Secrets
from nba_assets.settings import Settings
from nba_assets_tests.fetching.conftest import CANARY, MORNING, PAGE, PDF, Reply, Site, Time, client_for, standing_in

URL = "https://cdn.nba.com/file.json"
WHOLE = {"game": {"gameId": "0022400101"}}


def get(client: Client, url: str = URL, **more: object) -> Answer:
    return client.send(Request(url, **{"check": json_object("game"), **more}))  # type: ignore[arg-type]


def test_an_answer_has_its_bytes_stamp_and_the_servers_request_id(client: Client, site: Site) -> None:
    site.serve("/file.json", Reply(b'{"game": 1}', headers={"X-Request-Id": "abc-1", "ETag": '"v1"'}))
    answer = get(client, params={"GameID": "1", "Empty": ""})
    assert answer.body == b'{"game": 1}'
    assert (answer.stamp, answer.request_id, answer.etag) == ("20241102_130000", "abc-1", '"v1"')
    assert answer.url == "https://cdn.nba.com/file.json?GameID=1&Empty="
    assert site.asked[0].query == {"GameID": "1", "Empty": ""}


def test_without_an_id_of_the_server_each_request_has_its_own(client: Client, site: Site) -> None:
    site.serve("/file.json", WHOLE)
    assert len({get(client).request_id, get(client).request_id}) == 2


@pytest.mark.parametrize(
    "status, body", [(500, b""), (502, PAGE), (503, b""), (408, b""), (429, b"")], ids=lambda value: str(value)[:10]
)
def test_what_may_pass_is_tried_again(client: Client, site: Site, time: Time, status: int, body: bytes) -> None:
    site.serve("/file.json", Reply(body, status), Reply(body, status), WHOLE)
    assert get(client).body
    assert len(site.asked) == 3
    assert len(time.slept) >= 2 and all(pause > 0 for pause in time.slept)


def test_pauses_grow_and_are_jittered(client: Client, site: Site, time: Time) -> None:
    site.serve("/file.json", Reply(b"", 500))
    with pytest.raises(Transient, match=f"cdn.nba.com: answers 500, at the last of {ATTEMPTS} attempts"):
        get(client)
    assert len(site.asked) == ATTEMPTS
    first, second, third = time.slept
    assert 1 <= first <= 2 and 2 <= second <= 3 and 4 <= third <= 5
    assert any(pause != int(pause) for pause in time.slept)


@pytest.mark.parametrize(
    "value", ["17", format_datetime(MORNING + dt.timedelta(seconds=17), usegmt=True)], ids=["seconds", "date"]
)
def test_f05_retry_after_is_obeyed_and_jittered(client: Client, site: Site, time: Time, value: str) -> None:
    site.serve("/file.json", Reply(b"", 429, {"Retry-After": value}), WHOLE)
    get(client)
    assert len(site.asked) == 2
    assert 17 <= sum(time.slept) <= 18.5


def test_f05_a_long_pause_is_left_to_a_later_fetch_which_does_not_ask_before(
    site: Site, time: Time, tmp_path: Path
) -> None:
    site.serve("/file.json", Reply(b"", 429, {"Retry-After": "3600"}), WHOLE)
    with client_for(site, time, tmp_path) as client, pytest.raises(Transient, match="wants 3600 s of peace"):
        get(client)
    with client_for(site, time, tmp_path) as another:
        with pytest.raises(Transient, match="asked for a pause that lasts another 3600 s"):
            get(another)
        assert (len(site.asked), time.slept) == (1, [])
        time.clock.moment += dt.timedelta(hours=1, seconds=1)
        assert get(another).body


@pytest.mark.parametrize("status", [401, 403])
def test_f05_a_refusal_is_not_tried_again(client: Client, site: Site, status: int) -> None:
    site.serve("/file.json", Reply(b'{"message": "bad key"}', status))
    with pytest.raises(Refused, match=f'cdn.nba.com answers {status}: {{"message": "bad key"}}') as refused:
        get(client, headers={"X-Api-Key": "some-key-value"})
    assert len(site.asked) == 1
    assert "the key may be wrong" in refused.value.hint


def test_a_refusal_without_a_key_speaks_of_the_address(client: Client, site: Site) -> None:
    site.serve("/file.json", Reply(PAGE, 403))
    with pytest.raises(Refused) as refused:
        get(client)
    assert "HTTPS_PROXY" in refused.value.hint
    assert "<" not in str(refused.value)


@pytest.mark.parametrize("status", [403, 404])
def test_a_file_that_is_not_published_yet_is_no_failure(client: Client, site: Site, status: int) -> None:
    site.serve("/file.json", Reply(PAGE, status))
    with pytest.raises(Absent) as absent:
        get(client, missing=(403, 404))
    assert absent.value.outcome == "not yet"
    assert len(site.asked) == 1


@pytest.mark.parametrize("status, outcome", [(204, "empty"), (304, "unchanged")])
def test_nothing_there_and_nothing_new(client: Client, site: Site, status: int, outcome: str) -> None:
    site.serve("/file.json", Reply(b"", status))
    with pytest.raises(Absent) as absent:
        get(client)
    assert absent.value.outcome == outcome


def test_any_other_status_is_an_error_at_once(client: Client, site: Site) -> None:
    with pytest.raises(FetchError, match=r"cdn\.nba\.com answers 404: not here"):
        get(client)
    assert len(site.asked) == 1


NO_SUCCESS = {
    "html": (json_object("game"), Reply(PAGE), "a 200 with a web page"),
    "empty": (json_object("game"), Reply(b""), "a 200 with an empty body"),
    "blank": (json_list, Reply(b" \n"), "a 200 with an empty body"),
    "cut JSON": (json_object("game"), Reply(b'{"game": {"actions": ['), "a 200 with JSON that is cut off or broken"),
    "cut by the line": (json_object("game"), Reply(b'{"game": 1}', cut=100), "RemoteProtocolError"),
    "another top key": (json_object("game"), Reply(b'{"Message": "busy"}'), "a 200 with JSON without 'game'"),
    "an object for a list": (json_list, Reply(b'{"message": "busy"}'), "a 200 with JSON without a list"),
    "a list for an object": (json_object("game"), Reply(b"[]"), "a 200 with JSON without an object"),
    "cut PDF": (pdf, Reply(PDF[:-7]), "a 200 with a PDF that is cut off"),
    "no PDF": (pdf, Reply(b"hello"), "a 200 with no PDF"),
    "HTML for a CSV": (csv_with("event_type"), Reply(PAGE), "a 200 with a web page"),
    "no CSV": (csv_with("event_type"), Reply(b"a,b\n1,2\n"), "a 200 with no CSV"),
    "bad gzip": (json_list, Reply(b"[]", headers={"Content-Encoding": "gzip"}), "DecodingError"),
}


@pytest.mark.parametrize("name", NO_SUCCESS)
def test_a_200_is_not_yet_a_success(client: Client, site: Site, name: str) -> None:
    check, reply, reason = NO_SUCCESS[name]
    site.serve("/file.json", reply)
    with pytest.raises(Transient) as failed:
        get(client, check=check, attempts=2)
    assert f"cdn.nba.com: {reason}" in str(failed.value)
    assert len(site.asked) == 2


@pytest.mark.parametrize("check, body", [(json_object("data"), b'{"data":[]}'), (json_list, b"[]"), (pdf, PDF)])
def test_a_well_formed_answer_is_one_even_if_it_holds_nothing(
    client: Client, site: Site, check: object, body: bytes
) -> None:
    site.serve("/file.json", body)
    assert get(client, check=check).body == body


def test_a_server_that_hangs_is_left(site: Site, time: Time, tmp_path: Path) -> None:
    site.serve("/file.json", Reply(late=True))
    with (
        client_for(site, time, tmp_path, read=0.05) as client,
        pytest.raises(Transient, match=r"no answer within 0.05 s \(ReadTimeout\)"),
    ):
        get(client, attempts=2)


def test_an_answer_that_trickles_is_left_when_its_time_is_over(
    site: Site, time: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve("/file.json", b'{"game": "' + b"x" * 500_000 + b'"}')
    moments = iter(range(0, 10_000, 50))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(moments)))
    with (
        client_for(site, time, tmp_path, whole=120.0) as client,
        pytest.raises(Transient, match="was not whole within 120 s"),
    ):
        get(client, attempts=1)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip bomb"])
def test_an_endless_answer_is_refused_at_the_limit(client: Client, site: Site, packed: bool) -> None:
    body = b'{"game": "' + b" " * 3_000_000 + b'"}'
    reply = Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Reply(body)
    site.serve("/file.json", reply)
    with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
        get(client, max_bytes=1_000_000)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data", "http://localhost:1/x", "https://elsewhere.example/file.json"]
)
def test_f60_a_redirect_to_another_host_is_not_followed(client: Client, site: Site, target: str) -> None:
    site.serve("/file.json", Reply(b"", 302, {"Location": target}))
    with pytest.raises(FetchError, match=r"redirects to .*, which is not followed"):
        get(client)
    assert site.paths() == ["/file.json"]


def test_a_redirect_within_the_host_is_followed_so_far(client: Client, site: Site) -> None:
    site.serve("/file.json", Reply(b"", 301, {"Location": "/moved.json"}))
    site.serve("/moved.json", WHOLE)
    assert get(client).body
    site.serve("/moved.json", Reply(b"", 302, {"Location": "/file.json"}))
    with pytest.raises(FetchError, match="redirects more than 3 times"):
        get(client)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.nba.com/file.json",
        "https://cdn.nba.com:8443/file.json",
        "https://user@cdn.nba.com/file.json",
        "https://cdn.nba.com.evil.example/file.json",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/file.json",
        "file:///etc/passwd",
    ],
)
def test_f60_only_the_listed_hosts_are_asked(client: Client, site: Site, url: str) -> None:
    with pytest.raises(FetchError, match="is not a host that may be asked"):
        get(client, url)
    assert site.asked == []


@pytest.mark.parametrize(
    "host, base",
    [
        ("cdn.nba.com", "http://10.0.0.1:80"),
        ("cdn.nba.com", "https://mirror.example"),
        ("cdn.nba.com", "http://localhost.example"),
        ("cdn.nba.com", "http://127.0.0.1:80/path"),
        ("unknown.example", "http://127.0.0.1:80"),
    ],
)
def test_f60_a_stand_in_is_of_a_known_host_and_on_this_machine(host: str, base: str) -> None:
    with pytest.raises(UsageError, match="NBA_ASSETS_FETCH_BASES"):
        hosts(Settings(fetch_bases={host: base}))


def test_the_budget_of_balldontlie_is_a_setting() -> None:
    assert hosts(Settings(bdl_requests_per_minute=600))["api.balldontlie.io"].pause == 0.1


def test_the_proxy_of_the_environment_is_used(
    site: Site, time: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", site.base)
    site.serve("", Reply(b"", 502))
    known = {"stats.nba.com": hosts(Settings())["stats.nba.com"]}
    with (
        Client(known, tmp_path, time.clock, Secrets(), sleep=time.sleep, monotonic=time.monotonic) as client,
        pytest.raises(Transient, match="ProxyError"),
    ):
        get(client, "https://stats.nba.com/stats/playerindex", attempts=1)
    assert site.asked[0].method == "CONNECT"
    assert site.asked[0].headers["host"] == "stats.nba.com:443"


ECHOES = {
    "401": Reply(f'{{"message": "no such key: {CANARY}"}}'.encode(), 401),
    "422": Reply(f"apiKey={CANARY} is wrong".encode(), 422),
    "500": Reply(b"", 500, {"X-Echo": CANARY}),
    "HTML": Reply(f"<html>{CANARY}".encode()),
    "a file": Reply(f'{{"game": "{CANARY}"}}'.encode()),
    "its request id": Reply(b'{"game": 1}', headers={"X-Request-Id": CANARY}),
    "a redirect": Reply(b"", 302, {"Location": "https://elsewhere.example/?k=canary-5e1f%2Bkey%2F07%20end"}),
    "a cut": Reply(b"{", cut=5),
}


@pytest.mark.parametrize("name", ECHOES)
def test_f57_the_key_is_never_said_or_kept(
    site: Site,
    time: Time,
    tmp_path: Path,
    keys: str,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    site.serve("/file.json", ECHOES[name])
    secrets = Secrets()
    said = []
    with Client(standing_in(site), tmp_path, time.clock, secrets, sleep=time.sleep, monotonic=time.monotonic) as client:
        key = secrets.key("ODDS_API_KEY")
        try:
            answer = get(client, params={"apiKey": key}, headers={"Authorization": key}, attempts=1)
            said.append(repr(answer))
        except FetchError as error:
            said += ["".join(traceback.format_exception(error)), error.hint, repr(error)]
    assert site.asked[0].query["apiKey"] == site.asked[0].headers["authorization"] == keys
    everything = "\n".join([*said, caplog.text, *(path.read_text() for path in tmp_path.rglob("*") if path.is_file())])
    assert said and "canary" not in everything
    if name == "its request id":
        assert "apiKey=***" in everything
