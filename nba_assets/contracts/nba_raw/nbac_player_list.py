"""Contract of `nba_raw.nbac_player_list`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64, string
from nba_assets.contracts.model import SpeaksFor, Table, Versioning

TABLE = Table(
    dataset="nba_raw",
    name="nbac_player_list",
    description=(
        "The league's player index by date: who was on which roster. Free agents are absent. A capture speaks for its "
        "date; the history gives a player's team as of a day."
    ),
    key=("game_date", "player_id"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/player-list/",),
    speaks_for=SpeaksFor.DATE,
    kinds=("json",),
    columns=(
        GAME_DATE,
        string("player_id", "League person id", public=True),
        string("first_name", "First name, with accents; empty for a player of one name"),
        string("last_name", "Last name, with accents and suffix"),
        string("full_name", "First and last name", public=True),
        string("player_lookup", "Normalised name: letters a-z and digits, with its suffix"),
        string("suffix?", "Jr., Sr., II, III, IV or V, as spelled"),
        int64("team_id?", "League id of his team"),
        string("team_tricode?", "Tricode of his team", public=True),
        string("jersey_number?", "Number on the shirt; 0 is not 00"),
        string("position?", "G, F, C or two of them", public=True),
        int64("height_in?", "Height", unit="inches", low=60, high=100),
        int64("weight_lb?", "Weight", unit="pounds", low=120, high=400),
        string("college?", "College or last school"),
        string("country?", "Country"),
        int64("draft_year?", "Year of his draft", low=1946),
        int64("draft_round?", "Round of his draft", low=0),
        int64("draft_number?", "Pick of his draft", low=0),
        int64("from_year?", "Start year of his first season", low=1946),
        int64("to_year?", "Start year of his last season", low=1946),
        boolean("is_rostered", "On a roster on the date"),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
)
