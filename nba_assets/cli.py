"""`nba-assets`: one verb per job an operator has. Light to import; the work is behind each verb in `commands/`."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from nba_assets.cli_cloud import migrate, schema
from nba_assets.cli_desk import alarms, alias, models, quarantine
from nba_assets.cli_failure import dead_letters, replay
from nba_assets.cli_options import Json, a_date
from nba_assets.cli_readers import halt, publish, resume, serve
from nba_assets.collector import look_no_more, look_seldom
from nba_assets.errors import PlatformError, UsageError

app = typer.Typer(
    name="nba-assets",
    help="NBA player-points props: raw files in, published and graded predictions out.",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Day = Annotated[str, typer.Option(help="A league date, as 2024-11-15.")]
INTERRUPTED = 130
"""What Typer returns for a Ctrl-C."""


@app.command(epilog="Example: nba-assets demo --days 10")
def demo(
    days: Annotated[int, typer.Option(help="Dates to simulate.", min=1, max=120)] = 30,
    seed: Annotated[int, typer.Option(help="Seed of the league.")] = 7,
    serve: Annotated[bool, typer.Option("--serve", help="Then serve the page and start Dagster.")] = False,
    json: Json = False,
) -> None:
    """Simulate a league, drop its files, run all six phases, show what was published."""
    from nba_assets.commands.demo import run

    run(days=days, seed=seed, serve=serve, as_json=json)


@app.command(epilog="Example: nba-assets simulate drops --seed 7 --start 2025-10-21 --end 2025-11-19")
def simulate(
    out: Path,
    start: Annotated[str, typer.Option(help="First date, as 2025-10-21.")],
    end: Annotated[str, typer.Option(help="Last date.")],
    seed: Annotated[int, typer.Option(help="Seed of the league.")] = 7,
    faults: Annotated[
        list[str] | None, typer.Option(help="What goes wrong, as html, missing_games=8 or lines:alternate; repeatable.")
    ] = None,
    pdf: Annotated[bool, typer.Option(help="Gamebooks as PDF, not as their parsed twins.")] = False,
    json: Json = False,
) -> None:
    """Write a simulated league's drops below OUT; with --faults, OUT.faults.json says what was done to which file."""
    from nba_assets.commands.simulate import run

    run(out, seed=seed, start=a_date(start), end=a_date(end), faults=faults or [], pdf=pdf, as_json=json)


@app.command(epilog="Example: nba-assets ingest drops")
def ingest(folder: Path, json: Json = False) -> None:
    """Take every drop below FOLDER into the landing zone and process it through all six phases."""
    from nba_assets.commands.ingest import run

    run(folder, as_json=json)


@app.command(epilog="Example: nba-assets watch")
def watch(
    once: Annotated[bool, typer.Option("--once", help="See to what is there now, then stop.")] = False,
    json: Json = False,
) -> None:
    """Stay and carry every new file of the landing zone to the page, within seconds; Ctrl-C ends it."""
    from nba_assets.commands.watch import run

    run(once=once, as_json=json)


@app.command(epilog="Example: nba-assets up")
def up(
    port: Annotated[int, typer.Option(help="Port of Dagster's UI.", min=1, max=65535)] = 3000,
    page_port: Annotated[int, typer.Option(help="Port of the page.", min=1, max=65535)] = 8000,
    without: Annotated[
        list[str] | None, typer.Option(help="What not to start: watch, daemon, webserver or page; repeatable.")
    ] = None,
) -> None:
    """Start all that is needed, restart what dies, stop all with Ctrl-C: Dagster, the watch, the page."""
    from nba_assets.commands.up import run

    run(dagster_port=port, page_port=page_port, without=without or [])


@app.command(epilog="Example: nba-assets fetch nbac_schedule --date 2024-11-15, or nba-assets fetch --all")
def fetch(
    source: Annotated[str, typer.Argument(help="A source, as nbac_schedule.")] = "",
    date: Annotated[str, typer.Option(help="A league date, as 2024-11-15; today in New York if left out.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every source that the date needs, at once.")] = False,
    process: Annotated[bool, typer.Option(help="Then carry it through all six phases, or only land it.")] = True,
    json: Json = False,
) -> None:
    """Fetch a source's files of a date, with the keys of the environment.

    They are ODDS_API_KEY, BDL_API_KEY, BETTINGPROS_API_KEY and BIGDATABALL_SERVICE_ACCOUNT (a key file's path).
    """
    from nba_assets.commands.fetch import run

    run(source, every=every, day=a_date(date) if date else None, process=process, as_json=json)


@app.command(name="import-lines", epilog="Example: nba-assets import-lines lines.csv")
def import_lines(file: Path, json: Json = False) -> None:
    """Take in your own history of lines of players' points: rows of books named imported:<book>, never a feed's.

    FILE is a CSV in UTF-8 with these columns, in any order:

    - game_date: the league's date of the game, as 2025-01-15
    - player, player_id: his name, the league's person id; one of them is enough
    - team (optional): his team's tricode; needed where the registry does not know where he played
    - book: the sportsbook, as draftkings
    - line: points, 0.5 to 70
    - over_price, under_price: American or decimal; one may be empty
    - captured_at: when the line stood, with its zone, as 2025-01-15T21:00:00Z

    A line counts as known at its captured_at. Lines of one game, book and captured_at are one capture: who is not in
    a later one of that book has no line there any more. The games must be in the schedule. Rows that break a rule
    are named and left out, the rest goes in; the same file again changes nothing.
    """
    from nba_assets.commands.import_lines import run

    run(file, as_json=json)


@app.command(epilog="Example: nba-assets backfill --start 2024-11-01 --end 2024-11-15 --from-phase 3")
def backfill(
    start: Annotated[str, typer.Option(help="First date.")],
    end: Annotated[str, typer.Option(help="Last date.")],
    from_phase: Annotated[
        int, typer.Option(help="2 raw, 3 analytics, 4 precompute, 5 predictions, 6 published.", min=2, max=6)
    ] = 2,
    json: Json = False,
) -> None:
    """Rebuild a range of dates in one run; what is unchanged is skipped."""
    from nba_assets.commands.backfill import run

    run(a_date(start), a_date(end), from_phase=from_phase, as_json=json)


@app.command(epilog="Example: nba-assets backtest --start 2024-10-22 --end 2024-12-30 --report reports")
def backtest(
    start: Annotated[str, typer.Option(help="First date.")],
    end: Annotated[str, typer.Option(help="Last date.")],
    refit_every: Annotated[
        int, typer.Option(help="Days between refits; 7: the platform's Mondays, else counted from --start.", min=1)
    ] = 7,
    report: Annotated[Path | None, typer.Option(help="Write the report, one HTML file, into this folder.")] = None,
    json: Json = False,
) -> None:
    """Judge the models walk-forward on past dates against the market; a result too good to be true exits with 1."""
    from nba_assets.commands.backtest import run

    run(a_date(start), a_date(end), refit_every=refit_every, folder=report, as_json=json)


@app.command(epilog="Example: nba-assets train --as-of 2024-12-09")
def train(
    as_of: Annotated[str, typer.Option(help="The models that serve this date are fitted as their refit would have.")],
    json: Json = False,
) -> None:
    """Fit the models that serve a date, gate them, keep them; twice is the same bytes."""
    from nba_assets.commands.train import run

    run(a_date(as_of), as_json=json)


@app.command(epilog="Example: nba-assets refresh --date 2024-11-15 --player 2544")
def refresh(
    date: Day,
    player: Annotated[str, typer.Option(help="League person id.")] = "",
    team: Annotated[str, typer.Option(help="Tricode, as LAL.")] = "",
    game: Annotated[str, typer.Option(help="League game id.")] = "",
    line: Annotated[str, typer.Option(help="Person id of a player of whom only a line moved.")] = "",
    json: Json = False,
) -> None:
    """Carry the update of one player, team or game through all phases; what is unchanged is skipped."""
    from nba_assets.commands.refresh import run

    run(a_date(date), {"player": player, "team": team, "game": game, "line": line}, as_json=json)


@app.command(epilog="Example: nba-assets parse nbac_schedule drops/nba-com/schedule/2024-25/20241101_120000.json")
def parse(
    source: str,
    file: Path,
    name: Annotated[str, typer.Option(help="Object name, if the file does not lie at its own path.")] = "",
    json: Json = False,
) -> None:
    """Parse one file as the raw asset would: its rows, or why it is quarantined."""
    from nba_assets.commands.parse import run

    run(source, file, name=name, as_json=json)


@app.command(epilog="Example: nba-assets chart boston.png --team BOS --date 2025-03-30")
def chart(
    out: Path,
    team: Annotated[str, typer.Option(help="Tricode, as BOS.")],
    date: Day,
    json: Json = False,
) -> None:
    """Draw where a team shoots and lets shoot, its last 15 games before a date against the league, as the PNG OUT."""
    from nba_assets.commands.chart import run

    run(out, team=team, day=a_date(date), as_json=json)


@app.command(
    epilog="Example: nba-assets query 'SELECT team, AVG(pace) FROM nba_analytics.team_offense_game_summary GROUP BY 1'"
)
def query(
    sql: str,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many bytes it would scan.")] = False,
) -> None:
    """Ask the warehouse in BigQuery's SQL; `nba_raw.nbac_schedule__history` has all versions."""
    from nba_assets.commands.query import dry, run

    if dry_run:
        dry(sql, as_json=json)
    else:
        run(sql, as_json=json, as_csv=csv)


@app.command(epilog="Example: nba-assets odds --player jokic --line 24.5 --over -115 --under -105")
def odds(
    player: Annotated[str, typer.Option(help="His name in any spelling, a part of it, or his league person id.")],
    line: Annotated[float, typer.Option(help="Points, 0.5 to 70 in steps of a half.")],
    over: Annotated[int | None, typer.Option(help="American price of the over, as -110.")] = None,
    under: Annotated[int | None, typer.Option(help="American price of the under.")] = None,
    date: Annotated[str, typer.Option(help="A league date; his newest prediction if left out.")] = "",
    game: Annotated[str, typer.Option(help="League game id.")] = "",
    json: Json = False,
) -> None:
    """What the newest prediction says of a line of your own: P(points >= k), fair odds, what your prices expect."""
    from nba_assets.commands.odds import run

    run(player, line, over=over, under=under, day=a_date(date) if date else None, game=game, as_json=json)


@app.command(epilog="Example: nba-assets whatif --game 0022500123 --out jokic")
def whatif(
    game: Annotated[str, typer.Option(help="League game id.")],
    out: Annotated[list[str], typer.Option(help="Who does not play: a name, a part of it, or an id; repeatable.")],
    json: Json = False,
) -> None:
    """How everybody's minutes, points and P(over) move if somebody does not play; nothing is written."""
    from nba_assets.commands.whatif import run

    run(game, out, as_json=json)


@app.command(epilog="Example: nba-assets status --date 2024-11-15")
def status(
    date: Annotated[str, typer.Option(help="One league date: what each table waits for, who is to blame.")] = "",
    player: Annotated[str, typer.Option(help="League person id: his newest updates, and when readers saw them.")] = "",
    correlation_id: Annotated[str, typer.Option(help="One drop's id: where it is, phase by phase.")] = "",
    failed: Annotated[bool, typer.Option("--failed", help="What failed in the last day.")] = False,
    unresolved: Annotated[bool, typer.Option("--unresolved", help="List names without a league id.")] = False,
    json: Json = False,
) -> None:
    """Where things are: the ledger, each phase, what waits, what is in quarantine, who is unresolved."""
    from nba_assets.commands.status import run

    run(
        date=a_date(date) if date else None,
        player=player,
        correlation_id=correlation_id,
        failed=failed,
        unresolved=unresolved,
        as_json=json,
    )


@app.command(epilog="Example: nba-assets monitor stuck_updates --set minutes=15")
def monitor(
    name: Annotated[str, typer.Argument(help="A query; without one they are listed.")] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter, as minutes=15 or since='48 hours'; repeatable."),
    ] = None,
    json: Json = False,
) -> None:
    """Ask the execution log one of the monitoring queries: health, stuck updates, latency, skips, dead letters."""
    from nba_assets.commands.monitor import run

    run(name, values or [], as_json=json)


app.command(epilog="Example: nba-assets publish --diff 3 4")(publish)
app.command(epilog="Example: nba-assets halt --reason 'the lines feed is broken'")(halt)
app.command(epilog="Example: nba-assets resume")(resume)
app.command(epilog="Example: nba-assets serve --port 8000")(serve)


@app.command(epilog="Example: nba-assets backup ../backup-2024-11-15")
def backup(folder: Path, json: Json = False) -> None:
    """Copy everything under the home to FOLDER: consistent, verified."""
    from nba_assets.commands.keep import run_backup

    run_backup(folder, as_json=json)


@app.command(epilog="Example: NBA_ASSETS_HOME=new nba-assets restore ../backup-2024-11-15")
def restore(folder: Path, json: Json = False) -> None:
    """Restore a backup into an empty home."""
    from nba_assets.commands.keep import run_restore

    run_restore(folder, as_json=json)


@app.command(epilog="Example: nba-assets prune --dry-run")
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    json: Json = False,
) -> None:
    """Remove what is older than NBA_ASSETS_KEEP_..._DAYS say and nothing needs: log rows, runs, keys, releases."""
    from nba_assets.commands.prune import run

    run(dry_run=dry_run, as_json=json)


@app.command(epilog="Example: nba-assets doctor --profile gcp --live")
def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="Try every operation in your Google Cloud project, and measure it.")
    ] = False,
    profile: Annotated[str | None, typer.Option(help="local or gcp, instead of NBA_ASSETS_PROFILE.")] = None,
    json: Json = False,
) -> None:
    """Check the installation, the profile and each back end, and say what to do.

    With --live, in the gcp profile, it makes objects, datasets, documents and a subscription named doctor-...,
    uses them as the platform does, and removes them again. Run it as who may make datasets and subscriptions.
    """
    if profile is not None:
        os.environ["NBA_ASSETS_PROFILE"] = profile
    if live:
        from nba_assets.commands.doctor_live import run as run_live

        run_live(as_json=json)
        return
    from nba_assets.commands.doctor import run

    run(as_json=json)


app.command(epilog="Example: nba-assets schema --apply")(schema)
app.command(epilog="Example: nba-assets migrate --to gcp --dry-run")(migrate)
app.command(epilog="Example: nba-assets replay --date 2024-11-15 --start-phase 3")(replay)
app.add_typer(dead_letters)
app.add_typer(quarantine)
app.add_typer(alias)
app.add_typer(models)
app.add_typer(alarms)


def main() -> None:
    """Entry point: exit codes 0 done, 1 something failed, 2 bad usage; never a traceback."""
    _set_up_process()
    code = _run()
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # the embedded Postgres stops now: let it
    atexit.register(look_no_more)
    sys.exit(code)


def _set_up_process() -> None:
    """Libraries' warnings stay off the terminal; a stop from outside ends as cleanly as Ctrl-C."""
    look_seldom()
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _run() -> int:
    """Do what the arguments say; returns the exit code, after one line on stderr if that is not 0."""
    try:
        code: int = app(sys.argv[1:] or ["--help"], prog_name="nba-assets", standalone_mode=False) or 0
        if code == INTERRUPTED:
            raise PlatformError("interrupted", "nothing is half written: run the same command again")
        return code
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.command_path if context else 'nba-assets'} --help"
        return _failed(UsageError(error.format_message(), usage))
    except PlatformError as error:
        return _failed(error)
    except Exception as error:
        from nba_assets.commands.faults import plain_fault

        return _failed(plain_fault(error))


def _failed(error: PlatformError) -> int:
    from nba_assets.console import fail

    fail(str(error), error.hint)
    return 2 if isinstance(error, UsageError) else 1


if __name__ == "__main__":
    main()
