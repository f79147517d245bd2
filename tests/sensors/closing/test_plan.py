"""What becomes of each site when an account is closed."""

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.clock import utc_now
from sensorfusion.sensors.closing.plan import Fate, sites_at_closing
from sensorfusion.sensors.services import create_site
from tests.conftest import Cast


def planned(cast: Cast) -> list[tuple[str, Fate, int, list[str]]]:
    return [
        (each.site.name, each.fate, each.sensors, [one.operator.email for one in each.others])
        for each in sites_at_closing(cast.owner)
    ]


def test_sites_are_deleted_left_or_prevent_closing(cast: Cast) -> None:
    create_site(by=cast.owner, now=utc_now(), name="Alone")
    shared = create_site(by=cast.owner, now=utc_now(), name="Both")
    Membership.objects.create(operator=cast.outsider, site=shared, role=Role.OWNER)

    assert planned(cast) == [
        ("Orchard", Fate.NEEDS_OWNER, 1, ["editor@example.org", "member@example.org"]),
        ("Alone", Fate.DELETED, 0, []),
        ("Both", Fate.LEFT, 0, ["outsider@example.org"]),
    ]


def test_viewer_leaves(cast: Cast) -> None:
    assert [each.fate for each in sites_at_closing(cast.member)] == [Fate.LEFT]
