"""deploy/file_response.py: what it builds of a folder, what it refuses, and its requests, which the server's own code
verifies. test_file_response.py SCRIPT VERIFIER
"""
import base64
import contextlib
import hashlib
import http.server
import importlib.util
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

sys.dont_write_bytecode = True
SCRIPT, VERIFIER = sys.argv[1:3]
spec = importlib.util.spec_from_file_location("file_response", SCRIPT)
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)

# RFC 9421 §B.1.4
RFC_KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
RFC_PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
RFC_PUBLIC_URL = RFC_PUBLIC.replace("/", "_").replace("+", "-").rstrip("=")
KEY_ID = "0b1f5b0e-6d1c-4c3e-9c55-0d6f5a3a2b11"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SETTINGS = {"consultation": "plan", "institution": "some-university", "language": "zh-Hant", "publish": 1}
FILES = {"settings.json": json.dumps(SETTINGS), "summary.md": "# 摘要\r\n\r\n全文 \u3000\r\n\r\n", "direction-1.md": "",
         "measure-1-3.md": "stance: 4\nversion: 2\n\n　我們支持。", "measure-2-1.md": "stance: 0\nversion: 1\n",
         "question-1.md": "version: 1\nCafe\u0301", "approver.md": "Prof. A, President"}
DOCUMENT = ('{"attachments":[{"bytes":264,"media_type":"image/png","name":"b.png","sha256":"%s"}],"consultation":"plan",'
            '"format":"institutional-response-v1","institution":"some-university","language":"zh-Hant","publish":1,'
            '"sections":{"approver":{"text":"Prof. A, President"},"measure-1-3":{"stance":4,"text":"　我們支持。",'
            '"version":2},"measure-2-1":{"stance":0,"version":1},"question-1":{"text":"Caf\u00e9","version":1},'
            '"summary":{"text":"# 摘要\\n\\n全文"}}}') % hashlib.sha256(PNG).hexdigest()


def verify(method, scheme, authority, target, fields, body, public=RFC_PUBLIC, now=None):
    request = {"method": method, "scheme": scheme, "authority": authority, "target": target, "key": public,
               "now": int(time.time()) if now is None else now, "body": base64.b64encode(body).decode(),
               "fields": [[name.lower(), value] for name, value in fields]}
    return subprocess.run([VERIFIER], input=json.dumps(request).encode(), capture_output=True,
                          check=True).stdout.decode().strip()


class Stand(http.server.BaseHTTPRequestHandler):
    """Answers as the service does, and keeps what was asked."""

    def log_message(self, *_):
        pass

    def answer(self, status, document, fields=()):
        text = json.dumps(document).encode()
        self.send_response(status)
        for name, value in (*fields, ("Content-Length", str(len(text)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        if self.path == "/v1/keys":
            return self.answer(200, {"keys": [{"kid": "receipts-1", "x": RFC_PUBLIC_URL}]})
        if self.path.endswith("/attachments"):
            if not self.headers["Authorization"] and not self.headers["Signature"]:
                return self.answer(401, {"code": "sign-in-required", "title": "Not signed", "detail": "Who?"})
            return self.answer(200, {"attachments": self.server.there})
        self.server.asked.append((self.command, self.path, None, None))
        kind = self.path.rsplit("/", 1)[1]
        self.answer(200, {kind: [{"code": "1-3", "version": 7}, {"code": "1", "version": 5}]})

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = self.headers.items()
        self.server.asked.append((self.command, self.path, fields, body))
        if self.server.away:
            self.server.away -= 1
            return self.answer(503, {"code": "unavailable", "title": "T", "detail": "D"}, [("Retry-After", "0")])
        said = "token" if self.headers["Authorization"] == "Bearer s3cret" else verify(
            self.command, "http", self.headers["Host"], self.path, fields, body)
        if said not in (KEY_ID, "token"):
            return self.answer(401, {"code": said, "title": "Not signed", "detail": "Wrong.", "field": "Signature"})
        if self.server.refuse:
            return self.answer(409, {"code": "closed", "title": "Closed", "detail": "Too late."})
        if self.command == "PUT":
            return self.answer(200, {"name": self.server.named})
        whole = script.canonical({**json.loads(body), "number": "0123456789"})
        digest = "0" * 64 if self.server.lie else hashlib.sha256(whole).hexdigest()
        receipt = {"number": "0123456789", "version": 1, "digest": digest, "key": "receipts-1"}
        said = b"institution-receipt-v1\n" + script.canonical(receipt)
        signature = "A" * 86 if self.server.forge else script.PemKey(self.server.key).sign(said)
        if not self.server.forge:
            signature = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
        return self.answer(201, {"receipt": {**receipt, "signature": signature}})

    do_POST = do_PUT


class Folder(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name) / "response"
        (self.folder / "attachments").mkdir(parents=True)
        for name, text in FILES.items():
            self.write(name, text)
        (self.folder / "attachments" / "b.png").write_bytes(PNG)
        self.key = pathlib.Path(self.place.name) / "key.pem"
        self.key.write_text(RFC_KEY)
        self.key.chmod(0o600)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8", newline="")

    def call(self, *words):
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = script.main([str(word) for word in words])
        return code, out.getvalue(), error.getvalue()


class Building(Folder):
    def test_names_that_the_service_changes(self):
        rows = json.loads((pathlib.Path(__file__).parent.parent / "data" / "file_names.json").read_text("utf-8"))
        for sent, endings, stored in rows:
            self.assertEqual(script.service_name(sent, endings.split("|")), stored, sent)
            self.assertEqual(script.service_name(stored, endings.split("|")), stored, sent)
        (self.folder / "attachments" / "b.png").rename(self.folder / "attachments" / "b: c.JPG")
        code, out, _ = self.call(self.folder, "--check")
        self.assertEqual((code, out.splitlines()[0]), (0, "attachments/b: c.JPG: the service will call it 'b_ c.png', and "
                                                          "refuses the document until the file has that name here."))
        self.assertEqual(len(script.service_name("意" * 300, ["png"])), 119)

    def test_the_document(self):
        _, document, attachments = script.read_folder(self.folder)
        self.assertEqual(script.canonical(document).decode(), DOCUMENT)
        self.assertEqual([path.name for path, _ in attachments], ["b.png"])
        self.assertEqual(self.call(self.folder, "--check")[:2],
                         (0, "4 texts, 2 stances, 1 attachments, %d bytes.\n" % len(DOCUMENT.encode())))

    def test_what_is_refused(self):
        cases = [("settings.json", "{", "settings.json"), ("settings.json", "[]", "object"),
                 ("settings.json", json.dumps({**SETTINGS, "publish": True}), "'publish' cannot"),
                 ("settings.json", json.dumps({**SETTINGS, "publish": 2}), "'publish' cannot"),
                 ("settings.json", json.dumps({**SETTINGS, "language": "zh"}), "'language' cannot"),
                 ("settings.json", json.dumps({**SETTINGS, "consultation": "../x"}), "'consultation' cannot"),
                 ("settings.json", json.dumps({**SETTINGS, "servce": "x"}), "'servce' is no setting"),
                 ("settings.json", json.dumps({**SETTINGS, "service": "http://far.example"}), "'service' cannot"),
                 ("settings.json", "{}", "'consultation' is missing"),
                 ("approver.md", " \n", "approver.md"), ("measure-1-3.md", "stance: 6\n", "stance: 6"),
                 ("measure-1-3.md", "version: 0\n", "version: 0"),
                 ("measure-1-3.md", "stance: 1\nstance: 2\n", "stance: 2"), ("question-1.md", "stance: 4\n", "stance: 4"),
                 ("summary.md", "a\x00b", "U+0000"), ("summary.md", "a\nb\x85", "line 2"),
                 ("approver.md", "x" * 301, "1 characters too long"), ("sumary.md", "x", "sumary.md"),
                 ("measure-1.md", "x", "measure-1.md"), ("attachments/a.pdf", "PK\x03\x04", "a.pdf"),
                 ("attachments/" + "a" * 117 + ".pdf", "%PDF-", "120 characters"),
                 ("attachments/a\\b.pdf", "%PDF-", "plain file")]
        for name, text, said in cases:
            with self.subTest(name=name, said=said):
                path = self.folder / name
                before = path.read_bytes() if path.exists() else None
                self.write(name, text)
                code, out, error = self.call(self.folder, "--check")
                self.assertEqual((code, out), (2, ""), error)
                self.assertIn(said, error)
                path.unlink() if before is None else path.write_bytes(before)
        self.assertEqual(self.call(self.folder, "--check")[0], 0)

    def test_bytes_that_are_no_text(self):
        (self.folder / "summary.md").write_bytes(b"\xff")
        self.assertIn("UTF-8", self.call(self.folder, "--check")[2])

    def test_a_response_says_something(self):
        for name in ("summary.md", "measure-1-3.md", "measure-2-1.md", "question-1.md"):
            (self.folder / name).unlink()
        self.assertIn("nothing is said", self.call(self.folder, "--check")[2])


class Signing(Folder):
    def both(self):
        return [script.PemKey(self.key), script.OpensslKey(self.key)]

    def test_the_server_verifies_it(self):
        fields = {"Content-Type": "application/json",
                  "Content-Digest": "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"}
        for key in self.both():
            self.assertEqual(base64.b64encode(key.public).decode(), RFC_PUBLIC)
            address = "https://c.example/v1/filings?x=1"
            signed = script.signature_fields(key, KEY_ID, "POST", address, fields, 1000, "n")
            sent = [*fields.items(), *signed.items()]
            self.assertEqual(verify("POST", "https", "c.example", "/v1/filings?x=1", sent, b"{}", now=1000), KEY_ID)
            self.assertEqual(verify("POST", "https", "c.example", "/v1/filings?x=1", sent, b"{} ", now=1000),
                             "digest-wrong Content-Digest")
            self.assertEqual(verify("POST", "https", "c.example", "/v1/filings?x=2", sent, b"{}", now=1000),
                             "signature-wrong Signature")
            self.assertEqual(verify("POST", "https", "c.example", "/v1/filings?x=1", sent, b"{}", now=1301),
                             "signature-untimely created")

    def test_a_new_key(self):
        path = pathlib.Path(self.place.name) / "new.pem"
        code, out, _ = self.call("--new-key", path)
        self.assertEqual((code, path.stat().st_mode & 0o777), (0, 0o600))
        self.assertEqual(base64.urlsafe_b64decode(out.strip() + "="), script.OpensslKey(path).public)
        self.assertEqual(self.call("--new-key", path)[0], 2)
        other = pathlib.Path(self.place.name) / "other.pem"
        other.write_bytes(script.OpensslKey.make())
        self.assertEqual(script.PemKey(other).public, script.OpensslKey(other).public)

    def test_a_key_that_others_may_read(self):
        self.key.chmod(0o640)
        code, _, error = self.call(self.folder, "--service", "https://c.example", "--key", self.key)
        self.assertEqual(code, 2)
        self.assertIn("chmod 600", error)

    def test_addresses(self):
        for sent, taken in [("https://C.Example:443/", "https://c.example"),
                            ("https://c.example:8443", "https://c.example:8443"),
                            ("http://127.0.0.1:80", "http://127.0.0.1"), ("http://[::1]:8080", "http://[::1]:8080"),
                            ("http://c.example", None), ("https://u@c.example", None), ("https://c.example/x", None),
                            ("https://c.example:x", None), ("ftp://c.example", None), ("c.example", None)]:
            self.assertEqual(script.service_of(sent), taken, sent)


class Filing(Folder):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stand)
        self.server.asked, self.server.away, self.server.refuse, self.server.lie = [], 0, False, False
        self.server.there, self.server.named, self.server.forge, self.server.key = [], "b.png", False, self.key
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.to = ["--service", f"http://127.0.0.1:{self.server.server_port}"]
        self.signed = [self.folder, *self.to, "--key", self.key, "--key-id", KEY_ID]

    def paths(self):
        return [(method, path.rsplit("/", 2)[1:] if method == "PUT" else path)
                for method, path, _, _ in self.server.asked]

    def test_files_once(self):
        code, out, error = self.call(*self.signed)
        self.assertEqual(code, 0, error)
        self.assertEqual(self.paths(), [("PUT", ["attachments", hashlib.sha256(PNG).hexdigest()]),
                                        ("POST", "/v1/institution/consultations/plan/filings")])
        self.assertEqual(self.server.asked[0][3], PNG)
        self.assertEqual(self.server.asked[1][3].decode(), DOCUMENT)
        receipt = json.loads(out)
        kept = (self.folder / "filed" / f"{receipt['digest']}.document.json").read_bytes()
        self.assertEqual(hashlib.sha256(kept).hexdigest(), receipt["digest"])
        again = self.call(*self.signed)
        self.assertEqual((again[:2], len(self.server.asked)), ((0, out), 2))
        self.assertEqual(self.call(*self.signed, "--again")[:2], (0, out))
        self.assertEqual(len(self.server.asked), 4)
        self.write("summary.md", '"quoted" \\ a/b\t\u2028 \U00020bb7 e\u0301 \u200d\ud55c')
        self.assertEqual(self.call(*self.signed)[0], 0)
        self.assertEqual(sorted(path.suffix for path in (self.folder / "filed").iterdir()), [".json"] * 4)

    def test_asks_for_versions(self):
        self.write("measure-1-3.md", "stance: 4\n\nx")
        self.write("question-1.md", "y")
        self.assertIn("measure-1-3", self.call(self.folder, "--check")[1])
        self.assertEqual(self.call(*self.signed)[0], 0)
        sections = json.loads(self.server.asked[-1][3])["sections"]
        self.assertEqual((sections["measure-1-3"]["version"], sections["question-1"]["version"]), (7, 5))
        self.write("measure-9-9.md", "x")
        code, _, error = self.call(*self.signed)
        self.assertEqual(code, 2)
        self.assertIn("measure-9-9", error)

    def test_a_token(self):
        token = pathlib.Path(self.place.name) / "token"
        token.write_text("s3cret\n")
        token.chmod(0o600)
        self.assertEqual(self.call(self.folder, *self.to, "--token", token)[0], 0)
        self.assertNotIn("Signature", dict(self.server.asked[-1][2]))

    def test_tries_again(self):
        self.server.away = 2
        self.assertEqual(self.call(*self.signed)[0], 0)
        self.assertEqual(len(self.server.asked), 4)
        self.server.away = 99
        code, _, error = self.call(*self.signed, "--again")
        self.assertEqual(code, 3)
        self.assertIn("unavailable", error)

    def test_refusals_are_told_and_nothing_kept(self):
        self.server.refuse = True
        code, out, error = self.call(*self.signed)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("409 closed: Closed. Too late.", error)
        self.server.refuse, self.server.lie = False, True
        code, out, error = self.call(*self.signed)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("another digest", error)
        self.assertEqual(os.listdir(self.folder / "filed"), [])

    def test_files_that_are_there_are_not_sent(self):
        self.server.there = [{"name": "b.png", "sha256": hashlib.sha256(PNG).hexdigest()}]
        self.assertEqual(self.call(*self.signed)[0], 0)
        self.assertEqual([method for method, *_ in self.server.asked], ["POST"])

    def test_a_file_by_another_name_is_not_filed(self):
        self.server.named = "b (2).png"
        code, out, error = self.call(*self.signed)
        self.assertEqual((code, out, [method for method, *_ in self.server.asked]), (1, "", ["PUT"]))
        self.assertIn("the service has it as 'b (2).png'", error)
        self.server.there = [{"name": "c.png", "sha256": hashlib.sha256(PNG).hexdigest()}]
        self.assertIn("the service has it as 'c.png'", self.call(*self.signed)[2])

    def test_a_receipt_that_the_service_did_not_sign(self):
        self.server.forge = True
        code, out, error = self.call(*self.signed)
        self.assertEqual((code, out, os.listdir(self.folder / "filed")), (1, "", []))
        self.assertIn("is not signed by a key of the service", error)
        with unittest.mock.patch.object(script, "PemKey", script.OpensslKey):
            code, out, error = self.call(*self.signed)
        self.assertEqual(code, 0)
        self.assertIn("signature was not verified", error)

    def test_nobody_is_nobody(self):
        self.assertIn("as whom", self.call(self.folder, *self.to)[2])
        self.assertIn("where to", self.call(self.folder, "--key", self.key)[2])
        self.assertIn("no key's id", self.call(self.folder, *self.to, "--key", self.key)[2])
        self.assertEqual(self.call(*self.signed, "--key-id", KEY_ID.replace("0", "1"))[0], 1)
        self.assertEqual(self.call("--key", self.key)[0], 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
