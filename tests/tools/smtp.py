#!/usr/bin/python3
"""A mail server for tests: aiosmtpd on a port of loopback, told what to do over stdin and telling what it got on stdout.

usage: smtp.py '{"port": 0, "tls": "none|starttls|implicit", "certificate": …, "key": …, "user": …, "password": …}'

It writes one JSON object a line: {"listening": PORT}, then {"connected": N} for each connection, {"mail": {"from", "to",
"content", "isEncrypted", "user"}} for each mail that it took. It reads one JSON object a line, which replaces what was
said before: {"rcpt": "451 later", "data": "550 no", "times": N, "holdMs": N}: the next N mails (all without times) get
that reply to RCPT or at the end of DATA, holdMs after it."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import AuthResult, SMTP

options = json.loads(sys.argv[1])
orders = {}
connections = 0


def tell(**what):
    print(json.dumps(what), flush=True)


def reply_to(step):
    """The reply that was ordered for this step, or None; counts it."""
    text = orders.get(step)
    if text is None or orders.get("times") == 0:
        return None
    if "times" in orders:
        orders["times"] -= 1
    return text


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        reply = reply_to("rcpt")
        if reply is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        reply = reply_to("data")
        if reply is None:
            tell(mail={
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "content": envelope.original_content.decode("latin-1"),
                "isEncrypted": session.ssl is not None or options.get("tls") == "implicit",
                "user": session.auth_data.login.decode() if session.auth_data else None,
            })
        # The mail is taken, and whoever sent it does not know yet.
        await asyncio.sleep(orders.get("holdMs", 0) / 1000)
        return reply or "250 OK"


def authenticate(server, session, envelope, mechanism, auth_data):
    good = auth_data.login == options["user"].encode() and auth_data.password == options["password"].encode()
    return AuthResult(success=good, handled=good, auth_data=auth_data)


def make_server():
    global connections
    connections += 1
    tell(connected=connections)
    arguments = {"hostname": "mail.test"}
    if options.get("tls") == "starttls":
        arguments |= {"tls_context": context, "require_starttls": True}
    if options.get("user"):
        arguments |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": options.get("tls") == "starttls"}
    return SMTP(Handler(), **arguments)


async def read_orders():
    global orders
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        orders = json.loads(line)
        tell(ordered=orders)


async def main():
    implicit = context if options.get("tls") == "implicit" else None
    server = await asyncio.get_running_loop().create_server(make_server, "127.0.0.1", options.get("port", 0), ssl=implicit)
    tell(listening=server.sockets[0].getsockname()[1])
    await read_orders()


context = None
if options.get("tls", "none") != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options["certificate"], options["key"])
asyncio.run(main())
