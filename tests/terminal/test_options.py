"""Options of commands that follow from the field they fill."""

from argparse import ArgumentParser

import pytest

from sensorfusion.domain.fields import Field
from sensorfusion.sensors.models import Sensor
from sensorfusion.terminal.options import add_option


@pytest.fixture
def parser() -> ArgumentParser:
    made = ArgumentParser()
    add_option(made, Sensor, "name", Field(option="--name"), required=True)
    add_option(made, Sensor, "transport", Field(option="--transport"))
    add_option(made, Sensor, "elevation_m", Field(option="--elevation", option_help="metres"))
    return made


def test_option_has_the_type_of_its_column(parser: ArgumentParser) -> None:
    assert parser.parse_args(["--name", "Mast", "--elevation", "12.5"]).elevation_m == 12.5


def test_option_that_is_left_out_has_the_default_of_its_column(parser: ArgumentParser) -> None:
    given = parser.parse_args(["--name", "Mast"])

    assert (given.transport, given.elevation_m) == ("http", None)


@pytest.mark.parametrize("arguments", [["--name", "Mast", "--transport", "pigeon"], ["--elevation", "3"]])
def test_other_choices_and_missing_required_options_are_rejected(parser: ArgumentParser, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)


def test_option_says_its_help(parser: ArgumentParser) -> None:
    assert "metres" in parser.format_help()
