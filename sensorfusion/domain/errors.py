"""The table of all error codes: a stable code, a sentence for a person, and whether to retry.

Codes are part of the interface (receipts, HTTP answers, socket errors): add new ones, never rename one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """`status` is the HTTP status when the code is the whole answer, None for parts of a receipt and socket errors."""

    code: str
    message: str
    retryable: bool = False
    status: int | None = None


_READINGS = (
    ErrorCode("out_of_range", "The value is not physically possible. Check the unit and the sensor."),
    ErrorCode("not_a_number", "This quantity takes a number. Send a plain number, or text that holds only a number."),
    ErrorCode("not_a_boolean", "This quantity is either true or false. Send true or false."),
    ErrorCode("unknown_unit", "The unit is not known here. Use a UCUM code or a common spelling such as °F or mph."),
    ErrorCode("wrong_unit", "The unit does not fit this quantity. Check the name and the unit."),
    ErrorCode(
        "wrong_units",
        "The numbers are not in the units of their field names. Choose the console's units on its page.",
    ),
    ErrorCode("bad_time", "The time cannot be read. Send RFC 3339 such as 2026-11-22T06:00:00Z, or epoch seconds."),
    ErrorCode("no_time_zone", "The time has no zone. End it with Z or an offset such as +01:00."),
    ErrorCode("in_the_future", "The time is in the future. Set the sensor's clock, or leave the time out."),
    ErrorCode(
        "too_old", "The time is older than this sensor accepts. Check the clock, or import the readings instead."
    ),
    ErrorCode("empty", "The reading has no values. Send at least one quantity."),
    ErrorCode("bad_name", "Names are 1 to 64 letters, digits and _ . : - beginning with a letter, each given once."),
    ErrorCode("too_many_quantities", "One reading holds at most 500 quantities. Split it into several sensors."),
    ErrorCode(
        "too_many_names",
        "The sensor has as many quantities as one may have. Use the same names in every reading, "
        "and a sensor for each device.",
    ),
    ErrorCode("text_too_long", "Text values hold at most 255 characters. Shorten it."),
    ErrorCode("bad_text", "The text holds characters that cannot be stored. Send plain Unicode text without NUL."),
    ErrorCode("unknown_field", "This name is not known outside values. Put it inside values, or leave it out."),
    ErrorCode(
        "conflict",
        "The quantity has another value at this instant. The first is kept. Give each its own time or its own name.",
    ),
    ErrorCode("repeated", "The file contains this instant twice. The first is kept."),
    ErrorCode("bad_quality", "The archive that the file is from marks this value as wrong. It is left out."),
    ErrorCode("not_an_object", "A reading is a JSON object of quantities. Send one, or a list of them."),
)

# Of what was accepted, for its owner: see `sensors.notices`.
_NOTES = (
    ErrorCode("not_understood", "This part of the message is not understood here. The rest of it was kept."),
    ErrorCode("no_values", "The message holds no values that are understood. See what the device has to send."),
    ErrorCode("unknown_topic", "No convention of devices is known for this topic. See the list of those that are."),
    ErrorCode(
        "console_shown_again",
        "Another operator entered this console's identification, and was refused. If it is not yours, remove it here.",
    ),
    ErrorCode("clock_ahead", "The device's clock is ahead. Set it, or its time zone."),
    ErrorCode("name_like_a_quantity", "A name is nearly that of a known quantity. Check its spelling."),
    ErrorCode("quota_near", "The site has used most of its quota. Ask the server's administrator for more in time."),
    ErrorCode("clock_not_set", "The device's clock is not set, so readings are dated at their arrival. Set the clock."),
)

_ANSWERS = (
    ErrorCode(
        "unreadable", "The request cannot be read. Check that the body is valid and its type is right.", status=400
    ),
    ErrorCode("no_key", "The sensor key is missing. Send it as Authorization: Bearer <key>.", status=401),
    ErrorCode("unknown_key", "This key belongs to no sensor. Copy the sensor's current key.", status=401),
    ErrorCode(
        "unclaimed_console",
        "This console belongs to no sensor. Sign in, open Sensors, then Unclaimed consoles, and claim it.",
        status=401,
    ),
    ErrorCode("revoked_key", "This key was revoked. Make a new one on the sensor's page.", status=403),
    ErrorCode("read_only_token", "This API token may only read. Send with one that may write.", status=403),
    ErrorCode("narrow_token", "This API token may not do this. Use one with a wider scope.", status=403),
    ErrorCode("sensor_paused", "This sensor is paused and takes no readings. Resume it on its page.", status=403),
    ErrorCode("method_not_allowed", "This address takes readings by POST only. Send them with POST.", status=405),
    ErrorCode("too_large", "The request is too large. Send smaller batches.", status=413),
    ErrorCode(
        "nothing_usable", "No reading in the request could be used. See the reasons and correct them.", status=422
    ),
    ErrorCode("not_installed", "This server lacks a component for this. Ask its administrator.", status=501),
    ErrorCode(
        "quota", "The site has used up its quota. Wait, send less, or ask the server's administrator.", True, 429
    ),
    ErrorCode("too_fast", "Readings arrive faster than this sensor may send. Wait, then send again.", True, 429),
    ErrorCode("overloaded", "The server is busy and stored nothing. Wait a moment, then send again.", True, 503),
    ErrorCode("not_stored", "The server failed and stored nothing; its log says why. Send again later.", True, 503),
    ErrorCode("database_away", "The database is unavailable and nothing was stored. Wait, then send again.", True, 503),
)

_SOCKET = (
    ErrorCode("not_signed_in", "Sign in first, or send an authenticate message with an API token."),
    ErrorCode("bad_message", "The message cannot be read. Send one JSON object with an action."),
    ErrorCode("unknown_action", "This action does not exist. See the documentation for the list."),
    ErrorCode("unknown_sensor", "There is no such sensor, or you may not see it."),
    ErrorCode("access_revoked", "You may not see this sensor any more. Ask an owner of the site."),
    ErrorCode("too_many_sensors", "One connection cannot follow this many sensors. Subscribe to fewer."),
    ErrorCode("bad_position", "The Last-Event-ID is not one that this stream sent. Leave it out.", status=400),
    ErrorCode("unknown_parameter", "There is no such query parameter. Leave it out.", status=400),
    ErrorCode(
        "too_slow", "The client reads more slowly than readings arrive. Reconnect and follow fewer sensors.", True
    ),
    ErrorCode("not_allowed", "You may not do this. Ask an owner of the site.", status=403),
)

_MANAGEMENT = (
    ErrorCode("wrong_credentials", "The e-mail address or the password is wrong.", status=401),
    ErrorCode("code_needed", "This account has a second factor: send its code, too, as `code`.", status=401),
    ErrorCode("wrong_code", "The code is wrong, or was used before.", status=401),
    ErrorCode("wrong_password", "The password is wrong.", status=400),
    ErrorCode("weak_password", "The password is too easy to guess. Choose a longer one.", status=400),
    ErrorCode("email_taken", "There is already an account with this e-mail address. Sign in instead.", status=409),
    ErrorCode("address_not_proved", "Confirm your e-mail address first, by the link that was sent to it.", status=403),
    ErrorCode(
        "address_change_gone",
        "This change was made, refused or replaced, or is a day old. Ask for it again.",
        status=409,
    ),
    ErrorCode(
        "signup_closed", "This server is closed for registration. Ask its administrator for an account.", status=403
    ),
    ErrorCode(
        "invitation_gone", "This invitation was withdrawn, answered or has expired. Ask for another.", status=409
    ),
    ErrorCode(
        "invitation_declined", "They declined an invitation of this site lately. Wait a week, or ask them.", status=409
    ),
    ErrorCode("too_many_invitations", "The site has a hundred open invitations. Withdraw some of them.", status=409),
    ErrorCode("switched_off", "An administrator has closed this on this server. What exists goes on.", status=403),
    ErrorCode("limit_reached", "There are as many of these as there may be. Remove some that are unused.", status=409),
    ErrorCode("not_ready", "The file is not written yet. Ask for the state of the export.", True, 409),
    ErrorCode("file_gone", "There is no file of this export any more. Ask for another one.", status=410),
    ErrorCode("no_such_range", "The file is shorter than that. Its size is in Content-Range.", status=416),
    ErrorCode("already_member", "They are a member of this site already. Change their role instead.", status=409),
    ErrorCode("last_owner", "A site needs an owner. Make another member an owner first.", status=409),
    ErrorCode(
        "bad_checks", "The quality checks cannot be read. Give step, spike and flat of each quantity.", status=400
    ),
    ErrorCode(
        "bad_quantities", "The settings of the quantities cannot be read. Give an object for each quantity.", status=400
    ),
    ErrorCode("unknown_time_zone", "There is no such time zone. Use a name such as Europe/Warsaw.", status=400),
    ErrorCode("name_taken", "The site has a sensor of this name already. Choose another name.", status=409),
    ErrorCode(
        "external_id_taken",
        "Another sensor of the site is known elsewhere by this name. Change that one first.",
        status=409,
    ),
    ErrorCode("bad_path", "A device's name needs a quantity, as in field1 = temperature °F.", status=400),
    ErrorCode("unknown_source", "The device has not sent this field. See the list of its fields.", status=400),
    ErrorCode("fed_twice", "Two fields would feed one quantity. Give one of them another name.", status=409),
    ErrorCode("bad_attributes", "Attributes are names with texts, numbers, true or false.", status=400),
    ErrorCode(
        "unknown_provisioning",
        "No site accepts this provisioning key. Switch provisioning on, or copy the key again.",
        status=401,
    ),
    ErrorCode(
        "not_storable",
        "A text or a number in the request cannot be stored. Send plain text without control characters.",
        status=400,
    ),
    ErrorCode("changed_meanwhile", "Something else was changed at the same time. Look at it, then retry.", True, 409),
    ErrorCode("bad_key", "An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID.", status=400),
    ErrorCode("key_in_use", "A request with this Idempotency-Key is under way. Wait, then send it again.", True, 409),
    ErrorCode(
        "key_used_otherwise",
        "Another request was made with this Idempotency-Key. Send each request with a key of its own.",
        status=422,
    ),
    ErrorCode("too_many_keys", "You sent a thousand Idempotency-Keys in a day. Wait, or send without.", True, 429),
    ErrorCode(
        "precondition_failed",
        "It was changed since you read it, or cannot be read here. Get it again, then retry with its new ETag.",
        status=412,
    ),
    ErrorCode("bad_rule", "The rule makes no sense like this. Correct the named field.", status=400),
    ErrorCode("alert_ended", "The alert has ended already.", status=409),
    ErrorCode("not_finite", "Numbers must be finite. Send a plain number, or null for unknown.", status=400),
    ErrorCode("unknown_console", "No such console has sent recently. Wait until it sends again.", status=404),
    ErrorCode("wrong_ending", "That does not match this console's identifier. Look on its screen.", status=400),
    ErrorCode("console_taken", "This console is already assigned to a sensor. Remove it there first.", status=409),
    ErrorCode("one_at_a_time", "You have one of these under way already. Wait until it is finished.", True, 429),
    ErrorCode("too_many_claims", "Too many wrong tries to claim a console. Try again in an hour.", True, 429),
    ErrorCode(
        "no_passkey", "A PASSKEY is 32 digits and letters A to F, or a MAC address. Look in its app.", status=400
    ),
    ErrorCode("bad_span", "The span is empty. Let it end after it begins.", status=400),
    ErrorCode("no_reason", "Say why, in a few words, for those who look at it later.", status=400),
    ErrorCode("already_restored", "These readings were restored already.", status=409),
    ErrorCode("readings_gone", "Readings this old were dropped; only their summaries are left.", status=409),
    ErrorCode("key_already_revoked", "This key was revoked already, and stays so.", status=409),
)

ERRORS: Mapping[str, ErrorCode] = MappingProxyType(
    {error.code: error for error in _READINGS + _NOTES + _ANSWERS + _SOCKET + _MANAGEMENT}
)
NOTES = frozenset(error.code for error in _NOTES)
