"""CORS_ALLOWED_ORIGINS: origins that browsers send."""

import pytest

from sensorfusion.config.origins import checked_all


@pytest.mark.parametrize("origin", ["https://dash.example.org", "http://192.168.1.5:3000", "*", "null", "file://"])
def test_origin_that_browsers_send_is_kept(origin: str) -> None:
    assert checked_all((origin,)) == (origin,)


def test_origins_are_kept_in_the_form_that_browsers_send() -> None:
    assert checked_all(("HTTPS://Dash.Example.org:443",)) == ("https://dash.example.org",)


@pytest.mark.parametrize(
    ("origin", "meant"),
    [
        ("https://dash.example.org/", "such as https://dash.example.org,"),
        ("dash.example.org", "such as https://dash.example.org,"),
        ("https://dash.example.org:3000/panel?x=1", "such as https://dash.example.org:3000,"),
        ("https://*.example.org", "each origin in full"),
        ("https://*.example.org]", "such as https://dash.example.org,"),
    ],
)
def test_what_no_browser_sends_is_refused_with_what_was_meant(origin: str, meant: str) -> None:
    with pytest.raises(ValueError, match="which no browser sends") as refused:
        checked_all(("https://other.example.org", origin))

    assert meant in str(refused.value)
