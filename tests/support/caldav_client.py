#!/usr/bin/python3
"""A second client of a calendar, by python3-caldav.

Usage: caldav_client.py URL USER PASSWORD PATH write COUNT | read

"write" makes so many events and changes each once; "read" prints what the calendar holds.
"""
import datetime
import sys

import caldav


def text(number, day):
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Another//Client//DA", "BEGIN:VEVENT",
        f"UID:second-client-{number}", "DTSTAMP:20260101T000000Z",
        f"DTSTART:{day:%Y%m%d}T{8 + number % 10:02}0000Z", "DURATION:PT30M", f"SUMMARY:First {number}",
        "END:VEVENT", "END:VCALENDAR", ""])


def main(url, user, password, path, verb, count="0"):
    calendar = caldav.DAVClient(url, username=user, password=password).calendar(url=url + path)
    if verb == "read":
        for event in calendar.events():
            print(event.data.replace("\r", ""))
        return
    day = datetime.date.today() + datetime.timedelta(days=3)
    for number in range(int(count)):
        made = calendar.save_event(text(number, day))
        made.data = made.data.replace(f"First {number}", f"Second {number}")
        made.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
