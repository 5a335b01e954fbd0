"""A login provider for journeys, and a browser in which people sign in at it."""
import html.parser
import http.cookiejar
import json
import select
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import demo

PROVIDER = demo.ROOT / "tests" / "support" / "login_provider.mjs"
LIMIT_SECONDS = 30


class Provider:
    """A real login provider on this machine; ends with its input."""

    def __init__(self, case, *tls):
        words = ["node", PROVIDER, "first"] + (["0", *tls] if tls else [])
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        case.addCleanup(self.stop)
        self.port = int(self.answer("start"))

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.answer(question)

    def answer(self, question):
        # It writes one line for each question, so none waits in Python's buffer.
        if not select.select([self.process.stdout], [], [], LIMIT_SECONDS)[0]:
            raise AssertionError(f"the login provider has not answered to {question[:40]!r}")
        return self.process.stdout.readline().strip()

    def token(self, role, municipality, *departments):
        self.ask("claims " + json.dumps({"roles": [role], "municipality_code": municipality,
                                         "department_ids": list(departments)}))
        return self.ask("token")

    def stop(self):
        """Kills it when its input's end does not end it: how Node stops is not what is tested."""
        try:
            self.process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


class Form(html.parser.HTMLParser):
    """The first form of a page: where it goes, and what stands in it."""

    def __init__(self, page):
        super().__init__()
        self.action = None
        self.fields = {}
        self.done = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if self.done:
            return
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input" and self.action is not None:
            self.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        self.done = self.done or tag == "form"


class Returning(urllib.request.HTTPRedirectHandler):
    """Follows the provider's redirects, but not the one to the web page, which it keeps."""

    back = None
    came_back_to = None

    def redirect_request(self, request, answer, code, message, headers, url):
        if self.back is not None and url.startswith(self.back):
            self.came_back_to = url
            return None
        return super().redirect_request(request, answer, code, message, headers, url)


class Browser:
    """Somebody who signs in; knows of pages only what stands in their forms."""

    def __init__(self, ca_file=None):
        context = ssl.create_default_context(cafile=ca_file)
        self.returning = Returning()
        self.opener = urllib.request.build_opener(
            self.returning,
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.HTTPSHandler(context=context))
        self.url = None

    def open(self, url, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        with self.opener.open(url, data, timeout=LIMIT_SECONDS) as answer:
            self.url = answer.geturl()
            return answer.read().decode()

    def submit(self, page, **values):
        form = Form(page)
        return self.open(urllib.parse.urljoin(self.url, form.action), form.fields | values)

    def enter_code(self, verification_uri, code):
        """Answers with the page that asks whether that is the code that is shown."""
        return self.submit(self.open(verification_uri), user_code=code)

    def approve(self, verification_uri, code):
        page = self.enter_code(verification_uri, code)
        for _ in range(6):
            if "Sign-in Success" in page:
                return
            fields = Form(page).fields
            page = self.submit(page, **({"login": "mette", "password": "x"} if "login" in fields else {}))
        raise AssertionError(f"the sign-in did not succeed: {page[-500:]}")

    def sign_in(self, authorization_url, back, name="mette"):
        """Answers with the address of the web page that the browser is sent back to."""
        self.returning.back, self.returning.came_back_to = back, None
        steps = iter(range(6))
        try:
            page = self.open(authorization_url)
            while next(steps, None) is not None:
                fields = Form(page).fields
                page = self.submit(page, **({"login": name, "password": "x"} if "login" in fields else {}))
        except urllib.error.HTTPError:
            # That is how the opener ends with a redirect that is not followed.
            if self.returning.came_back_to is None:
                raise
        return self.returning.came_back_to

    def refuse(self, verification_uri, code):
        self.submit(self.enter_code(verification_uri, code), abort="yes")
