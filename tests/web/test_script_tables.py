import json
import re

from sensorfusion.reports.script_tables import tables
from sensorfusion.web.script_tables import script_tables


def test_the_tables_are_data_that_cannot_end_their_script() -> None:
    found = re.fullmatch(r'<script id="tables" type="application/json">([^<]*)</script>', script_tables())

    assert found
    assert json.loads(found[1]) == json.loads(json.dumps(tables()))


def test_the_tables_are_rendered_once() -> None:
    assert script_tables() is script_tables()
