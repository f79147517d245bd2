"""The releases of PostgreSQL that closed a vulnerability, as known when this was released.

Source: https://www.postgresql.org/support/security/, where each CVE names the first minor release without it. A server
of an unknown major version is not judged.
"""

from typing import Final

# Major version → its newest minor release with a security fix, and one CVE of that release to look up.
FIXED_IN: Final = {
    18: (7, "CVE-2026-6460"),
    17: (12, "CVE-2026-6460"),
    16: (16, "CVE-2026-6460"),
    15: (20, "CVE-2026-6460"),
    14: (25, "CVE-2026-6460"),
}


def missing(server_version: int) -> str:
    """Return what a server lacks, for example "security fixes up to 18.7 (CVE-2026-6460)"; empty if nothing is known.

    :param server_version: as libpq gives it: 180004 is 18.4.
    """
    major, minor = divmod(server_version, 10_000)
    fixed, cve = FIXED_IN.get(major, (0, ""))
    return f"security fixes up to {major}.{fixed} (such as {cve})" if minor < fixed else ""
