"""A CalDAV server that only answers, so that what is measured is who asks: CALENDARS calendars of EVENTS events each.

Usage: calendar_server.py PORT_FILE CALENDARS EVENTS; ends at the end of standard input. PUT /change changes as many
events as its body says, in one calendar after the other.
"""
import datetime
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEAD = '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
OK = "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
MORE = "X-NOTE:" + "x" * 200


def event(calendar, number):
    day = datetime.date.today() + datetime.timedelta(days=number % 260 - 175)
    # Every tenth is a meeting with an association.
    guest = "kontakt@lawan.example" if number % 10 == 0 else f"borger{number}@fjordby.example"
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bench//DA", "BEGIN:VEVENT", f"UID:{calendar}-{number}",
                        "DTSTAMP:20260101T000000Z", f"DTSTART;TZID=Europe/Copenhagen:{day:%Y%m%d}T100000", "DURATION:PT1H",
                        "SUMMARY:Møde", MORE, f"ATTENDEE:mailto:{guest}", "END:VEVENT", "END:VCALENDAR", ""])


def listed(href):
    return f'<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag></D:prop>{OK}'


class Calendars:
    def __init__(self, count, events):
        self.count, self.events = count, events
        # A token counts the changes; of each calendar, which event changed with which.
        self.changes = [[] for _ in range(count)]
        self.requests = 0

    def change(self, number):
        for at in range(number):
            calendar = self.changes[at % self.count]
            calendar.append((len(calendar) * 37 + at // self.count) % self.events)

    def report(self, path, body):
        self.requests += 1
        calendar = int(path.strip("/").split("/")[1])
        if "calendar-multiget" in body:
            return HEAD + "".join(
                f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><C:calendar-data>"
                f"{event(calendar, int(href.rsplit('/', 1)[1][:-4]))}</C:calendar-data></D:prop>{OK}"
                for href in re.findall("<D:href>([^<]*)<", body)) + "</D:multistatus>"
        changes = self.changes[calendar]
        token = re.search("sync-token>t([0-9]+)<", body)
        numbers = sorted(set(changes[int(token[1]):])) if token else range(self.events)
        return (HEAD + "".join(listed(f"{path}{number}.ics") for number in numbers)
                + f"<D:sync-token>t{len(changes)}</D:sync-token></D:multistatus>")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body go out in two pieces, and the second must not wait for an answer to the first.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        calendars = self.server.calendars
        if self.path == "/change":
            calendars.change(int(body))
            self.send(200, "")
        elif self.path == "/requests":
            self.send(200, str(calendars.requests))
        elif self.command == "REPORT":
            self.send(207, calendars.report(self.path, body))
        else:
            self.send(207, f"{HEAD}<D:response><D:href>{self.path}</D:href><D:propstat><D:prop><D:resourcetype>"
                           f"<D:collection/><C:calendar/></D:resourcetype></D:prop>{OK}</D:multistatus>")

    do_GET = do_PUT = do_PROPFIND = do_REPORT = answer

    def send(self, status, text):
        data = text.encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main(port_file, count, events):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.calendars = Calendars(int(count), int(events))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(server.server_port))
    os.rename(port_file + ".new", port_file)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
