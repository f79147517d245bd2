"""Tables for the pages' scripts, so that they write and draw the same as the server: words, edges, limits.

A live page contains them as JSON (`web/script_tables.py`), so that JavaScript does not repeat them.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from sensorfusion.domain import gaps, liveness
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather import derived, sun, wind
from sensorfusion.readings.queries import BELONGS_TOGETHER_S
from sensorfusion.readings.rollups.buckets import WIDTHS
from sensorfusion.reports import hero, overview, queries, recent, sentences, sparkline, sunarc, words
from sensorfusion.reports import wind as compass
from sensorfusion.reports.charts import axes, cards, labels, resolution, spans
from sensorfusion.web.values import dates, freshness


def tables() -> dict[str, Any]:
    """Return all tables, with words in the language of the page; durations are in seconds."""
    return {**_words(), **_sky(), **_time(), **_drawing()}


def _words() -> dict[str, Any]:
    return {
        "words": {
            name: {"edges": each.edges, "words": [*map(gettext, each.words)]} for name, each in derived.WORDS.items()
        },
        "compass_points": [*map(gettext, wind.POINTS)],
        "months": dates.names().short_months,
        "sentences": {"between": sentences.BETWEEN, "near": sentences.NEAR, "slot_s": recent.SLOT_S},
        "doubts": {flag: (gettext(each.word), gettext(each.reason)) for flag, each in words.DOUBTS.items()},
        "counted": _texts(words.COUNTED),
        "battery_low": overview.BATTERY_LOW,
        "resolutions": {
            "raw": str(resolution.EVERY_READING),
            "adjectives": _texts(resolution.ADJECTIVES),
            "combined": _texts(resolution.COMBINED),
            "band": str(resolution.BAND),
            "per": _texts(resolution.PER),
        },
        "leads": _texts(freshness.LEADS),
        "more_less": {hue: tuple(map(str, each)) for hue, each in words.MORE_LESS.items()},
    }


def _texts(words: Mapping[Any, object]) -> dict[Any, str]:
    return {key: gettext(str(each)) for key, each in words.items()}


def _sky() -> dict[str, Any]:
    return {
        "sun": {
            "risen": sun.RISEN,
            "day_above": sun.DAY_ABOVE,
            "twilight_below": sun.TWILIGHT_BELOW,
            "night_below": sun.NIGHT_BELOW,
            "overcast_above": sun.OVERCAST_ABOVE,
            "overcast_share": sun.OVERCAST_SHARE,
            "radiation_lasts_s": hero.RADIATION_LASTS.total_seconds(),
        },
        "sun_arc": {"width": sunarc.WIDTH, "horizon": sunarc.HORIZON, "steps": sunarc.STEPS},
        "wind": {
            "calm": wind.CALM,
            "gust_lasts_s": compass.GUST_LASTS_S,
            "arc_radius": compass.ARC_RADIUS,
            "arc_half": compass.ARC_HALF,
        },
    }


def _time() -> dict[str, Any]:
    """Return the limits of late, offline and gaps, and the spans of charts.

    A limit of silence is a factor of the interval, a minimum, and the limit while the interval is unknown.
    """
    return {
        "late": (liveness.LATE_FACTOR, liveness.LATE_AT_LEAST_S, liveness.UNKNOWN_LATE_S),
        "offline": (liveness.OFFLINE_FACTOR, liveness.OFFLINE_AT_LEAST_S, liveness.UNKNOWN_OFFLINE_S),
        "gaps": {
            "factor": gaps.FACTOR,
            "neighbours": gaps.NEIGHBOURS,
            "fewest": gaps.FEWEST,
            "buckets": gaps.BUCKET_GAP,
            "jitter": gaps.JITTER,
            "spark": sparkline.GAP,
        },
        "bucket_s": WIDTHS,
        "belongs_together_s": BELONGS_TOGETHER_S,
        "ranges": {
            name: {
                "length_s": int(length.total_seconds()),
                "bar_s": spans.BARS[name].length_s,
                "bar_resolution": spans.BARS[name].width,
                "bar_head": str(spans.BARS[name].head),
                "points": spans.POINTS[name],
                "words": spans.translated(spans.IN_WORDS[name]),
            }
            for name, length in spans.RANGES.items()
        },
        "fixed_range": {"words": spans.translated(spans.FIXED_IN_WORDS), "returns_within": spans.RETURNS_WITHIN},
        "day_before": {
            "lasts_s": int(queries.DAY_BEFORE_LASTS.total_seconds()),
            "points": queries.DAY_BEFORE_POINTS,
            "within_s": queries.SAME_TIME_S,
            "within_intervals": queries.SAME_TIME_INTERVALS,
        },
    }


def _drawing() -> dict[str, Any]:
    return {
        "bad_flag": Flag.BAD,
        "rows_most": cards.ROWS_MOST,
        "axis": {
            "air": axes.AIR,
            "zero_air": axes.ZERO_AIR,
            "noise": axes.NOISE,
            "smallest_step": labels.SMALLEST_STEP,
            "marks": axes.MARKS,
            "from_zero": sorted(cards.FROM_ZERO),
            "wind_strip": cards.WIND_STRIP,
        },
        "spark": {"width": sparkline.WIDTH, "height": sparkline.HEIGHT, "pad": sparkline.PAD},
    }
