"""Contract of `nba_raw.player_identity`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, string
from nba_assets.contracts.model import Table, Versioning

SOURCES = ("nbac_player_list", "nbac_player_boxscores", "nbac_team_boxscore")
"""Sources whose payloads carry the league's person ids."""

TABLE = Table(
    dataset="nba_raw",
    name="player_identity",
    description=(
        "The identity registry: which person was seen under which name on which team, by every source that carries "
        "the league's ids. It has no drops of its own and is cumulative: absence closes nothing, another spelling or "
        "team in the same source is a new version."
    ),
    key=("game_date", "player_id", "source", "game_id"),
    versioning=Versioning.CLOSED,
    fed_by=SOURCES,
    columns=(
        GAME_DATE,
        string("player_id", "League person id"),
        string("player_name", "Name as the source spells it"),
        string("player_lookup", "Normalised name: letters a-z and digits, with its suffix"),
        string("team_tricode", "Tricode of the team he was seen on"),
        string("game_id?", "Game whose box score names him; null in a player list"),
        string(
            "source",
            "Raw table whose drop says so",
            values=SOURCES,
        ),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    fields={
        "game_date": "the date of the list, or of the game whose box score names him",
        "player_id": "PERSON_ID, PLAYER_ID, personId",
        "player_name": "the name beside it",
        "player_lookup": "the name, normalised",
        "team_tricode": "the team beside it",
        "game_id": "the game of the box score",
        "source": "the drop's source",
    },
    quirks=(
        "Free agents are in no list: an entry is never closed because a later list lacks it.",
        "An id seen in a box score serves no row that was needed before that box score was known.",
        "Two listed players share no normalised name; over generations they do (a father's and a son's).",
    ),
)
