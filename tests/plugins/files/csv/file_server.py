"""An HTTPS server with an authority of its own, and plain HTTP beside it.

Usage: file_server.py FOLDER [http]

Serves what is in FOLDER with ETags. Prints the port of 127.0.0.1; ends with its standard input. FOLDER gets ca.pem. What goes
wrong stands in FOLDER/fault: "cut", "drip", "status N", "html", "huge", "redirect URL", "no-etag"; what was asked is
written to FOLDER/requests, a line each: path, If-None-Match, Authorization. FOLDER/login holds "user:password", if one is wanted.
"""
import base64
import hashlib
import pathlib
import select
import socketserver
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

FOLDER = pathlib.Path(sys.argv[1])


def make_certificates():
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=FOLDER)

    (FOLDER / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Fjordby CA", "-days", "2")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem")


def read(name):
    file = FOLDER / name
    return file.read_text().strip() if file.exists() else ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *_):
        pass

    def do_GET(self):
        with open(FOLDER / "requests", "a", encoding="utf-8") as log:
            log.write(f"{self.path} {self.headers.get('If-None-Match', '-')} {self.headers.get('Authorization', '-')}\n")
        login, (fault, _, more) = read("login"), read("fault").partition(" ")
        if login and self.headers.get("Authorization") != "Basic " + base64.b64encode(login.encode()).decode():
            return self.answer(401, b"Hemmelig ZQ besked")
        if fault == "status":
            return self.answer(int(more), b"Hemmelig ZQ besked", {"Retry-After": "600"} if more == "429" else {})
        if fault == "redirect" and self.path.startswith("/udtraek"):
            return self.answer(302, b"", {"Location": more})
        if fault == "html":
            return self.answer(200, b"<!DOCTYPE html><html>Log ind</html>")
        if fault == "huge":
            return self.answer(200, b" " * (65 << 20))
        file = FOLDER / "files" / self.path.rsplit("/", 1)[1]
        if not file.exists():
            return self.answer(404, b"")
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {} if fault == "no-etag" else {"ETag": etag}
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, b"", headers)
        return self.answer(200, content, headers, fault)

    def answer(self, status, content, headers=None, fault=""):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content[:len(content) // 2] if fault in ("cut", "drip") else content)
            self.wfile.flush()
            if fault == "drip":
                select.select([self.connection], [], [])
        except OSError:
            fault = "gone"
        self.close_connection = self.close_connection or bool(fault)


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) < 3:
        make_certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / "server.pem", FOLDER / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    select.select([sys.stdin], [], [])


if __name__ == "__main__":
    main()
