"""A calendar server that goes wrong as it is told, on a port of its own.

Usage: fault_server.py PORT_FILE [CERTIFICATE]; speaks TLS with a certificate (PEM, with its key); ends at the end of
standard input. PUT /play names what is played at /u/cal/ from now on; GET /log gives the requests since, one a line: method, path, whether a password came, and the sync token asked from.
/u/other/ is always well.

Whatever is played, it takes no request that some real server would answer otherwise than others (RULES below): the
first gets a 400, and so does all that follows until the next /play, so that no way around it hides it from a test.
"""
import os
import re
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
MULTISTATUS = ("207 Multi-Status", "application/xml; charset=utf-8")
FAILED = {"gone": 404, "forbidden": 403, "failing": 500, "no_password": 401}
BUSY = {"busy_429": (429, "7"), "busy_503": (503, "11")}
# What is listed, page by page, as (token asked from, paths, token given, more).
PAGES = {
    "paged": [("", ["1", "2"], "p1", True), ("p1", ["3", "4"], "p2", True), ("p2", ["5"], "p3", False),
              ("p3", [], "p3", False)],
    "stuck": [("", ["1"], "s1", True), ("s1", ["2"], "s1", True)],
    "well": [("", ["1", "2"], "t1", False), ("t1", [], "t1", False)],
    "changed": [("", ["1", "2", "3"], "t2", False), ("t1", ["3"], "t2", False), ("t2", [], "t2", False)],
    "expired": [("", ["1", "2"], "t2", False)],
    "empty": [("", [], "t1", False)],
    "thousand": [("", [str(number) for number in range(1000)], "t1", False), ("t1", [], "t1", False)],
    "ten_of_thousand": [("t1", [str(number) for number in range(0, 1000, 100)], "t2", False), ("t2", [], "t2", False)],
    "many_of_thousand": [("t1", [str(number) for number in range(250)], "t2", False)]}
# Rule 2: Xandikos answers 415 to any other.
KINDS = {"PROPFIND": "application/xml; charset=utf-8", "REPORT": "application/xml; charset=utf-8",
         "PUT": "text/calendar; charset=utf-8"}
# Rule 11: Radicale passes over most of these, Xandikos answers 500 or leaves the data out. Data are asked for whole.
UNRELIABLE = re.compile(r"<\w+:(expand|limit[\w-]*|time-range|calendar-query|calendar-data(?!\s*/>))")
SPELLINGS = ["/u/cal/a b@c.ics", "/u/cal/a%20b%40c.ics", "http://{host}/u/cal/a%20b@c.ics"]


def event(name, more=""):
    day = time.strftime("%Y%m%d")
    return (f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//X//DA\r\nBEGIN:VEVENT\r\nUID:{name}\r\nDTSTAMP:{day}T000000Z\r\n"
            f"DTSTART:{day}T100000Z\r\nSUMMARY:Hemmeligt\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n")


LONG = 1 << 20
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Husk\r\nEND:VALARM\r\n"


class State:
    def __init__(self):
        self.scenario = "well"
        self.log = []
        self.puts = []
        self.stored = {}
        self.refused = False

    def play(self, scenario):
        self.__init__()
        self.scenario = scenario


STATE = State()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass

    def send(self, status, body="", headers=(), kind="text/plain"):
        data = body.encode()
        self.send_response_only(*(int(word) if word.isdigit() else word for word in status.split(" ", 1)))
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/play":
            STATE.play(body)
            self.send("204 Done")
        elif self.path == "/log":
            self.send("200 OK", "\n".join(STATE.log))
        elif self.path == "/puts":
            self.send("200 OK", "\n--\n".join(STATE.puts))
        elif self.breaks_rules(body):
            STATE.log.append(f"REFUSED {self.command} {self.path}")
            self.send("400 No")
        else:
            token = re.search(r"sync-token>([^<]*)<", body)
            password = "password" if "Authorization" in self.headers else "-"
            STATE.log.append(f"{self.command} {self.path} {password} {token[1] if token else '-'}")
            self.play("well" if "/other/" in self.path else STATE.scenario, body)

    def breaks_rules(self, body):
        kind = self.headers.get("Content-Type", "")
        # A body of any other method is none of a calendar client's.
        wrong = kind != KINDS.get(self.command, "") or (body and self.command not in KINDS)
        STATE.refused = bool(STATE.refused or wrong or (self.command != "PUT" and UNRELIABLE.search(body)))
        return STATE.refused

    def play(self, scenario, body):
        own = getattr(self, "play_" + scenario, None)
        if scenario in FAILED:
            self.send(f"{FAILED[scenario]} No")
        elif scenario in BUSY:
            status, wait = BUSY[scenario]
            self.send(f"{status} Busy", headers=[("Retry-After", wait)])
        elif own:
            own(body)
        else:
            self.serve(scenario, body)

    def serve(self, scenario, body):
        if self.command in ("GET", "PUT", "DELETE"):
            self.store(scenario, body)
        elif "calendar-multiget" in body:
            self.multiget(scenario, body)
        elif "sync-collection" in body:
            token = re.search(r"sync-token>([^<]*)<", body)
            self.sync(scenario, token[1] if token else "")
        else:
            self.properties()

    def sync(self, scenario, asked):
        for token, names, new_token, more in PAGES.get(scenario, PAGES["well"]):
            if token == asked:
                gone = [self.response("/u/cal/1.ics", "<D:status>HTTP/1.1 404 Gone</D:status>")] if (
                    scenario == "changed" and asked == "t1") else []
                rest = [self.response("/u/cal/", "<D:status>HTTP/1.1 507 More</D:status>")] if more else []
                base = self.path if "other" in self.path else "/u/cal/"
                self.multistatus([self.listed(f"{base}{name}.ics") for name in names] + gone + rest, new_token)
                return
        self.send("403 No", f"<D:error {NAMESPACES}><D:valid-sync-token/></D:error>")

    def response(self, href, inner):
        return f"<D:response><D:href>{href}</D:href>{inner}</D:response>"

    def listed(self, href, etag="1"):
        return self.told(href, f'<D:getetag>"{etag}"</D:getetag>')

    def told(self, href, properties):
        return self.response(href, f"<D:propstat><D:prop>{properties}</D:prop>"
                                   "<D:status>HTTP/1.1 200 OK</D:status></D:propstat>")

    def multistatus(self, responses, token=""):
        token = f"<D:sync-token>{token}</D:sync-token>" if token else ""
        self.send(MULTISTATUS[0], f"<D:multistatus {NAMESPACES}>{''.join(responses)}{token}</D:multistatus>",
                  kind=MULTISTATUS[1])

    def multiget(self, scenario, body):
        hrefs = re.findall(r"<D:href>([^<]*)<", body)
        if scenario == "no_multiget":
            self.send("501 No")
            return
        kept = [href for href in hrefs if not (scenario == "left_out" and href.endswith("/2.ics"))]
        self.multistatus([self.told(href, f"<C:calendar-data>{event(href)}</C:calendar-data>") for href in kept])

    def properties(self):
        kind = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
        own = self.told(self.path, kind)
        items = ["1", "2"] if self.headers.get("Depth") == "1" else []
        self.multistatus([own] + [self.listed(f"/u/cal/{name}.ics") for name in items])

    # Where the fault is more than another page.

    def play_homes(self, _body):
        calendar = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
        hrefs = {"/u/me/": ["/u/own/", "/u/shared/", "http://{host}/u/own"], "/u/own/": ["/u/cal/", "/u/second/"],
                 "/u/shared/": ["/u/third/", "/u/cal/"]}.get(self.path.rstrip("/") + "/", [])
        if self.path == "/.well-known/caldav":
            found = [self.told(self.path, "<D:current-user-principal><D:href>/u/me/</D:href></D:current-user-principal>")]
        elif self.path == "/u/me/":
            homes = "".join(f"<D:href>{href.format(host=self.headers['Host'])}</D:href>" for href in hrefs)
            found = [self.told(self.path, f"<C:calendar-home-set>{homes}</C:calendar-home-set>")]
        elif hrefs:
            found = [self.told(self.path, "<D:resourcetype><D:collection/></D:resourcetype>")]
            found += [self.told(href, calendar) for href in hrefs]
        else:
            found = [self.told(self.path, calendar)]
        self.multistatus(found)

    def play_long_etags(self, body):
        if "sync-collection" in body:
            self.multistatus([self.listed(f"/u/cal/{name}.ics", "x" * LONG) for name in ("1", "2")], "t1")
        else:
            self.serve("well", body)

    def play_too_long_etags(self, body):
        if "sync-collection" in body:
            self.multistatus([self.listed(f"/u/cal/{name}.ics", "x" * LONG) for name in range(20)], "t1")
        else:
            self.serve("well", body)

    def play_long_etag_headers(self, body):
        if "calendar-multiget" in body:
            self.send("501 No")
        elif self.command in ("GET", "PUT"):
            STATE.stored.setdefault(self.path, (body, ""))
            text = STATE.stored[self.path][0] or event(self.path)
            self.send("200 OK" if self.command == "GET" else "201 Made", text, [("ETag", '"' + "x" * LONG + '"')],
                      "text/calendar")
        else:
            self.serve("well", body)

    def play_no_items(self, body):
        # A page is told, and what it names is not to be had.
        if "sync-collection" in body:
            self.serve("changed", body)
        else:
            self.send("503 No")

    def play_no_sync(self, body):
        if "sync-collection" in body:
            self.send("501 No")
        else:
            self.serve("well", body)

    def play_busy_token(self, body):
        if "sync-token>t1<" in body:
            self.send("503 Busy", headers=[("Retry-After", "11")])
        else:
            self.serve("well", body)

    def play_unavailable_token(self, body):
        if "sync-token>t1<" in body:
            self.send("503 Busy")
        else:
            self.serve("well", body)

    def play_failing_token(self, body):
        if "sync-token>t1<" in body:
            self.send("500 No")
        else:
            self.serve("expired", body)

    def play_spellings(self, body):
        if "sync-collection" in body:
            host = self.headers["Host"]
            self.multistatus([self.listed(spelling.format(host=host)) for spelling in SPELLINGS], "t1")
        else:
            self.serve("well", body)

    def play_hollow(self, _body):
        self.multistatus([], "t1")

    def play_other_host(self, _body):
        self.multistatus([self.listed("http://other.example/u/cal/1.ics")], "t1")

    def play_elsewhere(self, _body):
        # The same machine by another name is another origin.
        self.send("302 Found", headers=[("Location", f"http://localhost:{self.server.server_port}/u/other/")])

    def play_moved(self, body):
        if self.path.startswith("/u/cal/") and self.command in ("PROPFIND", "REPORT"):
            self.send("301 Moved", headers=[("Location", self.path.replace("/u/cal/", "/moved/"))])
        else:
            self.serve("well", body)

    def play_loop(self, _body):
        self.send("302 Found", headers=[("Location", self.path)])

    def play_html(self, _body):
        self.send("200 OK", "<!DOCTYPE html><html><body>Log ind</body></html>", kind="text/html")

    def play_doctype(self, _body):
        self.send(MULTISTATUS[0], '<!DOCTYPE a [<!ENTITY b "c">]>' + f"<D:multistatus {NAMESPACES}/>", kind=MULTISTATUS[1])

    def play_deep(self, _body):
        self.send(MULTISTATUS[0], f"<D:multistatus {NAMESPACES}>" + "<a>" * 200000 + "</a>" * 200000 + "</D:multistatus>")

    def play_cut(self, _body):
        self.send_response_only(207, "Multi-Status")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(f"<D:multistatus {NAMESPACES}>{self.listed('/u/cal/1.ics')}".encode())
        self.close_connection = True

    def play_drip(self, _body):
        self.send_response_only(207, "Multi-Status")
        self.end_headers()
        while True:
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    def play_huge(self, _body):
        self.send_response_only(207, "Multi-Status")
        self.end_headers()
        while True:
            self.wfile.write(b"<a/>" * 100000)

    # Writing.

    def store(self, scenario, body):
        name = self.path.rsplit("/", 1)[1]
        if self.command == "GET":
            if self.path in STATE.stored:
                text, etag = STATE.stored[self.path]
                self.send("200 OK", text, [("ETag", etag)], "text/calendar")
            elif name.startswith("e-"):
                self.send("404 No")
            else:
                self.send("200 OK", event(name), [("ETag", '"1"')], "text/calendar")
            return
        STATE.puts.append(body)
        if scenario == "hidden_412" and self.command == "PUT":
            self.multistatus([self.response(self.path, "<D:status>HTTP/1.1 412 No</D:status>")])
            return
        known = STATE.stored.get(self.path)
        asked = self.headers.get("If-Match")
        if scenario in ("raced", "raced_always") and known:
            # Somebody sets an alarm just before.
            if scenario == "raced_always" or known[1] == '"1"':
                number = len(STATE.puts) + 1
                STATE.stored[self.path] = (known[0].replace("END:VEVENT", ALARM + "END:VEVENT"), f'"{number}"')
                known = STATE.stored[self.path]
        if (asked and asked != known[1]) or (self.headers.get("If-None-Match") and known):
            self.send("412 No")
            return
        STATE.stored[self.path] = (body, '"1"' if known is None else '"9"')
        self.send("201 Made", headers=[] if scenario == "no_etag" else [("ETag", STATE.stored[self.path][1])])


def main(port_file, certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(server.server_port))
    os.rename(port_file + ".new", port_file)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
