"""The web door in front of a demo hub, for tests: a process of its own, as a reader of HTTP meets it."""
import json
import subprocess
import threading
import urllib.error
import urllib.request

import demo

PATIENCE_SECONDS = 20


class Told:
    """An answer over HTTP."""

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def fetch(address, key=None, fields=(), context=None):
    """GET as it is, without following anything."""
    request = urllib.request.Request(address, headers=dict(fields))
    if key is not None:
        request.add_header("Authorization", f"Bearer {key}")
    handlers = [NoRedirect(), urllib.request.ProxyHandler({})]
    if context is not None:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(request, timeout=demo.LIMIT_SECONDS) as answer:
            return Told(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Told(error.code, error.headers, error.read())


class Door:
    """Runs `brobygger web`; ends with the test case."""

    def __init__(self, case, config, *words):
        self.log, ready = [], threading.Event()
        self.address = None
        self.process = subprocess.Popen([demo.BROBYGGER, "web", "--config", config, "--listen",
                                         "127.0.0.1:0", *words], stdin=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)

        def read():
            for line in self.process.stderr:
                self.log.append(line)
                if "address=http://" in line:
                    self.address = "http://" + line.split("address=http://")[1].split()[0]
                    ready.set()
            ready.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        case.addCleanup(self.stop)
        case.assertTrue(ready.wait(PATIENCE_SECONDS), self.log)
        case.assertIsNotNone(self.address, self.log)

    def fetch(self, target, key=None, **fields):
        return fetch(self.address + target, key, fields)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()
