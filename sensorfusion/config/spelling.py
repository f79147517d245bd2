"""Variables of the environment that are no settings, but were probably meant as one."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

_PREFIXES = ("SENSORFUSION_", "DJANGO_")
_SUFFIX = "_FILE"  # names a file with the value, for many images of containers
# How alike two names must be (`difflib`): ALLOWED_HOST and MQTT_URI are found, REDIS_PORT is not.
_ALIKE = 0.85


# Other programs' words for our settings.
_OTHER_WORDS = {"TRUSTED_PROXIES": "FORWARDED_ALLOW_IPS", "MQTT_BROKER_URL": "MQTT_URL", "MQTT_CA_CERT": "MQTT_CA_FILE"}


def misspelt(environ: Mapping[str, str], *, settings: Sequence[str]) -> dict[str, str]:
    """Return the setting that was probably meant, by the name of each variable in `environ` that looks like one.

    Kubernetes and Docker create variables such as SENSORFUSION_PORT for a service of our name; these are like none.
    """
    variables = _OTHER_WORDS | {name: name for name in settings}
    unknown = (name for name, value in environ.items() if value.strip() and name not in settings)
    found = {name: _meant(name, variables) for name in unknown}
    return {name: meant for name, meant in found.items() if meant}


def _meant(name: str, variables: Mapping[str, str]) -> str:
    if name.removesuffix(_SUFFIX) in variables:
        return variables[name.removesuffix(_SUFFIX)]
    bare = _without_prefix(name)
    # SENSORFUSION_KEYS is near SENSORFUSION_KEY, but a variable KEYS of another program is not.
    candidates = {_without_prefix(each) if bare != name else each: meant for each, meant in variables.items()}
    near = get_close_matches(bare, candidates, n=1, cutoff=_ALIKE)
    return candidates[near[0]] if near else ""


def _without_prefix(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name
