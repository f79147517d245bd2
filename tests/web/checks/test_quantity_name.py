import pytest
from django.core.exceptions import ValidationError

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.web.checks.quantity_name import quantity_name


def test_names_of_quantities_are_taken() -> None:
    for name in (*CATALOGUE, "temperature:a2", "battery_low.wh65"):
        quantity_name(name)


@pytest.mark.parametrize("name", ["1x", "a b", "température", "x\n"])
def test_other_texts_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        quantity_name(name)
