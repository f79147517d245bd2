"""Which keys go on working after the member who made them has left."""

from sensorfusion.sensors.keys.made_by import keys_made_at, revoke_keys_of
from sensorfusion.sensors.models import Key
from sensorfusion.sensors.services import revoke_key, rotate_key
from tests.clients import NOW
from tests.conftest import Cast


def test_valid_keys_of_the_site_with_a_known_maker_are_found(cast: Cast) -> None:
    valid = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key
    revoke_key(by=cast.owner, key=rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key, now=NOW)
    rotate_key(by=cast.outsider, sensor=cast.other_sensor, now=NOW)
    Key.objects.create(sensor=cast.sensor, prefix="sf_old", digest=b"old")

    assert list(keys_made_at(cast.site)) == [valid]
    assert valid.made_by == cast.editor


def test_only_the_keys_of_one_maker_at_one_site_are_revoked(cast: Cast) -> None:
    for by, sensor in ((cast.editor, cast.sensor), (cast.owner, cast.sensor), (cast.outsider, cast.other_sensor)):
        rotate_key(by=by, sensor=sensor, now=NOW)

    assert revoke_keys_of(cast.editor, by=cast.owner, site=cast.site, now=NOW) == 1

    assert {key.made_by for key in Key.objects.filter(revoked_at=None)} == {cast.owner, cast.outsider}
    assert revoke_keys_of(cast.editor, by=cast.owner, site=cast.site, now=NOW) == 0


def test_a_key_stays_when_its_makers_account_is_closed(cast: Cast) -> None:
    key = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key

    cast.editor.delete()

    key.refresh_from_db()
    assert (key.made_by, key.revoked_at) == (None, None)
