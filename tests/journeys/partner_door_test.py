"""A volunteer centre's system reads partners over HTTP: as JSON, as HSDS and as a table, with the
centre's own key. What it is told is what the key may, in every form."""
import csv
import gzip
import io
import json
import pathlib
import re
import shutil
import ssl
import sys
import tempfile
import time
import unittest

import grpc
import jsonschema

import demo
from door import Door, fetch
from proxy import Authority, Proxy

sys.path.insert(0, str(demo.BUILD / "gen" / "python"))
from brobygger.discovery.v1 import partner_calls_pb2 as discovery  # noqa: E402

SCHEMAS = demo.ROOT / "tests" / "fixtures" / "schemas"
FIND_PARTNERS = "/brobygger.discovery.v1.DiscoveryService/FindPartners"
CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
[web]
{more}
"""
PERSON = "Solveig Fortrolig"
GRANT = "Sommerlejr for unge i Nordbyen"
CAFE = "Lektiecaféen Nordbyen"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# All that a partner may be told with over /v1.
MEMBERS = {"id", "name", "other_names", "municipality", "status", "purpose", "area", "postal_districts", "places", "themes",
           "audiences", "languages", "activities", "capacity", "last_confirmed", "updated", "identifiers", "contact",
           "reasons", "title", "description", "age_bands", "recurrence_rule", "place", "price_oere",
           "open_to_public", "fits", "scheme", "value", "emails", "phones", "websites", "field", "how", "asked",
           "found", "da", "en", "partners", "total", "next_page_token"}
# Members of HSDS that are about persons, money or what others say of an association.
NEVER = {"contacts", "funding", "attention", "metadata", "note", "programs", "cost_options"}

FORMATS = jsonschema.FormatChecker(formats=())
FORMATS.checks("uuid")(lambda text: UUID.fullmatch(text) is not None)
FORMATS.checks("date-time")(
    lambda text: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text) is not None)


def schema(name):
    return json.loads(gzip.decompress((SCHEMAS / f"{name}.json.gz").read_bytes()))


def validator(wanted):
    return jsonschema.Draft202012Validator(wanted, format_checker=FORMATS)


def members(value):
    """Names of all members, at every depth."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


class DoorCase(demo.DemoCase):
    """A hub with a door, a centre that has a key, and what it may and may not be told."""

    def setUp(self):
        super().setUp()
        self.sync_both()
        (self.state / "more.toml").write_text(CONFIG.format(state=self.state, more=self.web_config()))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0)
        self.fill()
        self.key = self.make_key("Frivilligcenter Fjordby")
        self.door = Door(self, self.state / "hub.toml")
        self.await_search()

    def web_config(self):
        return 'listen = "127.0.0.1:0"'

    def fill(self):
        """What a centre may be told, and beside it what it never may."""
        self.ids = {each["officialName"]: each["id"] for each in self.associations()}
        self.cafe = self.ids[CAFE]
        activities = json.dumps([
            {"id": "lektier", "title": "Lektiecafé", "themes": ["THEME_SCHOOL_AND_HOMEWORK"],
             "audiences": ["AUDIENCE_CHILDREN"], "language_codes": ["ar"], "recurrence_rule": "FREQ=WEEKLY;BYDAY=TH",
             "place": "Biblioteket i Nordbyen", "capacity": 25, "price_oere": 0, "status": "ACTIVITY_STATUS_ACTIVE"},
            {"id": "kor", "title": "Kor", "themes": ["THEME_CULTURE"], "status": "ACTIVITY_STATUS_ACTIVE"}])
        self.succeed("association", "update", self.cafe, "--set", f"activities={activities}", "--set",
                     "coverage_area=Nordbyen")
        for identifier in self.ids.values():
            self.succeed("association", "consent", identifier, "--volunteer-centres", "yes", "--contact", "yes",
                         "--evidence", "brev")
        self.succeed("--purpose", "collaboration", "person", "add", "--name", PERSON, "--email", "solveig@privat.example", "--association",
                     self.cafe, "--function", "contact-person", "--basis", "consent", "--sensitive-basis",
                     "article-9-2-a", "--evidence", "blanket 12", "--expires", "2027-05-01")
        self.succeed("department", "create", "Integration", "--municipality", "0998")
        self.succeed("touchpoint", "add", self.cafe, "--department", "Integration", "--role", "konsulent", "--by",
                     "municipality")

    def make_key(self, title, *words):
        return self.succeed("access", "key", "create", title, "--municipality", "0998", "--role",
                            "volunteer-centre", *words, "-o", "json").json["key"]

    def await_search(self):
        end = time.monotonic() + demo.LIMIT_SECONDS
        while self.get("/v1/partners?q=lektiecafe").json.get("total") != 1:
            self.assertLess(time.monotonic(), end, self.get("/v1/partners").text[:500])
            time.sleep(0.1)

    def get(self, target, key=None, **fields):
        return self.door.fetch(target, key or self.key, **fields)

    def ok(self, target, key=None):
        told = self.get(target, key)
        self.assertEqual(told.status, 200, f"{target}: {told.text[:500]}")
        return told

    def pages(self, target):
        """Contents of all HSDS pages."""
        contents, page = [], 1
        while True:
            joined = f"{target}{'&' if '?' in target else '?'}per_page=7&page={page}"
            told = self.ok(joined).json
            contents += told["contents"]
            if told["last_page"]:
                self.assertEqual(len(contents), told["total_items"])
                return contents
            page += 1

    def by_grpc(self, **criteria):
        with grpc.insecure_channel(f"unix:{self.state}/run/people.sock",
                                   [("grpc.default_authority", "localhost")]) as channel:
            find = channel.unary_unary(FIND_PARTNERS, discovery.FindPartnersRequest.SerializeToString,
                                       discovery.FindPartnersResponse.FromString)
            request = discovery.FindPartnersRequest(page_size=500)
            for name, value in criteria.items():
                field = getattr(request.criteria, name)
                if isinstance(field, str):
                    setattr(request.criteria, name, value)
                else:
                    field.extend(value)
            answer = find(request, timeout=30, metadata=[("authorization", f"Bearer {self.key}")])
        return [partner.association_id for partner in answer.partners]

    def by_csv(self, query=""):
        text = self.ok("/v1/partners.csv" + query).body.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))


class PartnerDoorTest(DoorCase):
    def test_the_same_question_gets_the_same_associations_in_every_form(self):
        every = self.by_grpc()
        self.assertGreater(len(every), 50)
        self.assertEqual([each["id"] for each in self.pages("/hsds/organizations")], every)
        self.assertEqual([row["Id"] for row in self.by_csv()], every)
        told, token = [], ""
        while True:
            page = self.ok(f"/v1/partners?page_size=9&page_token={token}").json
            told += [each["id"] for each in page["partners"]]
            token = page.get("next_page_token", "")
            if not token:
                break
        self.assertEqual(told, every)

        # "Who can run a homework cafe in the north end on Thursdays, in Arabic?"
        question = "?q=lektiecafe&area=nordbyen&weekday=torsdag&language=ar"
        asked = self.by_grpc(query="lektiecafe", areas=["nordbyen"], weekdays=["torsdag"], language_codes=["ar"])
        self.assertEqual(asked, [self.cafe])
        answer = self.ok("/v1/partners" + question).json
        self.assertEqual([each["id"] for each in answer["partners"]], asked)
        self.assertTrue(answer["partners"][0]["reasons"])
        self.assertEqual([each["fits"] for each in answer["partners"][0]["activities"]], [True, False])
        self.assertEqual([row["Id"] for row in self.by_csv(question)], asked)
        found = self.pages("/hsds/organizations?search=lektiecafe+area:nordbyen+weekday:torsdag+language:ar")
        self.assertEqual([each["id"] for each in found], asked)
        wrong = self.get("/v1/partners?weekday=fredag,someday")
        self.assertEqual((wrong.status, wrong.json["facts"]["field"]), (400, "weekday"))
        self.assertIn("thursday", wrong.json["facts"]["allowed"])
        none = self.ok("/v1/partners?theme=library&weekday=monday").json
        self.assertEqual(none["partners"], [])

    def test_every_text_fits_the_published_schemas(self):
        checks = {name: validator(schema(name)) for name in ("organization", "organization_list", "service",
                                                             "service_list")}
        term = schema("service")["properties"]["attributes"]["items"]["properties"]["taxonomy_term"]
        checks["taxonomy_term"] = validator(term)
        checks["taxonomy"] = validator(term["properties"]["taxonomy_detail"])

        def check(name, value):
            told = [f"{list(error.absolute_path)}: {error.message}" for error in checks[name].iter_errors(value)]
            self.assertEqual(told, [], name)

        lists = [("organization_list", "/hsds/organizations"), ("organization", "/hsds/organizations?full=true"),
                 ("organization", "/hsds/organizations?full_service=true"), ("service_list", "/hsds/services"),
                 ("service", "/hsds/services?full=true"), ("taxonomy_term", "/hsds/taxonomy_terms"),
                 ("taxonomy", "/hsds/taxonomies")]
        for name, target in lists:
            contents = self.pages(target)
            self.assertTrue(contents)
            for each in contents:
                check(name, each)
        check("organization", self.ok(f"/hsds/organizations/{self.cafe}?full_service=true").json)
        services = self.pages("/hsds/services")
        self.assertEqual({each["name"] for each in services if each["organization_id"] == self.cafe},
                         {"Lektiecafé", "Kor"})
        for each in services:
            service = self.ok(f"/hsds/services/{each['id']}").json
            check("service", service)
            self.assertEqual(service["organization"]["id"], each["organization_id"])
        document = self.ok("/hsds/openapi.json").json
        self.assertEqual(self.ok("/hsds/").json["openapi_url"].rsplit("/hsds", 1)[1], "/openapi.json")
        for path in document["paths"]:
            target = path.replace("{id}", self.cafe if "organizations" in path else "0" * 8)
            self.assertIn(self.get(target).status, (200, 404), target)

    def test_no_text_holds_a_person_a_grant_or_a_note(self):
        targets = ["/v1/partners?page_size=500", f"/v1/partners/{self.cafe}", "/v1/partners.csv",
                   "/hsds/organizations?full_service=true&per_page=500", f"/hsds/organizations/{self.cafe}",
                   "/hsds/services?full=true&per_page=500"]
        grants = {each["title"] for each in self.succeed("grant", "list", "--all", "-o", "json")
                  .json["applications"] if each.get("title")}
        self.assertIn(GRANT, grants)
        notes = {row[0] for row in self.ask_grants("SELECT sagsnote FROM ansoeger WHERE sagsnote <> ''")}
        self.assertTrue(notes)
        for target in targets:
            told = self.ok(target)
            for secret in {PERSON, "solveig@privat", "konsulent", *notes}:
                self.assertNotIn(secret, told.text, target)
            for grant in grants:
                self.assertNotIn(f'"{grant}"', told.text, target)
            if target.startswith("/v1/partners.csv"):
                continue
            self.assertEqual(members(told.json) & NEVER, set(), target)
            if target.startswith("/v1"):
                self.assertEqual(members(told.json) - MEMBERS, set(), target)

    def test_a_field_that_was_not_granted_is_not_there_and_cannot_be_asked_by(self):
        narrow = self.make_key("Frivilligcenter Smal", "--field", "theme,activity")
        told = self.ok(f"/v1/partners/{self.cafe}", narrow).json
        self.assertEqual(set(told), {"id", "name", "themes", "activities"})
        self.assertEqual(self.ok("/v1/partners?theme=culture", narrow).json["total"], 1)
        for query in ("language=ar", "area=nordbyen", "weekday=torsdag", "capacity=20",
                      "updated_since=2020-01-01", "q=language:ar"):
            refused = self.get("/v1/partners?" + query, narrow)
            self.assertEqual((refused.status, refused.json["reason"]), (400, "QUERY_INVALID"), query)
            self.assertEqual(self.get("/v1/partners.csv?" + query, narrow).status, 400, query)
        self.assertEqual(self.get("/hsds/services?modified_after=2020-01-01", narrow).status, 400)
        organization = self.ok(f"/hsds/organizations/{self.cafe}", narrow).json
        self.assertEqual(set(organization), {"id", "name", "description", "services"})
        heading = self.ok("/v1/partners.csv", narrow).body.decode("utf-8-sig").splitlines()[0]
        self.assertEqual(heading, "Id;Navn;Aktiviteter;Temaer")

    def test_a_key_is_asked_for_looked_at_each_time_and_counted(self):
        nothing = self.door.fetch("/v1/partners")
        self.assertEqual(nothing.status, 401)
        self.assertEqual(nothing.fields["WWW-Authenticate"], 'Bearer realm="brobygger"')
        self.assertEqual(nothing.fields["Content-Type"], "application/problem+json")
        wrong = self.get("/v1/partners", self.key[:-3] + "AAA")
        self.assertEqual((wrong.status, wrong.json["reason"]), (401, "NOT_SIGNED_IN"))
        self.assertEqual(self.door.fetch("/v1/partners", **{"X-Api-Key": self.key}).status, 200)

        tag = self.ok("/v1/partners").fields["ETag"]
        same = self.get("/v1/partners", **{"If-None-Match": tag})
        self.assertEqual((same.status, same.body), (304, b""))

        few = self.make_key("Frivilligcenter Sparsom", "--calls-per-minute", "5")
        answers = [self.get("/v1/partners", few) for _ in range(7)]
        self.assertEqual(answers[0].status, 200)
        self.assertEqual((answers[-1].status, answers[-1].json["reason"]), (429, "QUOTA_EXCEEDED"))
        self.assertGreater(int(answers[-1].fields["Retry-After"]), 0)

        self.ok("/hsds/organizations?per_page=7")
        identifier = re.match(r"bb_([0-9a-f]{16})_", self.key)[1]
        self.succeed("access", "key", "revoke", identifier)
        for target in ("/v1/partners", "/v1/partners.csv", "/hsds/organizations?per_page=7&page=2",
                       f"/hsds/organizations/{self.cafe}"):
            told = self.get(target)
            self.assertEqual((told.status, told.json["reason"]), (401, "NOT_SIGNED_IN"), target)
        for text in ["".join(self.door.log), (self.state / "hub.log").read_text()]:
            self.assertNotIn(self.key, text)
            self.assertNotIn(self.key.split("_", 2)[2], text)

        self.assertEqual(self.fjordby("stop").returncode, 0)
        away = self.get("/v1/partners")
        self.assertEqual((away.status, away.fields["Retry-After"]), (503, "5"))

    def test_what_changes_here_is_told_at_once(self):
        self.succeed("association", "consent", self.cafe, "--volunteer-centres", "no", "--evidence", "brev")
        self.assertEqual(self.get(f"/v1/partners/{self.cafe}").status, 404)
        self.assertEqual(self.get(f"/hsds/organizations/{self.cafe}").status, 404)
        end = time.monotonic() + demo.LIMIT_SECONDS
        while self.cafe in [each["id"] for each in self.pages("/hsds/organizations")]:
            self.assertLess(time.monotonic(), end)

    def test_a_hub_reads_what_a_hub_publishes(self):
        port = self.door.address.rsplit(":", 1)[1]
        secret = self.state / "centre.key"
        secret.write_text(self.key)
        secret.chmod(0o600)
        (self.state / "spejl.toml").write_text(f"""
id = "spejl"
title = "Et andet register"
plugin = "centres.hsds"
family = "centres"
default_municipality_code = "0998"
[config]
url = "{self.door.address}/hsds"
key_header = "X-API-Key"
page_size = 20
[secrets]
api_key = "file:{secret}"
[jail]
tcp_ports = [{port}]
resolve_names = true
[[mapping]]
source = "name"
target = "official_name"
[[mapping]]
source = "activities"
target = "activities"
""")
        self.succeed("connection", "create", "--file", str(self.state / "spejl.toml"))
        checked = self.succeed("connection", "check", "spejl", "-o", "json").json
        self.assertEqual(checked["visibleRecords"]["associations"], str(len(self.by_grpc())))
        plan = self.run_command("sync", "plan", "spejl")
        self.assertIn(plan.code, (0, 10), plan.talk)
        rejected = self.succeed("sync", "rejected", "spejl", "-o", "json").json
        self.assertEqual(rejected.get("records", []), [])


class BehindNginxTest(DoorCase):

    def web_config(self):
        return 'listen = "127.0.0.1:0"\naddress_field = "X-Real-IP"\npublic_url = "https://hub.fjordby.example"'

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-door-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()
        ours = Authority(self.folder, "ours")
        address = self.door.address.removeprefix("http://")
        self.proxy = Proxy(self, self.folder / "nginx", self.state / "run" / "people.sock", ours.sign("localhost"),
                           ours, [("127.0.0.1:8480", address)])
        self.context = ssl.create_default_context(cafile=ours.certificate)

    def through(self, target, key=None, **fields):
        return fetch(f"https://localhost:{self.proxy.port}{target}", key, fields, self.context)

    def test_partners_are_told_through_it_and_a_guesser_has_one_address(self):
        self.assertEqual(self.through("/v1/partners", self.key).status, 200)
        self.assertEqual(self.through("/hsds/organizations", self.key).status, 200)
        self.assertEqual(self.through("/hsds/").json["profile"], "https://hub.fjordby.example/hsds/profile")
        self.assertEqual(self.through("/healthz").status, 404)
        self.assertEqual(self.through("/v1").status, 404)
        # A client cannot say that it comes from elsewhere each time.
        guess = self.key[:-3] + "AAA"
        answers = [self.through("/v1/partners", guess, **{"X-Real-IP": f"192.0.2.{number}",
                                                          "Brobygger-Client-Address": f"192.0.2.{number}"})
                   for number in range(12)]
        self.assertEqual([answer.status for answer in answers], [401] * 10 + [429] * 2)
        self.assertEqual(answers[-1].json["reason"], "TOO_MANY_TRIES")
        self.assertGreater(int(answers[-1].fields["Retry-After"]), 0)
        # Whoever comes from elsewhere is not shut out with it: here the door's own neighbour.
        self.assertEqual(self.get("/v1/partners", **{"X-Real-IP": "192.0.2.200"}).status, 200)


if __name__ == "__main__":
    unittest.main()
