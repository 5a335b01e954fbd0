"""The web door with a certificate of its own: TLS as browsers speak it, and nothing older."""
import json
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.request

import demo

MORE = """
[web]
certificate = "{folder}/door.pem"
certificate_key = "{folder}/{key}"
public_url = "https://localhost:{port}"
"""
PATIENCE_SECONDS = 20


class EncryptedDoorTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-tls-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()
        for name in ("door", "other"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem", "-days", "2",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                           check=True, capture_output=True)

    def configure(self, key="door.key", port=0):
        config = (self.state / "hub.toml").read_text().split("[web]")[0]
        file = self.state / "tls.toml"
        file.write_text(config + MORE.format(folder=self.folder, key=key, port=port))
        return file

    def start(self, config):
        process = subprocess.Popen([demo.BROBYGGER, "web", "--config", config, "--listen", "127.0.0.1:0"],
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

        def stop():
            process.terminate()
            process.wait()
            process.stderr.close()

        self.addCleanup(stop)
        timer = threading.Timer(PATIENCE_SECONDS, process.kill)
        timer.start()
        for line in process.stderr:
            if "address=https://127.0.0.1:" in line:
                timer.cancel()
                return process, int(line.rsplit(":", 1)[1])
        timer.cancel()
        return self.fail("the door did not start")

    def trusting(self, **versions):
        context = ssl.create_default_context(cafile=self.folder / "door.pem")
        for name, version in versions.items():
            setattr(context, name, version)
        return context

    def ask(self, port, path, context, body=None, **fields):
        request = urllib.request.Request(f"https://localhost:{port}{path}", body, headers=fields)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=context))
        return opener.open(request, timeout=demo.LIMIT_SECONDS)

    def test_it_speaks_tls_and_its_cookies_are_for_https_alone(self):
        # The port is known only when it listens; the address it tells itself by must hold it.
        _, port = self.start(self.configure())
        context = self.trusting()
        self.assertEqual(self.ask(port, "/healthz", context).read(), b"ok\n")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.ask(port, "/session", context)
        self.assertEqual(refused.exception.code, 421)
        refused.exception.close()

    def test_a_browser_signs_in_over_it(self):
        first, free = self.start(self.configure())
        first.terminate()
        first.wait()
        config = self.configure(port=free)
        process = subprocess.Popen([demo.BROBYGGER, "web", "--config", config, "--listen", f"127.0.0.1:{free}"],
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        while "web_ready" not in process.stderr.readline():
            self.assertIsNone(process.poll())
        own = f"https://localhost:{free}"
        with self.ask(free, "/session/demo", self.trusting(), json.dumps({"person": "caseworker"}).encode(), Origin=own,
                      **{"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}) as answer:
            cookie = answer.headers["Set-Cookie"]
        self.assertTrue(cookie.startswith("__Host-brobygger="))
        for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            self.assertIn(part, cookie)
        with self.ask(free, "/api/brobygger.access.v1.AccessService/WhoAmI", self.trusting(), b"{}", Origin=own,
                      Cookie=cookie.split(";")[0], **{"Content-Type": "application/json",
                                                      "Connect-Protocol-Version": "1"}) as answer:
            self.assertEqual(json.load(answer)["municipalityCode"], "0998")

    def test_what_is_older_than_tls_1_2_and_what_is_not_encrypted_is_not_answered(self):
        _, port = self.start(self.configure())
        self.ask(port, "/healthz", self.trusting(maximum_version=ssl.TLSVersion.TLSv1_2)).close()
        old = self.trusting(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
        old.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises(urllib.error.URLError):
            self.ask(port, "/healthz", old)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with self.assertRaises(OSError):
            opener.open(f"http://localhost:{port}/healthz", timeout=demo.LIMIT_SECONDS)
        self.ask(port, "/healthz", self.trusting()).close()

    def test_a_key_that_is_not_the_certificate_s_stops_the_start_and_says_so(self):
        for key, why in (("other.key", "key values mismatch"), ("none.key", "none.key cannot be used")):
            done = subprocess.run([demo.BROBYGGER, "web", "--config", self.configure(key), "--listen", "127.0.0.1:0"],
                                  capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("web.certificate_key", done.stderr)
            self.assertIn(why, done.stderr)


if __name__ == "__main__":
    unittest.main()
