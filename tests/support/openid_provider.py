#!/usr/bin/env python3
"""A real OpenID Connect provider for a test: Debian's glewlwyd on loopback with a database of its own.

usage: openid_provider.py FOLDER CLIENT SECRET USER PASSWORD …

Prints `listening ISSUER`. The client may know its own port only then: it writes the address under which people are sent back
into FOLDER/return, and is told `ready`. The provider signs with ES256, demands PKCE with S256, and knows each USER by
PASSWORD. SIGTERM ends both."""
import http.cookiejar
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

SHARE = "/usr/share/glewlwyd"
SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
CONFIG = """
port={port}
external_url="http://localhost:{port}"
login_url="login.html"
api_prefix="api"
log_mode="file"
log_level="WARNING"
log_file="{folder}/provider.log"
cookie_secure=0
cookie_same_site="empty"
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
static_files_path="{folder}/webapp/"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=false
secure_connection_key_file="/none"
secure_connection_pem_file="/none"
secure_connection_ca_file="/none"
hash_algorithm="SHA512"
bind_address="127.0.0.1"
database = {{ type = "sqlite3" path = "{folder}/provider.db" }};
static_files_mime_types = (
  {{ extension = ".html" mime_type = "text/html" }},
  {{ extension = ".css" mime_type = "text/css" }},
  {{ extension = ".js" mime_type = "application/javascript" }},
  {{ extension = ".json" mime_type = "application/json" }}
)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Session:
    """One signed-in browser, as far as the provider's own interface needs one."""

    def __init__(self, address):
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def send(self, method, path, document):
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            json.dumps(document).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            self.opener.open(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def sign_in(self, user, password):
        self.send("POST", "auth/", {"username": user, "password": password})


def openssl(*words, given=None):
    return subprocess.run(["openssl", *words], input=given, check=True, capture_output=True, text=True).stdout


def keys_make():
    key = openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout")
    return {"key": key, "cert": openssl("ec", "-pubout", given=key)}


def plugin_of(issuer):
    return {
        "module": "oidc",
        "name": "oidc",
        "display_name": "OpenID Connect",
        "parameters": {
            "iss": issuer,
            # One person's pairwise ones were seen to differ between two sign-ins (2.7.5), and they must be known again.
            "subject-type": "public",
            **keys_make(),
            "jwks-show": True,
            "jwt-type": "ecdsa",
            "jwt-key-size": "256",
            "access-token-duration": 3600,
            "refresh-token-duration": 3600,
            "code-duration": 600,
            "auth-type-code-enabled": True,
            "auth-type-code-revoke-replayed": True,
            "allow-non-oidc": False,
            "pkce-allowed": True,
            "pkce-required": True,
            "pkce-method-plain-allowed": False,
            "oauth-as-iss-id": True,
        },
    }


def client_of(client, secret, address):
    return {
        "client_id": client,
        "name": client,
        "confidential": True,
        "password": secret,
        "client_secret": secret,
        "enabled": True,
        "scope": ["openid"],
        "redirect_uri": [f"{address}/{place}" for place in ("return", "officials", "institution")],
        "authorization_type": ["code"],
        "token_endpoint_auth_method": ["client_secret_basic"],
    }


def configure(session, issuer, users):
    session.sign_in("admin", "password")
    session.send("POST", "mod/plugin/", plugin_of(issuer))
    session.send("PUT", "scope/openid", {
        "name": "openid", "display_name": "OpenID", "description": "OpenID", "password_required": True,
        "password_max_age": 0, "scheme": {}})
    for user, password in users:
        session.send("POST", "user/", {
            "username": user, "name": user, "password": password, "enabled": True, "scope": ["openid", "g_profile"]})


def allow(session, address, client, secret, returned, users):
    session.send("POST", "client/", client_of(client, secret, returned))
    for user, password in users:
        own = Session(address)
        own.sign_in(user, password)
        own.send("PUT", f"auth/grant/{client}", {"scope": "openid"})


def wait_for(address, process):
    for _ in range(200):
        if process.poll() is not None:
            sys.exit("glewlwyd ended")
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{address}/config", timeout=5).read()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("glewlwyd does not answer")


def pages_make(folder, address):
    """As packaged, but for the file of settings, which the package left a folder in place of."""
    shutil.copytree(f"{SHARE}/webapp", f"{folder}/webapp", ignore=shutil.ignore_patterns("config.json", "*.map"))
    with open(f"{SHARE}/templates/config.json", encoding="utf-8") as file:
        settings = json.load(file)
    settings["GlewlwydUrl"] = f"{address}/"
    with open(f"{folder}/webapp/config.json", "w", encoding="utf-8") as file:
        json.dump(settings, file)


def return_address(folder):
    path = f"{folder}/return"
    while not os.path.exists(path) or not open(path, encoding="ascii").read().endswith("\n"):
        time.sleep(0.02)
    return open(path, encoding="ascii").read().strip()


def main():
    folder, client, secret, *rest = sys.argv[1:]
    users = list(zip(rest[::2], rest[1::2]))
    port = free_port()
    address = f"http://localhost:{port}"
    with open(f"{folder}/provider.conf", "w", encoding="ascii") as file:
        file.write(CONFIG.format(port=port, folder=folder))
    pages_make(folder, address)
    with open(SCHEMA, encoding="utf-8") as schema:
        subprocess.run(["sqlite3", f"{folder}/provider.db"], stdin=schema, check=True)
    process = subprocess.Popen(["glewlwyd", "--config-file", f"{folder}/provider.conf"], stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_for(address, process)
        issuer = f"{address}/api/oidc"
        admin = Session(address)
        configure(admin, issuer, users)
        print(f"listening {issuer}", flush=True)
        allow(admin, address, client, secret, return_address(folder), users)
        print("ready", flush=True)
        process.wait()
    finally:
        process.terminate()
        process.wait()


main()
