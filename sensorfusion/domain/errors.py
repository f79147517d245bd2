"""The table of all error codes: a stable code, a sentence for a person, and whether to retry.

Codes are part of the interface (receipts, HTTP answers, socket errors): add new ones, never rename one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sensorfusion.domain.texts.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """`status` is the HTTP status when the code is the whole answer, None for parts of a receipt and socket errors."""

    code: str
    message: str
    retryable: bool = False
    status: int | None = None


_READINGS = (
    ErrorCode("out_of_range", gettext_noop("The value is not physically possible. Check the unit and the sensor.")),
    ErrorCode(
        "not_a_number",
        gettext_noop("This quantity takes a number. Send a plain number, or text that holds only a number."),
    ),
    ErrorCode("not_a_boolean", gettext_noop("This quantity is either true or false. Send true or false.")),
    ErrorCode(
        "unknown_unit",
        gettext_noop("The unit is not known here. Use a UCUM code or a common spelling such as °F or mph."),
    ),
    ErrorCode("wrong_unit", gettext_noop("The unit does not fit this quantity. Check the name and the unit.")),
    ErrorCode(
        "wrong_units",
        gettext_noop("The numbers are not in the units of their field names. Choose the console's units on its page."),
    ),
    ErrorCode(
        "bad_time",
        gettext_noop("The time cannot be read. Send RFC 3339 such as 2026-11-22T06:00:00Z, or epoch seconds."),
    ),
    ErrorCode("no_time_zone", gettext_noop("The time has no zone. End it with Z or an offset such as +01:00.")),
    ErrorCode(
        "in_the_future", gettext_noop("The time is in the future. Set the sensor's clock, or leave the time out.")
    ),
    ErrorCode(
        "too_old",
        gettext_noop("The time is older than this sensor accepts. Check the clock, or import the readings instead."),
    ),
    ErrorCode("empty", gettext_noop("The reading has no values. Send at least one quantity.")),
    ErrorCode(
        "bad_name",
        gettext_noop("Names are 1 to 64 letters, digits and _ . : - beginning with a letter, each given once."),
    ),
    ErrorCode(
        "too_many_quantities", gettext_noop("One reading holds at most 500 quantities. Split it into several sensors.")
    ),
    ErrorCode(
        "too_many_names",
        gettext_noop(
            "The sensor has as many quantities as one may have. Use the same names in every reading, "
            "and a sensor for each device."
        ),
    ),
    ErrorCode("text_too_long", gettext_noop("Text values hold at most 255 characters. Shorten it.")),
    ErrorCode(
        "bad_text",
        gettext_noop("The text holds characters that cannot be stored. Send plain Unicode text without NUL."),
    ),
    ErrorCode(
        "unknown_field", gettext_noop("This name is not known outside values. Put it inside values, or leave it out.")
    ),
    ErrorCode(
        "conflict",
        gettext_noop(
            "The quantity has another value at this instant. The first is kept. Give each its own time or its own name."
        ),
    ),
    ErrorCode("repeated", gettext_noop("The file contains this instant twice. The first is kept.")),
    ErrorCode(
        "bad_quality", gettext_noop("The archive that the file is from marks this value as wrong. It is left out.")
    ),
    ErrorCode("not_an_object", gettext_noop("A reading is a JSON object of quantities. Send one, or a list of them.")),
)

# Of what was accepted, for its owner: see `sensors.notices`.
_NOTES = (
    ErrorCode(
        "not_understood", gettext_noop("This part of the message is not understood here. The rest of it was kept.")
    ),
    ErrorCode(
        "no_values", gettext_noop("The message holds no values that are understood. See what the device has to send.")
    ),
    ErrorCode(
        "unknown_topic",
        gettext_noop("No convention of devices is known for this topic. See the list of those that are."),
    ),
    ErrorCode(
        "console_shown_again",
        gettext_noop(
            "Another operator entered this console's identification, and was refused. If it is not yours, remove it "
            "here."
        ),
    ),
    ErrorCode("clock_ahead", gettext_noop("The device's clock is ahead. Set it, or its time zone.")),
    ErrorCode("name_like_a_quantity", gettext_noop("A name is nearly that of a known quantity. Check its spelling.")),
    ErrorCode(
        "quota_near",
        gettext_noop("The site has used most of its quota. Ask the server's administrator for more in time."),
    ),
    ErrorCode(
        "clock_not_set",
        gettext_noop("The device's clock is not set, so readings are dated at their arrival. Set the clock."),
    ),
)

_ANSWERS = (
    ErrorCode(
        "unreadable",
        gettext_noop("The request cannot be read. Check that the body is valid and its type is right."),
        status=400,
    ),
    ErrorCode("no_key", gettext_noop("The sensor key is missing. Send it as Authorization: Bearer <key>."), status=401),
    ErrorCode("unknown_key", gettext_noop("This key belongs to no sensor. Copy the sensor's current key."), status=401),
    ErrorCode(
        "unclaimed_console",
        gettext_noop(
            "This console belongs to no sensor. Sign in, open Sensors, then Unclaimed consoles, and claim it."
        ),
        status=401,
    ),
    ErrorCode("revoked_key", gettext_noop("This key was revoked. Make a new one on the sensor's page."), status=403),
    ErrorCode(
        "read_only_token", gettext_noop("This API token may only read. Send with one that may write."), status=403
    ),
    ErrorCode("narrow_token", gettext_noop("This API token may not do this. Use one with a wider scope."), status=403),
    ErrorCode(
        "sensor_paused", gettext_noop("This sensor is paused and takes no readings. Resume it on its page."), status=403
    ),
    ErrorCode(
        "method_not_allowed", gettext_noop("This address takes readings by POST only. Send them with POST."), status=405
    ),
    ErrorCode("too_large", gettext_noop("The request is too large. Send smaller batches."), status=413),
    ErrorCode(
        "nothing_usable",
        gettext_noop("No reading in the request could be used. See the reasons and correct them."),
        status=422,
    ),
    ErrorCode(
        "not_installed", gettext_noop("This server lacks a component for this. Ask its administrator."), status=501
    ),
    ErrorCode(
        "quota",
        gettext_noop("The site has used up its quota. Wait, send less, or ask the server's administrator."),
        True,
        429,
    ),
    ErrorCode(
        "too_fast", gettext_noop("Readings arrive faster than this sensor may send. Wait, then send again."), True, 429
    ),
    ErrorCode(
        "overloaded", gettext_noop("The server is busy and stored nothing. Wait a moment, then send again."), True, 503
    ),
    ErrorCode(
        "not_stored",
        gettext_noop("The server failed and stored nothing; its log says why. Send again later."),
        True,
        503,
    ),
    ErrorCode(
        "database_away",
        gettext_noop("The database is unavailable and nothing was stored. Wait, then send again."),
        True,
        503,
    ),
)

_SOCKET = (
    ErrorCode("not_signed_in", gettext_noop("Sign in first, or send an authenticate message with an API token.")),
    ErrorCode("bad_message", gettext_noop("The message cannot be read. Send one JSON object with an action.")),
    ErrorCode("unknown_action", gettext_noop("This action does not exist. See the documentation for the list.")),
    ErrorCode("unknown_sensor", gettext_noop("There is no such sensor, or you may not see it.")),
    ErrorCode("access_revoked", gettext_noop("You may not see this sensor any more. Ask an owner of the site.")),
    ErrorCode("too_many_sensors", gettext_noop("One connection cannot follow this many sensors. Subscribe to fewer.")),
    ErrorCode(
        "bad_position", gettext_noop("The Last-Event-ID is not one that this stream sent. Leave it out."), status=400
    ),
    ErrorCode("unknown_parameter", gettext_noop("There is no such query parameter. Leave it out."), status=400),
    ErrorCode(
        "too_slow",
        gettext_noop("The client reads more slowly than readings arrive. Reconnect and follow fewer sensors."),
        True,
    ),
    ErrorCode("not_allowed", gettext_noop("You may not do this. Ask an owner of the site."), status=403),
)

_MANAGEMENT = (
    ErrorCode("wrong_credentials", gettext_noop("The e-mail address or the password is wrong."), status=401),
    ErrorCode(
        "code_needed", gettext_noop("This account has a second factor: send its code, too, as `code`."), status=401
    ),
    ErrorCode(
        "confirm_first",
        gettext_noop("Confirm at /account/confirm/ that it is you, then do it again. A token needs no confirmation."),
        status=403,
    ),
    ErrorCode("wrong_code", gettext_noop("The code is wrong, or was used before."), status=401),
    ErrorCode("wrong_password", gettext_noop("The password is wrong."), status=400),
    ErrorCode("weak_password", gettext_noop("The password is too easy to guess. Choose a longer one."), status=400),
    ErrorCode(
        "email_taken",
        gettext_noop("There is already an account with this e-mail address. Sign in instead."),
        status=409,
    ),
    ErrorCode(
        "address_not_proved",
        gettext_noop("Confirm your e-mail address first, by the link that was sent to it."),
        status=403,
    ),
    ErrorCode(
        "address_change_gone",
        gettext_noop("This change was made, refused or replaced, or is a day old. Ask for it again."),
        status=409,
    ),
    ErrorCode(
        "signup_closed",
        gettext_noop("This server is closed for registration. Ask its administrator for an account."),
        status=403,
    ),
    ErrorCode(
        "signup_by_invitation",
        gettext_noop("This server takes new accounts by invitation. Use the address or the link that was invited."),
        status=403,
    ),
    ErrorCode("set_up_already", gettext_noop("This installation has its administrator. Sign in instead."), status=409),
    ErrorCode(
        "already_yours",
        gettext_noop("That is your own address. Move the sensor to another site of yours instead."),
        status=409,
    ),
    ErrorCode(
        "invitation_gone",
        gettext_noop("This invitation was withdrawn, answered or has expired. Ask for another."),
        status=409,
    ),
    ErrorCode(
        "invitation_declined",
        gettext_noop("They declined an invitation of this site lately. Wait a week, or ask them."),
        status=409,
    ),
    ErrorCode(
        "too_many_invitations",
        gettext_noop("The site has a hundred open invitations. Withdraw some of them."),
        status=409,
    ),
    ErrorCode(
        "switched_off",
        gettext_noop("An administrator has closed this on this server. What exists goes on."),
        status=403,
    ),
    ErrorCode(
        "limit_reached",
        gettext_noop("There are as many of these as there may be. Remove some that are unused."),
        status=409,
    ),
    ErrorCode("not_ready", gettext_noop("The file is not written yet. Ask for the state of the export."), True, 409),
    ErrorCode("file_gone", gettext_noop("There is no file of this export any more. Ask for another one."), status=410),
    ErrorCode(
        "no_such_range", gettext_noop("The file is shorter than that. Its size is in Content-Range."), status=416
    ),
    ErrorCode(
        "already_member", gettext_noop("They are a member of this site already. Change their role instead."), status=409
    ),
    ErrorCode("last_owner", gettext_noop("A site needs an owner. Make another member an owner first."), status=409),
    ErrorCode(
        "bad_checks",
        gettext_noop("The quality checks cannot be read. Give step, spike and flat of each quantity."),
        status=400,
    ),
    ErrorCode(
        "bad_quantities",
        gettext_noop("The settings of the quantities cannot be read. Give an object for each quantity."),
        status=400,
    ),
    ErrorCode(
        "unknown_time_zone", gettext_noop("There is no such time zone. Use a name such as Europe/Warsaw."), status=400
    ),
    ErrorCode(
        "name_taken", gettext_noop("The site has a sensor of this name already. Choose another name."), status=409
    ),
    ErrorCode(
        "external_id_taken",
        gettext_noop("Another sensor of the site is known elsewhere by this name. Change that one first."),
        status=409,
    ),
    ErrorCode("bad_path", gettext_noop("A device's name needs a quantity, as in field1 = temperature °F."), status=400),
    ErrorCode(
        "unknown_source", gettext_noop("The device has not sent this field. See the list of its fields."), status=400
    ),
    ErrorCode(
        "fed_twice", gettext_noop("Two fields would feed one quantity. Give one of them another name."), status=409
    ),
    ErrorCode("bad_attributes", gettext_noop("Attributes are names with texts, numbers, true or false."), status=400),
    ErrorCode(
        "unknown_provisioning",
        gettext_noop("No site accepts this provisioning key. Switch provisioning on, or copy the key again."),
        status=401,
    ),
    ErrorCode(
        "not_storable",
        gettext_noop("A text or a number in the request cannot be stored. Send plain text without control characters."),
        status=400,
    ),
    ErrorCode(
        "changed_meanwhile",
        gettext_noop("Something else was changed at the same time. Look at it, then retry."),
        True,
        409,
    ),
    ErrorCode(
        "bad_key", gettext_noop("An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID."), status=400
    ),
    ErrorCode(
        "key_in_use",
        gettext_noop("A request with this Idempotency-Key is under way. Wait, then send it again."),
        True,
        409,
    ),
    ErrorCode(
        "key_used_otherwise",
        gettext_noop("Another request was made with this Idempotency-Key. Send each request with a key of its own."),
        status=422,
    ),
    ErrorCode(
        "too_many_keys",
        gettext_noop("You sent a thousand Idempotency-Keys in a day. Wait, or send without."),
        True,
        429,
    ),
    ErrorCode(
        "precondition_failed",
        gettext_noop(
            "It was changed since you read it, or cannot be read here. Get it again, then retry with its new ETag."
        ),
        status=412,
    ),
    ErrorCode("bad_rule", gettext_noop("The rule makes no sense like this. Correct the named field."), status=400),
    ErrorCode("alert_ended", gettext_noop("The alert has ended already."), status=409),
    ErrorCode(
        "not_finite", gettext_noop("Numbers must be finite. Send a plain number, or null for unknown."), status=400
    ),
    ErrorCode(
        "unknown_console", gettext_noop("No such console has sent recently. Wait until it sends again."), status=404
    ),
    ErrorCode(
        "wrong_ending", gettext_noop("That does not match this console's identifier. Look on its screen."), status=400
    ),
    ErrorCode(
        "console_taken",
        gettext_noop("This console is already assigned to a sensor. Remove it there first."),
        status=409,
    ),
    ErrorCode(
        "one_at_a_time", gettext_noop("You have one of these under way already. Wait until it is finished."), True, 429
    ),
    ErrorCode(
        "too_many_claims", gettext_noop("Too many wrong tries to claim a console. Try again in an hour."), True, 429
    ),
    ErrorCode(
        "no_passkey",
        gettext_noop("A PASSKEY is 32 digits and letters A to F, or a MAC address. Look in its app."),
        status=400,
    ),
    ErrorCode("bad_span", gettext_noop("The span is empty. Let it end after it begins."), status=400),
    ErrorCode("no_reason", gettext_noop("Say why, in a few words, for those who look at it later."), status=400),
    ErrorCode("already_restored", gettext_noop("These readings were restored already."), status=409),
    ErrorCode(
        "readings_gone", gettext_noop("Readings this old were dropped; only their summaries are left."), status=409
    ),
    ErrorCode("key_already_revoked", gettext_noop("This key was revoked already, and stays so."), status=409),
)

ERRORS: Mapping[str, ErrorCode] = MappingProxyType(
    {error.code: error for error in _READINGS + _NOTES + _ANSWERS + _SOCKET + _MANAGEMENT}
)
NOTES = frozenset(error.code for error in _NOTES)
