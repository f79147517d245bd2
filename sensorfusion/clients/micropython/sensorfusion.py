"""Sends readings to a SensorFusion server from MicroPython 1.19 or newer: ESP32, ESP8266, Pico W. One file, no library.

    from sensorfusion import Client

    client = Client("https://sensors.example.org", "sf_...")
    while True:
        client.send(temperature=21.4, humidity=60)
        time.sleep(60)

Readings that cannot be sent are kept in memory (`keep` readings, then the oldest are dropped) and sent later. A reading
gets its time once, so that resending changes nothing. The time is the board's if its clock is set (ntptime, an RTC),
and otherwise the server's, which is part of every answer.
"""

import json
import time

try:
    import socket
except ImportError:
    import usocket as socket

_MOST_AT_ONCE = 20
_CLOCK_IS_SET_FROM = 2024  # a board that was just switched on reports 1970, 2000 or 2021
_CLOCK_STEPS_MS = 60000  # if the clock was set back by more, it was wrong before and is right now
_EPOCH_S = 946684800 if time.gmtime(0)[0] == 2000 else 0  # some ports count from 2000
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class Client:
    """Sends one sensor's readings. `trouble` says why readings wait, `refused` why the server rejected one."""

    def __init__(self, url, key, keep=60, timeout_s=10, cadata=None):
        """`cadata` is the CA certificate in DER; without it TLS encrypts, but does not authenticate the server."""
        scheme, _, rest = url.partition("://")
        self.place, _, path = rest.partition("/")
        self.host, _, port = self.place.partition(":")
        self.port = int(port) if port else (443 if scheme == "https" else 80)
        self.path = ("/" + path.rstrip("/") if path else "") + "/api/v1/readings"
        self.key = key
        self.keep = keep
        self.timeout_s = timeout_s
        self.cadata = cadata
        self.is_secure = scheme == "https"
        self.trouble = ""
        self.refused = ""
        self.lost = 0
        self._waiting = []  # [time in ms or None, ticks in ms, values]
        self._server_ms = None  # (the server's time, ticks) of its last answer
        self._last_ms = 0
        self._wait_ms = 0
        self._failed_at = 0

    def send(self, **values):
        """Add a reading and send all waiting ones; return how many still wait. A value may be (70.1, "°F")."""
        self.add(values)
        return self.flush()

    def add(self, values):
        """Add a reading, to be sent by the next `flush`."""
        ticks = time.ticks_ms()
        self._waiting.append([self._now_ms(ticks), ticks, values])
        while len(self._waiting) > self.keep:
            self._waiting.pop(0)
            self.lost += 1

    def flush(self):
        """Send the waiting readings, oldest first; return how many still wait."""
        if self._wait_ms and time.ticks_diff(time.ticks_ms(), self._failed_at) < self._wait_ms:
            return len(self._waiting)
        most = _MOST_AT_ONCE
        try:
            if self._waiting and not self._clock_is_set() and self._server_ms is None:
                self._ask("GET", b"")  # only for the Date header of the answer, which is an error
            while self._waiting:
                most = self._send(self._waiting[:most])
        except _NotTaken as trouble:
            self._failed(str(trouble), trouble.retry_s)
        except (OSError, ValueError) as error:
            self._failed(f"no answer from {self.host}: {error}", 0)
        else:
            self.trouble, self._wait_ms = "", 0
        return len(self._waiting)

    def _send(self, batch):
        """Send some readings; return the batch size to use from now on."""
        for reading in batch:
            if reading[0] is None:
                reading[0] = self._now_ms(reading[1])
        body = ",".join([_written(reading[0], reading[2]) for reading in batch])
        status, said = self._ask("POST", ('{"readings":[' + body + "]}").encode())
        if status in (400, 413) and len(batch) > 1:
            return len(batch) // 2
        if status in (400, 413):
            self.refused = said.get("detail", "too large")
        elif status in (200, 422) and "accepted" in said:
            for each in said["rejected"]:
                self.refused = f"{each['quantity']}: {each['detail']}"
        else:
            raise _NotTaken(said.get("detail", f"the server answered {status}"), said.get("retry_s", 0))
        del self._waiting[: len(batch)]
        return _MOST_AT_ONCE

    def _failed(self, why, retry_s):
        self.trouble = why
        self._failed_at = time.ticks_ms()
        self._wait_ms = min(max(self._wait_ms * 2, 1000, retry_s * 1000), 300000)

    def _ask(self, method, body):
        """Send a request; return the status and the answer, {} if it is not a JSON object."""
        link = self._connect()
        try:
            head = f"{method} {self.path} HTTP/1.0\r\nHost: {self.place}\r\n"
            head += f"Authorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
            head += f"Content-Length: {len(body)}\r\n\r\n"
            _write(link, head.encode() + body)
            return self._answer(link)
        finally:
            link.close()

    def _connect(self):
        place = socket.getaddrinfo(self.host, self.port, 0, socket.SOCK_STREAM)[0]
        link = socket.socket(place[0], socket.SOCK_STREAM)
        try:
            link.settimeout(self.timeout_s)
            link.connect(place[-1])
            return self._secured(link) if self.is_secure else link
        except Exception:
            link.close()
            raise

    def _secured(self, link):
        import ssl

        if not hasattr(ssl, "SSLContext"):  # before MicroPython 1.23
            return ssl.wrap_socket(link, server_hostname=self.host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.cadata:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=self.cadata)
        else:
            if hasattr(context, "check_hostname"):
                context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(link, server_hostname=self.host)

    def _answer(self, link):
        words = link.readline().split()
        if len(words) < 2 or not words[0].startswith(b"HTTP/"):
            raise OSError("no HTTP there")
        headers = _headers(link)
        self._learn_time(headers.get("date", ""))
        try:
            said = json.loads(link.read(int(headers.get("content-length") or 4096)))
        except ValueError:
            said = {}
        if not isinstance(said, dict):
            said = {}
        if headers.get("retry-after", "").isdigit():
            said["retry_s"] = int(headers["retry-after"])
        return int(words[1]), said

    def _learn_time(self, date):
        """Parse a date such as `Sun, 22 Nov 2026 06:00:00 GMT`."""
        words = date.replace(":", " ").split()
        if len(words) == 8:
            day, year, hour, minute, second = (int(words[n]) for n in (1, 3, 4, 5, 6))
            seconds = _days(year, _MONTHS.index(words[2]) // 3 + 1, day) * 86400 + hour * 3600 + minute * 60 + second
            self._server_ms = (seconds * 1000, time.ticks_ms())

    def _clock_is_set(self):
        return time.gmtime()[0] >= _CLOCK_IS_SET_FROM

    def _now_ms(self, ticks):
        """Return the time at `ticks`, increasing with every call: two readings of the same instant would be merged."""
        if self._clock_is_set():
            clock = time.time_ns() // 1000000 if hasattr(time, "time_ns") else time.time() * 1000
            now = clock + _EPOCH_S * 1000 - time.ticks_diff(time.ticks_ms(), ticks)
        elif self._server_ms is not None:
            now = self._server_ms[0] + time.ticks_diff(ticks, self._server_ms[1])
        else:
            return None
        if now <= self._last_ms < now + _CLOCK_STEPS_MS:
            now = self._last_ms + 1
        self._last_ms = now
        return now


class _NotTaken(Exception):
    def __init__(self, why, retry_s):
        super().__init__(why)
        self.retry_s = retry_s


def _written(at_ms, values):
    """Encode a reading as JSON; by hand, because dictionaries are unordered here."""
    sent = ",".join([json.dumps(name) + ":" + _value(values[name]) for name in sorted(values)])
    at = "" if at_ms is None else f'"observed_at":{at_ms},'
    return "{" + at + '"values":{' + sent + "}}"


def _value(value):
    if isinstance(value, tuple):
        return '{"value":' + json.dumps(value[0]) + ',"unit":' + json.dumps(value[1]) + "}"
    return json.dumps(value)


def _write(link, data):
    while data:
        data = data[link.write(data) :]


def _headers(link):
    headers = {}
    while True:
        line = link.readline().decode().strip()
        if not line:
            return headers
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()


def _days(year, month, day):
    """Count the days from 1970 to a date of the Gregorian calendar."""
    if month < 3:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469
