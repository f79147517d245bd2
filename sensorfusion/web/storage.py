"""Static files with the hash of their content in their name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names, with a plain name for a file that was not collected (tests, development)."""

    manifest_strict = False
