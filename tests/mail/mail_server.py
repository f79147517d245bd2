"""A mail server on this machine that keeps what it is given: 60 lines of SMTP, enough for smtplib."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class MailServer:
    """What the server was given, and how it answers; `answers` replaces the answer to a command by its first word."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    emails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    offers: tuple[str, ...] = ("AUTH PLAIN",)
    is_silent: bool = False
    tls: ssl.SSLContext | None = None  # for STARTTLS
    encrypted: list[str] = field(default_factory=list)  # commands that came encrypted
    accounts: list[str] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def wait(self, emails: int, within_s: float = 30.0) -> bool:
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.emails) >= emails, within_s)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.is_silent:
            writer.write(b"220 mail.test ESMTP\r\n")
        while line := await reader.readline():
            if self.is_silent:
                continue
            command = line.decode().split()[0].upper()
            if writer.get_extra_info("ssl_object"):
                self.encrypted.append(command)
            if command == "STARTTLS" and self.tls and command not in self.answers:
                writer.write(b"220 go on\r\n")
                await writer.start_tls(self.tls)
                continue
            answer = self.answers.get(command) or await self._answer(command, line.decode(), reader, writer)
            writer.write(f"{answer}\r\n".encode())
            if command == "QUIT":
                break

    async def _answer(self, command: str, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        match command:
            case "EHLO":
                return "\r\n".join([*(f"250-{each}" for each in ("mail.test", *self.offers)), "250 8BITMIME"])
            case "AUTH":
                self.accounts.append(line.split()[-1])
                return "235 welcome"
            case "RCPT":
                self.recipients.append(line.partition("<")[2].partition(">")[0])
            case "DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                return self.answers.get("BODY") or self._keep(body)
            case "QUIT":
                return "221 bye"
        return "250 fine"

    def _keep(self, body: bytes) -> str:
        email = message_from_bytes(body[:-5].replace(b"\r\n..", b"\r\n."), policy=default)
        with self.arrived:
            self.emails.append(email)
            self.arrived.notify_all()
        return "250 kept"


@contextmanager
def running_mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Serve in a thread on a free port, with `tls` encrypted from the first byte."""
    mail, loop = MailServer(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    # In that thread alone: in this one a loop may be running, such as that of a browser's tests.
    starting = asyncio.start_server(mail.serve, "127.0.0.1", 0, limit=1 << 24, ssl=tls)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.sleep(0.01)  # transports close in the loop's next rounds


def text_of(email: EmailMessage, kind: str = "plain") -> str:
    part = email.get_body((kind,))
    assert part is not None
    return str(part.get_content())
