#!/usr/bin/env python3
"""A real SMTP server on loopback that keeps what it is sent, one file a letter.

usage: smtp_server.py FOLDER CERTIFICATE KEY starttls|tls [USER PASSWORD]

Prints `listening PORT`. FOLDER/mode says how it behaves: `take` (or no such file), `refuse` (550 to every
recipient), `later` (451), `slow` (says nothing for a minute).
"""
import asyncio
import email
import email.policy
import logging
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, certificate, key, tls = sys.argv[1:5]
signs_in = tuple(word.encode() for word in sys.argv[5:7])


def mode():
    try:
        with open(os.path.join(folder, "mode"), encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "take"


class Keeper:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode() == "refuse":
            return "550 no such mailbox"
        if mode() == "later":
            return "451 try again later"
        if mode() == "slow":
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        Keeper.count += 1
        path = os.path.join(folder, f"{Keeper.count:04}.letter")
        encrypted = session.ssl is not None or tls == "tls"
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(f"{envelope.rcpt_tos[0]}\n{envelope.mail_from}\n{message['To']}\n{message['Subject']}\n")
            file.write(f"{'encrypted' if encrypted else 'plain'} {session.authenticated} {message['Auto-Submitted']}\n")
            file.write(message.get_content().replace("\r\n", "\n"))
        os.rename(path + ".part", path)
        return "250 kept"


def authenticator(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == signs_in)


async def main():
    logging.disable(logging.WARNING)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    options = {"enable_SMTPUTF8": True}
    if signs_in:
        options |= {"authenticator": authenticator, "auth_required": True, "auth_require_tls": tls == "starttls"}
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keeper(), loop=loop, **options), "127.0.0.1", 0,
                                      ssl=context if tls == "tls" else None)
    print(f"listening {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


asyncio.run(main())
