"""What is stored is English, whatever the language of the page that made it: the API, exports and others read it.

Messages to people are not: they are written in the language of who gets them.
"""

from http.cookies import SimpleCookie
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from sensorfusion.accounts.models import Operator
from tests.administration.conftest import made_administrator
from tests.conftest import PASSWORD
from tests.security.test_sight import ADMIN, World, everywhere, signed_in, world
from tests.web.languages.marked import OPEN, marked_texts, reading_german

__all__ = ["world"]

# The rows of messages to people, and of sessions: what a page says next is kept there.
FOR_PEOPLE: Final = ("mail_outbox", "django_session", "django_admin_log", "account_session")


def tables() -> list[str]:
    found = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    return sorted(found - set(FOR_PEOPLE) & set(connection.introspection.table_names()))


def translated() -> list[str]:
    """Return the rows that hold a text which was translated before it was stored."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}: ' || stored::text FROM {connection.ops.quote_name(table)} AS stored"
        f" WHERE stored::text LIKE '%%{OPEN}%%'"
        for table in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(parts.replace("%%", "%"))
        return [row for (row,) in cursor.fetchall()]


def test_pages_store_no_translated_text(world: World) -> None:
    root = reading_german(signed_in(made_administrator(Operator.objects.create_user("root@example.org", PASSWORD))))
    owner = reading_german(signed_in(world.cast.owner))

    found, passed = {}, 0
    with marked_texts():
        for route, method, kind in everywhere():
            if method == "POST" and not route.startswith(("api/", "admin/")):
                client: Client = root if kind == ADMIN else owner
                cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
                with transaction.atomic():
                    answer = client.post(world.path(route), world.body(route))
                    client.cookies = cookies  # some addresses end the session, which was rolled back
                    assert not answer.headers.get("Location", "").startswith("/sign-in/?"), route
                    passed += answer.status_code in (200, 302)
                    if rows := translated():
                        found[route] = rows
                    transaction.set_rollback(True)

    assert found == {}
    assert passed > 80
