#!/usr/bin/env python3
"""Files an institution's response to a consultation from a folder, by machine.

It is run on the institution's own machine, and is one file without further parts: Python 3.9 or newer. Signing wants
either the Python package `cryptography` (Debian: python3-cryptography) or the command `openssl`.

The folder:

    settings.json      {"service": "https://consultation.example", "consultation": "slug", "institution": "slug",
                        "language": "zh-Hant", "publish": 1, "key_id": "…"}
                       language: zh-Hant, zh-Hans or en. publish: 1 if the response may be published, else 0.
                       key_id: what the service calls the key, once it is registered there.
    summary.md         each text is Markdown in UTF-8; one that is empty or not there is not part of the response
    direction-1.md     a direction, a measure or a question by its code at the service. Such a file may begin with
    measure-1-3.md     the lines `stance: 4` (1 strongly oppose … 5 strongly support, 0 no opinion; directions and
    question-1.md      measures only) and `version: 2` (the wording that was read; else the present one), and then
                       has an empty line before the text.
    evidence.md        links
    interests.md       declared interests
    approver.md        name and post of who approved it; this one must be there
    attachments/       PDF, PNG, JPEG or WebP
    filed/             made by this script: what was filed, and its receipts

What is filed is one JSON document in one possible form, so that its SHA-256 is the digest that the receipt states.

    file_response.py --new-key key.pem       makes an Ed25519 key, and prints the half to register at the service
    file_response.py FOLDER --check          builds and checks the document, and says what it would file
    file_response.py FOLDER --key key.pem    files it with a signed request (RFC 9421, RFC 9530)
    file_response.py FOLDER --token FILE     files it with an API token that the file holds

Run again, it files nothing twice: what has a receipt in filed/ is only shown (--again asks the service anew, which
answers the same document with the same receipt). It ends with 0: filed, or rightly built; 1: the service refused it;
2: something in the folder or the call is wrong; 3: the service cannot be reached.
"""
import argparse
import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.error
import urllib.parse
import urllib.request

REFUSED, WRONG, AWAY = 1, 2, 3
FORMAT = "institutional-response-v1"
RECEIPT = b"institution-receipt-v1\n"
LANGUAGES = ("zh-Hant", "zh-Hans", "en")
# In code points.
LIMITS = {"summary": 10000, "direction": 20000, "measure": 20000, "question": 20000, "evidence": 10000,
          "interests": 5000, "approver": 300}
SECTION = re.compile(r"(summary|evidence|interests|approver|(direction|question)-[0-9]+|measure-[0-9]+-[0-9]+)\.md")
HEAD = re.compile(r"(stance|version): ([0-9]{1,9})")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
# What the service refuses in a text: C0 and C1 controls but LF and TAB.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TAG = "institution-filing"
# The addresses that ask who it is; what anybody may read is read as anybody.
OWN = "/v1/institution/"
TRIES = 4
NAME_MOST = 120


class Fault(Exception):
    """What ends the script, and with which number."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def canonical(value):
    """The one form of a JSON document of strings and integers: names sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# --- the folder


def read_text(path):
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Fault(WRONG, f"{path}: is not UTF-8") from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise Fault(WRONG, f"{path}: line {line} has a control character (U+{ord(control[0]):04X})")
    return unicodedata.normalize("NFC", text)


def read_section(path):
    """A section of the document; None if nothing is said in it."""
    kind = path.stem.split("-")[0]
    lines = read_text(path).split("\n")
    section = {}
    while kind in ("direction", "measure", "question") and lines:
        head = HEAD.fullmatch(lines[0].rstrip())
        if not head:
            break
        name, value = head[1], int(head[2])
        fits = value > 0 if name == "version" else kind != "question" and value <= 5
        if name in section or not fits:
            raise Fault(WRONG, f"{path}: '{lines[0]}' cannot stand there")
        section[name] = value
        lines.pop(0)
    text = "\n".join(lines).strip("\n").rstrip()
    if len(text) > LIMITS[kind]:
        raise Fault(WRONG, f"{path}: {len(text) - LIMITS[kind]} characters too long ({LIMITS[kind]} at most)")
    if text:
        section["text"] = text
    return section if text or "stance" in section else None


def media_type(path):
    with path.open("rb") as file:
        start = file.read(12)
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"RIFF") and start[8:] == b"WEBP":
        return "image/webp"
    raise Fault(WRONG, f"{path}: is neither PDF, PNG, JPEG nor WebP")


# Endings that the service leaves to a file of a type; it gives the first of them to one that has none of these.
ENDINGS = {"application/pdf": ("pdf",), "image/png": ("png",), "image/jpeg": ("jpg", "jpeg"), "image/webp": ("webp",)}
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE | re.ASCII)


def harmless(name):
    """A name without what cannot be stored everywhere, is not seen, or deceives who reads it."""
    kept = ""
    for part in re.split("(%22|%0D|%0A)", name, flags=re.IGNORECASE):
        for letter in " " if re.fullmatch("%(22|0D|0A)", part, re.IGNORECASE) else part:
            category = unicodedata.category(letter)
            filler = " " if category == "Zs" or letter == "\t" else "_" if letter in '<>:"|?*' else ""
            if filler or category not in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"):
                kept += "" if filler and kept.endswith(filler) else filler or letter
    return unicodedata.normalize("NFC", kept).strip(" .-_")


def service_name(name, endings):
    """What the service will call a file; what it does not change is the only name that can be filed."""
    stem, ending = harmless(re.split(r"[/\\]", name)[-1]), "." + endings[0]
    for turn in range(2):
        found = re.fullmatch(r"(.+)\.((?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5})", stem, re.DOTALL)
        right = bool(found) and found[2].lower() in endings
        if found and (right or turn == 0):
            stem, ending = found[1], "." + found[2] if right else ending
        if right:
            break
    stem = stem[:NAME_MOST - len(ending) - 1].strip(" .-_")
    return ("x" if DEVICE.match(stem) else "") + (stem or "attachment") + ending


def sha256_of(path):
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            hasher.update(piece)
    return hasher


def read_attachments(folder):
    """Path and entry of each, by name."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith("."):
            continue
        if not path.is_file() or CONTROL.search(path.name) or "\\" in path.name or len(path.name) > NAME_MOST:
            raise Fault(WRONG, f"{path}: must be a plain file, its name {NAME_MOST} characters at most")
        found.append((path, {"name": unicodedata.normalize("NFC", path.name), "media_type": media_type(path),
                             "bytes": path.stat().st_size, "sha256": sha256_of(path).hexdigest()}))
    return sorted(found, key=lambda pair: pair[1]["name"])


def read_settings(folder):
    path = folder / "settings.json"
    try:
        settings = json.loads(read_text(path))
    except FileNotFoundError:
        raise Fault(WRONG, f"{path}: is not there") from None
    except ValueError as error:
        raise Fault(WRONG, f"{path}: {error}") from None
    rules = {"service": service_of, "consultation": SLUG.fullmatch, "institution": SLUG.fullmatch,
             "language": LANGUAGES.__contains__, "publish": lambda v: v in ("0", "1"),
             "number": NUMBER.fullmatch, "key_id": KEY_ID.fullmatch}
    if not isinstance(settings, dict):
        raise Fault(WRONG, f"{path}: must be a JSON object")
    for name, value in settings.items():
        if name not in rules:
            raise Fault(WRONG, f"{path}: '{name}' is no setting")
        wanted = int if name == "publish" else str
        if type(value) is not wanted or not rules[name](str(value)):
            raise Fault(WRONG, f"{path}: '{name}' cannot be {json.dumps(value, ensure_ascii=False)}")
    for name in ("consultation", "institution", "language", "publish"):
        if name not in settings:
            raise Fault(WRONG, f"{path}: '{name}' is missing")
    return settings


def read_folder(folder):
    """The document without the versions that are not stated in it, and the attachments' paths with their entries."""
    settings = read_settings(folder)
    sections = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in ("settings.json", "attachments", "filed"):
            continue
        if not path.is_file() or not SECTION.fullmatch(path.name):
            raise Fault(WRONG, f"{path}: is no part of a response; nothing that lies here is left out unsaid")
        section = read_section(path)
        if section:
            sections[path.stem] = section
    if "approver" not in sections:
        raise Fault(WRONG, f"{folder / 'approver.md'}: must say who approved the response")
    if len(sections) == 1:
        raise Fault(WRONG, f"{folder}: nothing is said in any section")
    attachments = read_attachments(folder / "attachments")
    document = {"format": FORMAT, "consultation": settings["consultation"], "institution": settings["institution"],
                "language": settings["language"], "publish": settings["publish"], "sections": sections,
                "attachments": [entry for _, entry in attachments]}
    if "number" in settings:
        document["number"] = settings["number"]
    return settings, document, attachments


def versions_wanted(document):
    return [name for name, section in document["sections"].items()
            if name.split("-")[0] in ("direction", "measure", "question") and "version" not in section]


def add_versions(document, service):
    """The present version of each text that is answered; what is not asked there is refused."""
    base = f"/v1/consultations/{document['consultation']}"
    wanted = versions_wanted(document)
    for kind in sorted({name.split("-")[0] for name in wanted}):
        entries = service.fetch(f"{base}/{kind}s")[f"{kind}s"]
        present = {f"{kind}-{entry['code']}": entry["version"] for entry in entries}
        for name in wanted:
            if name in present:
                document["sections"][name]["version"] = present[name]
            elif name.startswith(kind):
                raise Fault(WRONG, f"{name}.md: the consultation has no such {kind}")


# --- keys and signatures


def openssl(*words, data=None):
    try:
        return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise Fault(WRONG, "signing wants the Python package 'cryptography' or the command 'openssl'") from None
    except subprocess.CalledProcessError as error:
        raise Fault(WRONG, f"openssl: {error.stderr.decode(errors='replace').strip()}") from None


class OpensslKey:
    """An Ed25519 key in a PEM file, used by the command."""

    def __init__(self, path):
        self.path = path
        public = openssl("pkey", "-in", str(path), "-pubout", "-outform", "DER")
        # RFC 8410 §4: twelve bytes that say Ed25519, then the key.
        if len(public) != 44 or public[:12].hex() != "302a300506032b6570032100":
            raise Fault(WRONG, f"{path}: holds no Ed25519 key")
        self.public = public[12:]

    def sign(self, data):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return openssl("pkeyutl", "-sign", "-inkey", str(self.path), "-rawin", "-in", file.name)

    @staticmethod
    def make():
        return openssl("genpkey", "-algorithm", "ed25519")


try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519
except ImportError:
    PemKey = OpensslKey
else:

    class PemKey:
        """An Ed25519 key in a PEM file, used by the package."""

        def __init__(self, path):
            try:
                self.secret = serialization.load_pem_private_key(path.read_bytes(), None)
            except (ValueError, TypeError) as error:
                raise Fault(WRONG, f"{path}: {error}") from None
            if not isinstance(self.secret, ed25519.Ed25519PrivateKey):
                raise Fault(WRONG, f"{path}: holds no Ed25519 key")
            self.public = self.secret.public_key().public_bytes(serialization.Encoding.Raw,
                                                                serialization.PublicFormat.Raw)

        def sign(self, data):
            return self.secret.sign(data)

        @staticmethod
        def make():
            return ed25519.Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def private_file(path):
    """Refuses what others may read."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise Fault(WRONG, f"{path}: {error.strerror}") from None
    if os.name == "posix" and mode & 0o077:
        raise Fault(WRONG, f"{path}: others may read it; chmod 600")
    return path


def new_key(path):
    pem = PemKey.make()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Fault(WRONG, f"{path}: is there already") from None
    except OSError as error:
        raise Fault(WRONG, f"{path}: {error.strerror}") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    public = PemKey(path).public
    print(f"{path}: the secret half. It stays on this machine.", file=sys.stderr)
    print("Register this at the service, which then tells the key's id for settings.json:", file=sys.stderr)
    print(base64.urlsafe_b64encode(public).rstrip(b"=").decode())


def signature_fields(key, key_id, method, address, fields, created, nonce):
    """Signature-Input and Signature (RFC 9421) over method, whole address and the fields given."""
    values = {"@method": method, "@target-uri": address, **{name.lower(): value for name, value in fields.items()}}
    names = " ".join(f'"{name}"' for name in values)
    said = f'({names});created={created};keyid="{key_id}";alg="ed25519";nonce="{nonce}";tag="{TAG}"'
    lines = [f'"{name}": {value}' for name, value in values.items()] + [f'"@signature-params": {said}']
    signature = base64.b64encode(key.sign("\n".join(lines).encode("ascii"))).decode()
    return {"Signature-Input": f"sig={said}", "Signature": f"sig=:{signature}:"}


# --- the service


def service_of(address):
    """The address in the form that is signed; None: it cannot be one, or what is sent could be read on its way."""
    parts = urllib.parse.urlsplit(address)
    own = {"https": 443, "http": 80}.get(parts.scheme)
    try:
        port = parts.port
    except ValueError:
        return None
    if not own or not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        return None
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != own else "")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """What was signed for one address is sent to no other."""

    def redirect_request(self, *_):
        return None


class Service:
    """Sends requests, and each again while the service is away."""

    def __init__(self, address, key=None, key_id=None, token=None):
        self.address, self.key, self.key_id, self.token = address, key, key_id, token
        self.opener = urllib.request.build_opener(NoRedirect)

    def credentials(self, method, address, fields):
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.key:
            return signature_fields(self.key, self.key_id, method, address, fields, int(time.time()),
                                    secrets.token_urlsafe(16))
        return {}

    def once(self, method, path, body, length, fields):
        address = self.address + path
        own = path.startswith(OWN)
        headers = {**fields, **(self.credentials(method, address, fields) if own else {}),
                   "Accept": "application/json", "User-Agent": "file_response/1"}
        data = body() if body is not None else None
        if data is not None:
            headers["Content-Length"] = str(length)
        request = urllib.request.Request(address, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=60) as reply:
                return reply.status, reply.read(), reply.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers
        finally:
            if hasattr(data, "close"):
                data.close()

    def send(self, method, path, body=None, length=0, fields=None):
        """The body's document. `body`: gives it anew for each try."""
        last = None
        for turn in range(TRIES):
            try:
                status, text, headers = self.once(method, path, body, length, fields or {})
            except (OSError, http.client.HTTPException) as error:
                last, wait = str(getattr(error, "reason", error)), 2 ** turn
            else:
                if status < 300:
                    return json.loads(text) if text else {}
                if status not in (429, 502, 503, 504):
                    raise Fault(REFUSED, problem_text(status, text))
                last, wait = problem_text(status, text), retry_after(headers, turn)
            if turn + 1 < TRIES:
                time.sleep(wait)
        raise Fault(AWAY, f"{self.address}: {last}")

    def fetch(self, path):
        return self.send("GET", path)

    def upload(self, consultation, path, entry):
        """One attachment as a whole; gives the name that the service has it by."""
        digest = base64.b64encode(bytes.fromhex(entry["sha256"])).decode()
        kept = self.send("PUT", f"{OWN}consultations/{consultation}/attachments/{entry['sha256']}",
                         lambda: path.open("rb"), entry["bytes"],
                         {"Content-Type": "application/octet-stream", "Content-Digest": f"sha-256=:{digest}:",
                          "Content-Disposition": "attachment; filename*=UTF-8''"
                                                 + urllib.parse.quote(entry["name"], safe="")})
        return kept.get("name")

    def file(self, consultation, body):
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return self.send("POST", f"{OWN}consultations/{consultation}/filings", lambda: body, len(body),
                         {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"})


def retry_after(headers, turn):
    wait = headers.get("Retry-After", "")
    return min(int(wait), 60) if wait.isdecimal() else 2 ** turn


def problem_text(status, text):
    """A problem (RFC 9457) in one or more lines."""
    try:
        problem = json.loads(text)
        lines = [f"{status} {problem['code']}: {problem['title']}. {problem['detail']}"]
        if "field" in problem:
            lines.append(f"  {problem['field']}")
        lines += [f"  {error['pointer']}: {error['detail']}" for error in problem.get("errors", [])]
        return "\n".join(lines)
    except (ValueError, KeyError, TypeError):
        return f"the service answered {status}"


# --- filing


def check_receipt(document, reply):
    """The receipt, if it is one for this document. The service may have put its number into it."""
    receipt = reply.get("receipt")
    if not isinstance(receipt, dict):
        raise Fault(REFUSED, "the service answered without a receipt; ask it what became of the filing")
    body = canonical({**document, "number": receipt.get("number")})
    if receipt.get("digest") != hashlib.sha256(body).hexdigest():
        raise Fault(REFUSED, "the receipt states another digest than the document's: "
                             + json.dumps(receipt, ensure_ascii=False))
    return receipt, body


def verify_receipt(receipt, service):
    """Whether it is signed by a key that the service publishes; says so where this machine cannot tell."""
    if PemKey is OpensslKey:
        print("The receipt's signature was not verified: that wants the Python package 'cryptography'.", file=sys.stderr)
        return
    said = RECEIPT + canonical({name: value for name, value in receipt.items() if name != "signature"})
    try:
        public, = [key["x"] for key in service.fetch("/v1/keys")["keys"] if key["kid"] == receipt["key"]]
        ed25519.Ed25519PublicKey.from_public_bytes(unpadded(public)).verify(unpadded(receipt["signature"]), said)
    except (InvalidSignature, KeyError, TypeError, ValueError):
        raise Fault(REFUSED, "the receipt is not signed by a key of the service: "
                             + json.dumps(receipt, ensure_ascii=False)) from None


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def write_whole(path, data):
    """So that no reader, and no later run, finds half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def show(receipt):
    print(json.dumps(receipt, ensure_ascii=False, indent=2, sort_keys=True))


def send_attachments(consultation, attachments, service):
    """Those that the service has not yet. It may have to call one by another name, which is then not the document's."""
    if not attachments:
        return
    listed = service.fetch(f"{OWN}consultations/{consultation}/attachments")["attachments"]
    there = {entry["sha256"]: entry["name"] for entry in listed}
    for path, entry in attachments:
        name = there.get(entry["sha256"])
        if name is None:
            print(f"Sending {path} ({entry['bytes']} bytes).", file=sys.stderr)
            name = service.upload(consultation, path, entry)
        if name != entry["name"]:
            raise Fault(REFUSED, f"{path}: the service has it as '{name}'. Give the file that name, or remove the other "
                                 "at the service's page of attachments. Nothing was filed.")


def file_folder(folder, document, attachments, service, again):
    sent = canonical(document)
    filed = folder / "filed"
    kept = filed / f"{hashlib.sha256(sent).hexdigest()}.receipt.json"
    if kept.is_file() and not again:
        print(f"Filed already; {kept} is its receipt.", file=sys.stderr)
        show(json.loads(kept.read_bytes())["receipt"])
        return
    filed.mkdir(exist_ok=True)
    send_attachments(document["consultation"], attachments, service)
    reply = service.file(document["consultation"], sent)
    receipt, body = check_receipt(document, reply)
    verify_receipt(receipt, service)
    write_whole(filed / f"{receipt['digest']}.document.json", body)
    write_whole(kept, canonical(reply))
    print(f"Filed. {kept} is the receipt.", file=sys.stderr)
    show(receipt)


def describe(document):
    body = canonical(document)
    said = sum(1 for section in document["sections"].values() if "text" in section)
    stances = sum(1 for section in document["sections"].values() if "stance" in section)
    missing = versions_wanted(document)
    for attachment in document["attachments"]:
        name = service_name(attachment["name"], ENDINGS[attachment["media_type"]])
        if name != attachment["name"]:
            print(f"attachments/{attachment['name']}: the service will call it '{name}', and refuses the document until "
                  "the file has that name here.")
    print(f"{said} texts, {stances} stances, {len(document['attachments'])} attachments, {len(body)} bytes.")
    if missing:
        print(f"Not asked of the service, which was not named: the versions of {', '.join(missing)}.")
    elif "number" in document:
        print(f"SHA-256: {hashlib.sha256(body).hexdigest()}")


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--new-key", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--service", help="address; instead of the one in settings.json")
    parser.add_argument("--key", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--key-id", help="instead of the one in settings.json")
    parser.add_argument("--token", type=pathlib.Path, metavar="FILE")
    return parser, parser.parse_args(words)


def service_from(call, settings):
    named = call.service or settings.get("service")
    address = service_of(named) if named else None
    if named and not address:
        raise Fault(WRONG, f"{named}: must be https://host (http only for this machine itself)")
    if not address:
        return None
    if call.token:
        return Service(address, token=private_file(call.token).read_text("ascii").strip())
    if call.key:
        key = PemKey(private_file(call.key))
        key_id = call.key_id or settings.get("key_id", "")
        if not KEY_ID.fullmatch(key_id):
            raise Fault(WRONG, f"'{key_id}' is no key's id; --key-id, or 'key_id' in settings.json")
        return Service(address, key=key, key_id=key_id)
    return Service(address)


def run(call):
    settings, document, attachments = read_folder(call.folder)
    service = service_from(call, settings)
    if service:
        add_versions(document, service)
    if call.check:
        describe(document)
        return
    if not service:
        raise Fault(WRONG, "where to? settings.json has no 'service', and there is no --service")
    if not (service.key or service.token):
        raise Fault(WRONG, "as whom? --key FILE or --token FILE")
    file_folder(call.folder, document, attachments, service, call.again)


def main(words):
    parser, call = arguments(words)
    if bool(call.new_key) == bool(call.folder) or (call.key and call.token):
        parser.print_usage(sys.stderr)
        return WRONG
    try:
        if call.new_key:
            new_key(call.new_key)
        else:
            run(call)
    except Fault as fault:
        print(f"file_response: {fault}", file=sys.stderr)
        return fault.code
    except OSError as error:
        print(f"file_response: {error}", file=sys.stderr)
        return WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
