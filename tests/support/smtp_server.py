#!/usr/bin/python3
"""A real mail server for tests, on 127.0.0.1: aiosmtpd of Debian's own Python.

Usage: smtp_server.py FOLDER [--port N] [--tls | --smtps] [--require-tls] [--login USER:PASSWORD]
                             [--refuse ADDRESS] [--greylist N]

Each mail becomes FOLDER/NNNN.eml before its sender is answered, below lines that say
who was named by MAIL and RCPT, and whether the line was encrypted. With --tls it offers
STARTTLS, with --smtps it is encrypted from the first byte; its certificate is of its
own making for 127.0.0.1, FOLDER/server.pem. Prints its port once it
listens, and ends when its standard input does.
"""
import argparse
import asyncio
import logging
import pathlib
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--smtps", action="store_true")
    parser.add_argument("--require-tls", action="store_true")
    parser.add_argument("--login", default="")
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--greylist", type=int, default=0)
    return parser.parse_args()


class Inbox:
    """Keeps mails as files."""

    def __init__(self, chosen):
        self.folder, self.refused, self.put_off = chosen.folder, chosen.refuse, chosen.greylist
        self.encrypted = chosen.smtps

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return f"550 5.1.1 <{address}> is nobody here"
        if self.put_off > 0:
            self.put_off -= 1
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server, session, envelope):
        number = len(list(self.folder.glob("*.eml"))) + 1
        head = (f"X-Mail: {envelope.mail_from}\r\nX-Rcpt: {','.join(envelope.rcpt_tos)}\r\n"
                f"X-Encrypted: {'yes' if session.ssl or self.encrypted else 'no'}\r\n")
        # Renamed when whole, so that whoever waits for the file sees all of it.
        part = self.folder / f"{number:04}.part"
        part.write_bytes(head.encode() + envelope.original_content)
        part.rename(self.folder / f"{number:04}.eml")
        return "250 2.0.0 kept"


def make_certificate(folder):
    certificate, key = folder / "server.pem", folder / "server.key"
    if not certificate.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def login_of(chosen):
    user, _, password = chosen.login.partition(":")

    def check(_server, _session, _envelope, _mechanism, data):
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        # Without handled=False the server would say nothing at all.
        return AuthResult(success=right, handled=False)

    return check


async def serve(chosen):
    context = make_certificate(chosen.folder) if chosen.tls or chosen.smtps else None
    inbox = Inbox(chosen)

    def connection():
        return SMTP(inbox, hostname="mail.test", tls_context=context if chosen.tls else None,
                    require_starttls=chosen.require_tls,
                    authenticator=login_of(chosen) if chosen.login else None,
                    auth_required=bool(chosen.login))

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", chosen.port, ssl=context if chosen.smtps else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    # A client that hangs up over a certificate is what some tests are about.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
    asyncio.run(serve(options()))
