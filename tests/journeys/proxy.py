"""nginx in front of a hub, as deploy/nginx.example.conf has it, with certificates made for the test."""
import socket
import subprocess
import time

import demo

NGINX = "/usr/sbin/nginx"
CONFIG = demo.ROOT / "deploy" / "nginx.example.conf"
PATIENCE_SECONDS = 20
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log info;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/brobygger.conf;
}}
"""


class Authority:
    """Signs certificates, as `openssl ca` does."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key, self.certificate = folder / f"{name}.key", folder / f"{name}.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "30", "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate)
        (folder / f"{name}.index").touch()
        (folder / f"{name}.cnf").write_text(
            f"[ca]\ndefault_ca = it\n[it]\ndatabase = {folder}/{name}.index\nnew_certs_dir = {folder}\n"
            "rand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no\n"
            "[any]\ncommonName = supplied\n[names]\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n")

    def sign(self, name, begin="20200101000000Z", end="20990101000000Z"):
        """Files of a new key and its certificate."""
        stem = f"{self.name}-{name}-{end}"
        key, request, certificate = (self.folder / (stem + kind) for kind in (".key", ".csr", ".pem"))
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        openssl("ca", "-batch", "-notext", "-config", self.folder / f"{self.name}.cnf", "-keyfile", self.key,
                "-cert", self.certificate, "-extensions", "names", "-startdate", begin, "-enddate", end,
                "-in", request, "-out", certificate)
        return key, certificate


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


def fingerprint(certificate):
    return openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").strip().split("=")[1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """Runs nginx; ends with the test case."""

    def __init__(self, case, folder, hub_socket, server, authority, changes=()):
        """`server`: key and certificate. `changes`: pairs of a text of the file and another."""
        folder.mkdir()
        self.port = free_port()
        key, certificate = server
        text = CONFIG.read_text()
        for old, new in [("listen 443 ssl http2", f"listen 127.0.0.1:{self.port} ssl http2"),
                         ("/run/brobygger/people.sock", str(hub_socket)),
                         ("/etc/brobygger/tls/hub.pem", str(certificate)),
                         ("/etc/brobygger/tls/hub.key", str(key)),
                         ("/etc/brobygger/tls/systems-ca.pem", str(authority.certificate)), *changes]:
            case.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        (folder / "brobygger.conf").write_text(text)
        whoami = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
        user = "user root;" if whoami == "root" else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        words = [NGINX, "-p", folder, "-c", folder / "nginx.conf"]
        checked = subprocess.run([*words, "-t"], check=False, capture_output=True, text=True)
        case.assertEqual(checked.returncode, 0, checked.stderr)
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        case.addCleanup(self.stop)
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            case.assertIsNone(self.process.poll(), (folder / "nginx.log").read_text()[-2000:])
            case.assertLess(time.monotonic(), end, "nginx does not answer")
            time.sleep(0.05)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.terminate()
        self.process.wait()
