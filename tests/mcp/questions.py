"""Forty questions: the call that answers each, the place of the answer in it, and the SQL that tells the truth."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

READINGS = """
WITH r AS (
    SELECT observed_at AS at, ("values"->>%(of)s)::float8 AS v, coalesce((flags->>%(of)s)::int, 1) AS flag, EXISTS (
        SELECT FROM exclusion e WHERE e.sensor_id = reading.sensor_id AND restored_at IS NULL
        AND observed_at >= starts_at AND observed_at < ends_at AND e.quantity IN ('', %(of)s)
    ) AS excluded
    FROM reading JOIN sensors_sensor s ON s.id = sensor_id
    WHERE s.name = %(sensor)s AND "values" ? %(of)s AND observed_at >= %(start)s AND observed_at < %(end)s
),
good AS (SELECT at, v FROM r WHERE flag < 4 AND NOT excluded),
days AS (SELECT (at AT TIME ZONE 'Europe/Warsaw')::date AS day, avg(v) AS mean, sum(v) AS total FROM good GROUP BY 1),
steps AS (SELECT at, lag(at) OVER (ORDER BY at) AS before FROM good),
gaps AS (SELECT * FROM steps WHERE at - before > interval '2.5 h')
"""
WARSAW = "{} 00:00 Europe/Warsaw"


@dataclass(frozen=True)
class Question:
    words: str
    tool: str
    pick: Callable[[dict[str, Any]], Any]
    truth: str
    of: str = "temperature"
    sensor: str = "Mast"
    start: str = "2025-06-01"
    end: str = "2025-07-01"
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, str]:
        """The parameters of the SQL."""
        start, end = WARSAW.format(self.start), WARSAW.format(self.end)
        return {"of": self.of, "sensor": self.sensor, "start": start, "end": end}


def about(words: str, tool: str, pick: Any, truth: str, of: str = "temperature", span: str = "2025-06",
          **arguments: Any) -> Question:  # fmt: skip
    """Return a question about a span; `pick` names a member, or takes the answer."""
    start, end = SPANS[span]
    sensor = arguments.pop("sensor", "Mast")
    chosen = pick if callable(pick) else lambda answer: answer[pick]
    call = {"sensor": sensor, "quantity": of, "span": span, **arguments}
    return Question(words, tool, chosen, truth, of, sensor, start, end, call)


def of_two_junes(words: str, pick: Any, truth: str) -> Question:
    """Return a question that compares June with that of the year before."""
    call = {"sensor": "Mast", "quantity": "temperature", "span": "2025-06", "with_span": "2024-06"}
    return Question(words, "compare", pick, truth, start="2024-01-01", end="2026-01-01", arguments=call)


def ever(words: str, tool: str, pick: Any, truth: str, of: str = "temperature", **arguments: Any) -> Question:
    """Return a question about all that Mast has sent."""
    call = {"sensor": "Mast", "quantity": of, **arguments}
    return Question(words, tool, pick, truth, of, "Mast", "1970-01-01", "2200-01-01", call)


SPANS = {
    "2025-06": ("2025-06-01", "2025-07-01"),
    "2025-06-03": ("2025-06-03", "2025-06-04"),
    "2025-06-05": ("2025-06-05", "2025-06-06"),
    "2025-06-14": ("2025-06-14", "2025-06-15"),
    "2025-06-02/2025-06-08": ("2025-06-02", "2025-06-09"),
    "2025": ("2025-01-01", "2026-01-01"),
}
MEAN, LOWEST, HIGHEST, TOTAL, COUNT = (
    f"SELECT {each} FROM good" for each in ("avg(v)", "min(v)", "max(v)", "sum(v)", "count(*)")
)
AGAIN = "SELECT {0} FILTER (WHERE at > '2025-01-01') - {0} FILTER (WHERE at < '2025-01-01') FROM good"


def row(answer: dict[str, Any], *begins: object) -> list[Any]:
    """Return the only row with these first values."""
    (found,) = [each for each in answer["rows"] if each[: len(begins)] == list(begins)]
    return list(found)


QUESTIONS = [
    about("How warm was it in June?", "series", "mean", MEAN),
    about("What was the lowest temperature of June?", "series", "min", LOWEST),
    about("And the highest, without what cannot be true?", "series", "max", HIGHEST),
    about("How many readings are behind that?", "series", "n", COUNT),
    about("How many of them are bad?", "series", lambda a: a["flags"]["bad"], "SELECT count(*) FROM r WHERE flag = 4"),
    about("How much did it vary?", "series", "deviation", "SELECT stddev_pop(v) FROM good"),
    about("How warm was 3 June?", "series", "mean", MEAN, span="2025-06-03"),
    about("How cold did it get on 3 June?", "series", "min", LOWEST, span="2025-06-03"),
    about("How humid was it on 14 June?", "series", "mean", MEAN, of="humidity", span="2025-06-14"),
    about("How many humidities of that day are excluded?", "series", lambda a: a["flags"]["excluded"],
          "SELECT count(*) FROM r WHERE excluded", of="humidity", span="2025-06-14"),
    about("How much rain fell in June?", "series", "total", TOTAL, of="rain"),
    about("How much rain fell in the first whole week?", "series", "total", TOTAL, of="rain",
          span="2025-06-02/2025-06-08"),
    about("How much rain fell on 5 June, by the rows of days?", "series", lambda a: row(a, "2025-06-05T00:00+02:00")[1],
          "SELECT total FROM days WHERE day = '2025-06-05'", of="rain", resolution="1d"),
    about("How many days have rows?", "series", lambda a: len(a["rows"]), "SELECT count(*) FROM days",
          resolution="1d"),
    about("What was the mean of 9 June?", "series", lambda a: row(a, "2025-06-09T00:00+02:00")[1],
          "SELECT mean FROM days WHERE day = '2025-06-09'", resolution="1d"),
    about("How warm was it at noon of 3 June?", "series", lambda a: row(a, "2025-06-03T12:00+02:00")[1],
          "SELECT v FROM good WHERE at = '2025-06-03 12:00 Europe/Warsaw'", span="2025-06-03"),
    about("What was the highest gust of the year?", "series", "max", HIGHEST, of="wind_gust", span="2025"),
    about("How many gusts are in doubt?", "series", lambda a: a["flags"]["suspect"],
          "SELECT count(*) FROM r WHERE flag = 3", of="wind_gust", span="2025"),
    about("How many wind directions are there of 3 June?", "series", "n", COUNT, of="wind_direction",
          span="2025-06-03"),
    about("How high was the pressure in the shed?", "series", "mean", MEAN, of="pressure", sensor="Shed"),
    of_two_junes("How much warmer was this June than the last?", lambda a: a["difference"]["mean"],
                 AGAIN.format("avg(v)")),
    of_two_junes("How much higher was its highest temperature?", lambda a: a["difference"]["max"],
                 AGAIN.format("max(v)")),
    of_two_junes("How many readings had the other June?", lambda a: a["second"]["n"],
                 "SELECT count(*) FILTER (WHERE at < '2025-01-01') FROM good"),
    about("How warm is the mast on 3 June, beside the shed?", "compare", lambda a: a["first"]["mean"], MEAN,
          span="2025-06-03", with_sensor="Shed"),
    about("And the shed?", "compare", lambda a: a["first"]["mean"], MEAN, span="2025-06-03", sensor="Shed",
          with_sensor="Mast"),
    ever("What is the highest temperature ever?", "records", lambda a: row(a, "all", "max")[2], HIGHEST),
    ever("When was that?", "records", lambda a: row(a, "all", "max")[3],
         "SELECT to_char(at AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD\"T\"HH24:MI') || '+02:00' FROM good"
         " ORDER BY v DESC, at LIMIT 1"),
    ever("What is the lowest temperature ever?", "records", lambda a: row(a, "all", "min")[2], LOWEST),
    ever("Of how many readings?", "records", lambda a: a["n"], COUNT),
    ever("What is the highest humidity that counts?", "records", lambda a: row(a, "all", "max")[2], HIGHEST,
         of="humidity"),
    ever("How much rain had the wettest day?", "records", lambda a: row(a, "all", "max")[2],
         "SELECT max(total) FROM days", of="rain"),
    ever("What is usual on 5 June?", "normals", lambda a: row(a, 156)[2],
         "SELECT avg(mean) FROM days WHERE to_char(day, 'MM-DD') = '06-05'", per="day", around="06-05"),
    ever("Within which range are four of five of them, below?", "normals", lambda a: row(a, 156)[3],
         "SELECT percentile_cont(0.1) WITHIN GROUP (ORDER BY mean) FROM days WHERE to_char(day, 'MM-DD') = '06-05'",
         per="day", around="06-05"),
    ever("What is usual in the week from 4 June on?", "normals", lambda a: row(a, 23)[2],
         "SELECT avg(mean) FROM days WHERE to_char(day, 'MM-DD') BETWEEN '06-04' AND '06-10'"),
    ever("Of how many years?", "normals", lambda a: a["n"], "SELECT count(DISTINCT extract(year FROM day)) FROM days"),
    about("How often was it silent in June?", "gaps", "gaps", "SELECT count(*) FROM gaps"),
    about("Since when, the first time?", "gaps", lambda a: a["rows"][0][0],
          "SELECT to_char(min(before) AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD\"T\"HH24:MI') || '+02:00' FROM gaps"),
    about("For how many hours is humidity missing?", "gaps", lambda a: int(a["missing"].removesuffix(" h")),
          "SELECT extract(epoch FROM sum(at - before))::int / 3600 FROM gaps", of="humidity"),
    about("How many pressures stand still in the shed?", "why_flagged", lambda a: a["flags"]["suspect"],
          "SELECT count(*) FROM r WHERE flag = 3", of="pressure", sensor="Shed"),
    about("Which temperature was bad?", "why_flagged", lambda a: row(a)[2], "SELECT v FROM r WHERE flag = 4"),
]  # fmt: skip
