"""Conversion of a console's fields to readings, without a door."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.consoles.field import Field
from sensorfusion.domain.consoles.networks import FIELDS
from sensorfusion.domain.consoles.readers import METRIC
from sensorfusion.domain.encodings import AROUND
from sensorfusion.domain.normalise import check_values
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import convert
from sensorfusion.ingest.doors.consoles.reading import Settings, readings_of
from sensorfusion.ingest.doors.consoles.time import observed_at
from sensorfusion.ingest.doors.form_fields import MOST_CHARACTERS, MOST_FIELDS, Form
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.ingest.doors.conftest import values_of

NUMBERS = {
    name: field
    for name, field in FIELDS["common"].items()
    if field.kind == "number" and field.quantity in CATALOGUE and field.unit and not field.is_piezo
}


def stored(fields: dict[str, str], **settings: str) -> dict[str, object]:
    """Return the values as they would be stored."""
    values: dict[str, object] = {}
    for one in readings_of(fields, (), family="common", settings=Settings(**settings)):  # type: ignore[arg-type]
        values |= check_values(values_of(one))[0]
    return values


@pytest.mark.parametrize("units", list(METRIC))
@given(data=st.data())
def test_what_is_kept_is_what_was_sent_in_the_quantitys_own_unit(units: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(NUMBERS)))
    field: Field = NUMBERS[name]
    entry = CATALOGUE[field.quantity]
    unit = METRIC[units].get(field.unit, field.unit)  # type: ignore[index]
    low, high = entry.plausible_low, entry.plausible_high
    canonical = data.draw(st.floats(0.0 if low is None else low, 1e6 if high is None else high))
    sent = round(convert(canonical, from_unit=entry.unit, to_unit=unit), 3)

    kept = stored({name: str(sent)}, units=units).get(field.quantity)

    if kept is None:  # only values rounded to the wrong side of a limit, or markers of missing values
        assert sent in (-9999, -999.9) or canonical < 1e-3 or abs(canonical - (high or 0)) < 1
    else:
        assert isinstance(kept, int | float)
        assert kept == pytest.approx(
            min(convert(sent, from_unit=unit, to_unit=entry.unit), entry.clamp_high or 1e12), abs=1e-3
        )


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=20))
def test_no_fields_make_it_raise_and_unknown_ones_are_no_quantities(fields: dict[str, str]) -> None:
    values = stored({name.lower(): value for name, value in fields.items()})

    known = {field.quantity for field in FIELDS["common"].values()}
    assert all(name.startswith("console.") or name.split(".")[0].removesuffix("_2") in known or name in known
               for name in values)  # fmt: skip


@pytest.mark.parametrize("pressure", ["0", "0.00", "-9999", "", "--", "nan", "x"])
def test_pressure_that_says_nothing_does_not_condemn_the_rest(pressure: str) -> None:
    assert stored({"baromrelin": pressure, "tempf": "50"})["temperature"] == 10


@given(st.text(max_size=70))
def test_any_text_is_a_time_or_doubtful(text: str) -> None:
    at, is_doubtful = observed_at(text)

    assert at is None or not is_doubtful


@pytest.mark.parametrize("sent", ["a" * (MOST_CHARACTERS + 1), "&" * MOST_FIELDS])
def test_more_than_a_console_sends_is_refused(sent: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        Form().add(sent)

    assert refused.value.code == "too_large"


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=9).filter(lambda name: name.strip(AROUND)), st.text(max_size=9), max_size=9
    )
)
def test_forms_are_read_back_as_they_were_written(fields: dict[str, str]) -> None:
    distinct = {name.strip(AROUND).lower(): value.strip("\0") for name, value in fields.items()}
    form = Form()
    form.add("&".join(f"{quote(name)}={quote(value)}" for name, value in distinct.items()))

    assert form.fields | dict.fromkeys(form.twice, "") == distinct | dict.fromkeys(form.twice, "")


def test_codes_that_are_none_and_bytes_of_an_older_encoding_cost_no_field() -> None:
    form = Form()
    form.add("\ufefftempf=50&loc%E4tion=Stra%DFe&note=100%&x=%zz&humidity=76\0")

    assert form.fields == {"tempf": "50", "locätion": "Straße", "note": "100%", "x": "%zz", "humidity": "76"}


def test_same_field_with_the_same_value_twice_is_one_field() -> None:
    form = Form()
    form.add("a=1&a=1&b=2&B=3")

    assert (form.fields, form.twice) == ({"a": "1"}, {"b"})
