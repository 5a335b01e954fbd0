#include "core/daemon/demo_sign_ins.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/access/token_refusal.h"
#include "core/base/error.h"
#include "core/daemon/sign_in_parts.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::daemon {
namespace {

namespace v1 = access::v1;

constexpr char kPeople[] = R"(
[[person]]
key = "caseworker"
title_da = "Sagsbehandler i Kultur og Fritid"
title_en = "Case worker"
roles = ["caseworker"]
municipality = "0998"
department_id = "d-1"

[[person]]
key = "centre"
title_da = "Frivilligcenter"
title_en = "Volunteer centre"
roles = ["volunteer-centre"]
municipality = "0998"
)";

// A hub's parts, for a demo unless the configuration is changed before Open().
class Demo {
 public:
  Demo() {
    config.data_dir = (folder_.path() / "data").string();
    config.access_demo_people = (folder_.path() / "people.toml").string();
    Write(kPeople);
  }

  void Write(const std::string& people) const {
    const std::filesystem::path path = config.access_demo_people;
    std::ofstream(path, std::ios::trunc) << people;
    // A file that is written twice within one tick of the disk's clock looks unchanged.
    const auto written = std::filesystem::last_write_time(path);
    std::filesystem::last_write_time(path, written + std::chrono::seconds(++writes_));
  }

  absl::Status Open() {
    auto opened = OpenAccess(config, clock, *store_, std::make_shared<const ConnectionTable>());
    if (!opened.ok()) return opened.status();
    access = *std::move(opened);
    auto made = OpenSignIns(config, clock, access);
    if (made.ok()) sign_ins = *std::move(made);
    return made.status();
  }

  std::string Refusal() {
    const absl::Status status = Open();
    CHECK(absl::IsFailedPrecondition(status));
    return std::string(status.message());
  }

  absl::StatusOr<v1::SignIn> SignIn(const std::string& key) const {
    v1::DemoSignInRequest request;
    request.set_person_key(key);
    auto answer = sign_ins->Demo(request);
    if (!answer.ok()) return answer.status();
    return answer->sign_in();
  }

  absl::StatusOr<v1::SignIn> Renew(const std::string& refresh_token) const {
    v1::RenewSignInRequest request;
    request.set_refresh_token(refresh_token);
    auto answer = sign_ins->Renew(request);
    if (!answer.ok()) return answer.status();
    return answer->sign_in();
  }

  void End(const std::string& refresh_token) const {
    v1::EndSignInRequest request;
    request.set_refresh_token(refresh_token);
    const auto answer = sign_ins->End(request);
    REQUIRE(answer.ok());
    CHECK(answer->end_session_url().empty());
  }

  std::variant<Known, Unknown> Judge(const std::string& token) const {
    return access.credentials->Judge({.bearer = token, .certificate = ""});
  }
  // Why the token is not taken; "" if it is.
  std::string WhyNot(const std::string& token) const {
    const auto judged = Judge(token);
    const auto* unknown = std::get_if<Unknown>(&judged);
    return unknown == nullptr ? "" : unknown->why;
  }

  support::FakeClock clock;
  Config config;
  AccessParts access;
  std::unique_ptr<rpc::SignIns> sign_ins;

 private:
  support::TempFolder folder_;
  mutable int writes_ = 0;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock);
};

std::string ReasonIn(const absl::Status& status) { return base::ErrorMetadata(status, "why"); }

}  // namespace

TEST_CASE("a person of a demo is known as a login provider's people are", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto ways = demo.sign_ins->Ways();
  REQUIRE(ways.demo_people_size() == 2);
  CHECK(ways.provider_host().empty());
  CHECK(ways.demo_people(0).key() == "caseworker");
  CHECK(ways.demo_people(0).title_da() == "Sagsbehandler i Kultur og Fritid");
  CHECK(ways.demo_people(0).roles(0) == "caseworker");

  const auto got = demo.SignIn("caseworker");
  REQUIRE(got.ok());
  CHECK(got->display_name() == "Sagsbehandler i Kultur og Fritid");
  CHECK(got->id_token().empty());
  const auto judged = demo.Judge(got->access_token());
  const auto* known = std::get_if<Known>(&judged);
  REQUIRE(known != nullptr);
  CHECK(known->who.kind == access::CallerKind::kEmployee);
  CHECK(known->who.roles == std::vector<std::string>{"caseworker"});
  CHECK(known->who.municipality_code == "0998");
  CHECK(known->who.department_id == "d-1");
  // Two persons are two actors.
  const auto centre = demo.Judge(demo.SignIn("centre")->access_token());
  CHECK(std::get<Known>(centre).who.actor != known->who.actor);
}

TEST_CASE("a person whose only role is the volunteer centres' is a volunteer centre", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto centre = demo.Judge(demo.SignIn("centre")->access_token());
  CHECK(std::get<Known>(centre).who.kind == access::CallerKind::kVolunteerCentre);
  std::string both = kPeople;
  both.replace(both.find("[\"volunteer-centre\"]"), 20, "[\"volunteer-centre\", \"caseworker\"]");
  demo.Write(both);
  demo.clock.Advance(std::chrono::seconds(2));
  const auto employee = demo.Judge(demo.SignIn("centre")->access_token());
  CHECK(std::get<Known>(employee).who.kind == access::CallerKind::kEmployee);
}

TEST_CASE("a demo's token ends within the hour, and another hub never takes it", "[sign_in]") {
  Demo demo;
  Demo other;
  REQUIRE(demo.Open().ok());
  REQUIRE(other.Open().ok());
  const auto got = demo.SignIn("caseworker");
  REQUIRE(got.ok());
  CHECK(demo.WhyNot(got->access_token()).empty());
  CHECK(other.WhyNot(got->access_token()) == std::string("UnknownKey"));
  CHECK(kDemoTokenLife <= access::kLongestLife);
  const auto now = std::chrono::floor<std::chrono::seconds>(demo.clock.Now());
  CHECK(got->expire_time().seconds() == (now + kDemoTokenLife).time_since_epoch().count());
  demo.clock.Advance(kDemoTokenLife + access::kLeeway);
  CHECK(demo.WhyNot(got->access_token()) == std::string("Expired"));
}

TEST_CASE("a hub with a login provider takes no token of a demo", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto issuer = DemoIssuer::Make("brobygger");
  REQUIRE(issuer.ok());
  const auto keys = access::ParseKeySet((*issuer)->keys());
  REQUIRE(keys.ok());
  access::Issuer real;
  real.issuer = "https://login.fjordby.example";
  real.audience = "brobygger";
  const auto token = (*issuer)->TokenFor({.key = "x", .roles = {"caseworker"}}, demo.clock.Now());
  REQUIRE(token.ok());
  // Not even with its key.
  CHECK(access::RefusalOf(access::VerifyToken(*token, real, *keys, demo.clock.Now()).status()) ==
        access::TokenRefusal::kWrongIssuer);
  CHECK(access::VerifyToken(*token, (*issuer)->issuer(), *keys, demo.clock.Now()).ok());
}

TEST_CASE("a demo's sign-in goes on until it is ended, for twelve hours", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto got = demo.SignIn("caseworker");
  demo.clock.Advance(kDemoTokenLife + access::kLeeway);
  const auto renewed = demo.Renew(got->refresh_token());
  REQUIRE(renewed.ok());
  CHECK(demo.WhyNot(renewed->access_token()).empty());
  CHECK(renewed->refresh_token() == got->refresh_token());
  demo.End(got->refresh_token());
  CHECK(ReasonIn(demo.Renew(got->refresh_token()).status()) == "wrong_refresh_token");
  demo.End("nobody's");
  CHECK(ReasonIn(demo.Renew("").status()) == "wrong_refresh_token");

  const auto later = demo.SignIn("caseworker");
  demo.clock.Advance(kDemoSignInLife);
  CHECK(ReasonIn(demo.Renew(later->refresh_token()).status()) == "ended");
}

TEST_CASE("whom a demo knows follows the file, and nobody else signs in", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto got = demo.SignIn("centre");
  const std::string people = kPeople;
  demo.Write(people.substr(0, people.rfind("[[person]]")));
  demo.clock.Advance(std::chrono::seconds(2));
  CHECK(demo.sign_ins->Ways().demo_people_size() == 1);
  CHECK(ReasonIn(demo.Renew(got->refresh_token()).status()) == "ended");
  const auto refused = demo.SignIn("centre");
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
  // A mistake changes nothing.
  demo.Write("[[person]]\nkey = 'X'\n");
  demo.clock.Advance(std::chrono::seconds(2));
  CHECK(demo.sign_ins->Ways().demo_people_size() == 1);
  // There is no login provider to go to.
  CHECK(ReasonIn(demo.sign_ins->Begin({}).status()) == "not_configured");
  CHECK(ReasonIn(demo.sign_ins->Finish({}).status()) == "not_configured");
}

TEST_CASE("the ones who signed in first give way when there are too many", "[sign_in]") {
  Demo demo;
  REQUIRE(demo.Open().ok());
  const auto first = demo.SignIn("caseworker");
  demo.clock.Advance(std::chrono::seconds(1));
  const auto second = demo.SignIn("caseworker");
  for (std::size_t i = 0; i + 1 < kMostDemoSignIns; ++i) REQUIRE(demo.SignIn("centre").ok());
  CHECK_FALSE(demo.Renew(first->refresh_token()).ok());
  CHECK(demo.Renew(second->refresh_token()).ok());
}

TEST_CASE("a demo does not start where others could reach it", "[sign_in]") {
  Demo demo;
  SECTION("a login provider beside it") {
    demo.config.access_issuer = "https://login.fjordby.example";
    demo.config.access_keys_url = "https://login.fjordby.example/jwks";
    CHECK(demo.Refusal().find("access.issuer") != std::string::npos);
  }
  SECTION("a door that listens to others") {
    demo.config.web_listen = "0.0.0.0:8480";
    CHECK(demo.Refusal().find("web.listen") != std::string::npos);
  }
  SECTION("a door that may") {
    demo.config.web_beyond_loopback = true;
    CHECK(demo.Refusal().find("web.beyond_loopback") != std::string::npos);
  }
  SECTION("a server in front of the door") {
    demo.config.web_public_url = "https://hub.fjordby.example";
    CHECK(demo.Refusal().find("web.public_url") != std::string::npos);
  }
  SECTION("a web client of a login provider") {
    demo.config.access_web_client_id = "brobygger-web";
    CHECK(demo.Refusal().find("access.web_client_id") != std::string::npos);
  }
  SECTION("no such file") {
    demo.config.access_demo_people += "-not";
    CHECK(demo.Refusal().find("access.demo_people") != std::string::npos);
  }
  SECTION("its own machine's address is good") {
    demo.config.web_listen = "[::1]:9000";
    demo.config.web_public_url = "http://localhost:9000";
    CHECK(demo.Open().ok());
  }
}

TEST_CASE("a demo's file with a mistake is refused with its line", "[sign_in]") {
  const std::string good = "[[person]]\nkey = 'a'\ntitle_da = 'A'\ntitle_en = 'A'\nroles = ['x']\n";
  REQUIRE(DemoPeople::Parse(good, "people.toml").ok());
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "1: write 1 to 20 persons"},
      {"person = 7\n", "1: write 1 to 20 persons"},
      {"[[people]]\n", "1: "},
      {"[[person]\n", "1: "},
      {good + "\n" + good, "7: the person 'a' stands here twice"},
      {good + "name = 'x'\n", "6: there is no key 'name'"},
      {good + "municipality = '998'\n", "6: municipality must be"},
      {"[[person]]\nkey = 'A'\ntitle_da = 'A'\ntitle_en = 'A'\nroles = ['x']\n", "2: key must be"},
      {"[[person]]\nkey = 'a'\ntitle_da = 'A'\ntitle_en = 'A'\nroles = []\n", "5: a person needs"},
      {"[[person]]\nkey = 'a'\ntitle_da = 'A'\nroles = ['x']\n", "1: a person needs a title"}};
  for (const auto& [text, why] : wrong) {
    CAPTURE(text);
    const auto people = DemoPeople::Parse(text, "people.toml");
    CHECK(absl::IsFailedPrecondition(people.status()));
    CHECK(std::string(people.status().message()).find("people.toml:" + why) == 0);
  }
}

}  // namespace brobygger::daemon
