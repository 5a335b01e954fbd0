#include "core/mail/digest.h"

#include <algorithm>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>
#include <catch2/catch.hpp>

#include "brobygger/plugin/v1/diagnostic.pb.h"

#include "core/base/clock.h"
#include "core/mail/texts.h"

namespace brobygger::mail {
namespace {

using v1::Line;

Line Counted(Line::Kind kind, const std::string& connection, std::uint64_t count, int second) {
  Line line;
  line.set_kind(kind);
  line.set_connection_id(connection);
  line.set_count(count);
  line.mutable_newest_time()->set_seconds(second);
  return line;
}

Line HeldPlan(const std::string& connection) {
  Line line;
  line.set_kind(Line::KIND_PLAN);
  line.set_connection_id(connection);
  line.set_count(1);
  line.set_reason("held");
  line.set_create_count(1);
  line.set_delete_count(12);
  line.set_source_count(3);
  return line;
}

Line Trouble(const std::string& connection, const std::string& reason, const std::string& code) {
  Line line;
  line.set_kind(Line::KIND_TROUBLE);
  line.set_connection_id(connection);
  line.set_count(1);
  line.set_reason(reason);
  line.set_code(code);
  return line;
}

v1::MailState Told(const Lines& lines) {
  v1::MailState told;
  told.mutable_lines()->Assign(lines.begin(), lines.end());
  return told;
}

TEST_CASE("a digest tells counts, connections and commands") {
  const Lines lines = {Trouble("cvr", "auth", "cvr.login"),
                       HeldPlan("tilskud"),
                       Counted(Line::KIND_CONFLICTS, "tilskud", 1, 1),
                       Counted(Line::KIND_DEAD_LETTERS, "tilskud", 2, 1),
                       Counted(Line::KIND_REJECTED, "tilskud", 5, 1),
                       Counted(Line::KIND_QUESTIONS, "", 4, 1)};
  const Digest digest = WriteDigest(lines, "en", std::chrono::hours(24));
  CHECK(digest.subject ==
        "Brobygger: 1 connection does not work, 1 plan waits, 1 conflict, 2 refused writes, "
        "5 records could not be used, 4 pairs may be one association");
  CHECK(digest.body ==
        "This waits for a person. Below each line stands the command that shows more.\n"
        "\n"
        "cvr\n"
        "  - The connection does not work: the source refuses the credentials (cvr.login)\n"
        "    brobygger connection check cvr\n"
        "\n"
        "tilskud\n"
        "  - A plan is held: 1 to add, 0 to change, 12 to delete; 3 to write at the source\n"
        "    brobygger sync plan tilskud\n"
        "  - 1 field where two sides disagree\n"
        "    brobygger sync conflicts tilskud\n"
        "  - 2 writes that the source refused\n"
        "    brobygger sync dead-letters tilskud\n"
        "  - 5 records that could not be used\n"
        "    brobygger sync rejected tilskud\n"
        "\n"
        "The whole registry\n"
        "  - 4 pairs that may be one association\n"
        "    brobygger identity review\n"
        "\n"
        "-- \n"
        "Mails from here never mention associations or persons; the commands do. News is told at "
        "most once in 24 hours, and what still waits again after 7 days.\n");
  const Digest danish = WriteDigest(lines, "da", std::chrono::hours(24));
  CHECK(danish.body.find("1 felt, hvor to sider er uenige") != std::string::npos);
  CHECK(danish.body.find("pr. 24 timer, og") != std::string::npos);
  CHECK(WriteDigest(lines, "en", std::chrono::minutes(90)).body.find("once in 1h30m,") !=
        std::string::npos);
  CHECK(danish.body.find("kilden afviser adgangen (cvr.login)") != std::string::npos);
}

TEST_CASE("every text stands in both languages with the same gaps") {
  std::set<std::string> keys;
  for (const auto line : absl::StrSplit(std::string(kMailTextsCsv), '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    CAPTURE(cells.front());
    REQUIRE(cells.size() == 3);
    CHECK(keys.insert(cells[0]).second);
    CHECK_FALSE(cells[1].empty());
    const auto gaps = [](const std::string& text) {
      return std::count(text.begin(), text.end(), '{');
    };
    CHECK(gaps(cells[1]) == gaps(cells[2]));
  }
}

TEST_CASE("every kind of trouble and plan has words") {
  using plugin::v1::Diagnostic;
  for (int i = Diagnostic::Class_MIN + 1; i <= Diagnostic::Class_MAX; ++i) {
    const std::string name = Diagnostic::Class_Name(static_cast<Diagnostic::Class>(i));
    CAPTURE(name);
    CHECK_FALSE(Text("trouble_" + absl::AsciiStrToLower(name.substr(6)), "da").empty());
  }
  for (const char* key :
       {"trouble_failed", "plan_held", "plan_deletions_held", "plan_first_sync", "plan_waits"}) {
    CHECK_FALSE(Text(key, "en").empty());
  }
}

TEST_CASE("each address is told of the connections it is responsible for") {
  Waiting waiting;
  waiting.responsible = {{"cvr", ""}, {"frivillig", "Vivi@Centre.Example"}, {"tilskud", ""}};
  waiting.lines = {Counted(Line::KIND_CONFLICTS, "cvr", 1, 1),
                   Counted(Line::KIND_CONFLICTS, "frivillig", 2, 1),
                   Counted(Line::KIND_QUESTIONS, "", 3, 1)};
  const auto shares = ShareOut(waiting, {"it@fjordby.example", "Vivi@centre.example"});
  REQUIRE(shares.size() == 2);
  const auto counts = [&](const std::string& address) {
    std::vector<std::uint64_t> told;
    for (const Line& line : shares.at(address)) told.push_back(line.count());
    return told;
  };
  CHECK(counts("it@fjordby.example") == std::vector<std::uint64_t>{1, 3});
  CHECK(counts("Vivi@centre.example") == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("an address that has nothing to be told is known all the same") {
  Waiting waiting;
  waiting.responsible = {{"cvr", "a@b.example"}};
  const auto shares = ShareOut(waiting, {"it@fjordby.example"});
  CHECK(shares.at("a@b.example").empty());
  CHECK(shares.at("it@fjordby.example").empty());
}

TEST_CASE("something newer is news, and fewer of what was told is none") {
  const auto told = Told({Counted(Line::KIND_CONFLICTS, "cvr", 3, 100)});
  CHECK_FALSE(AnyNews({Counted(Line::KIND_CONFLICTS, "cvr", 3, 100)}, told));
  CHECK_FALSE(AnyNews({Counted(Line::KIND_CONFLICTS, "cvr", 1, 90)}, told));
  CHECK(AnyNews({Counted(Line::KIND_CONFLICTS, "cvr", 3, 101)}, told));
  CHECK(AnyNews({Counted(Line::KIND_CONFLICTS, "tilskud", 1, 90)}, told));
  CHECK(AnyNews({Counted(Line::KIND_REJECTED, "cvr", 1, 90)}, told));
  CHECK_FALSE(AnyNews({}, told));
}

TEST_CASE("records kept aside are news when they are more, not when their places have moved") {
  auto told = Told({Counted(Line::KIND_REJECTED, "cvr", 5, 100)});
  CHECK_FALSE(AnyNews({Counted(Line::KIND_REJECTED, "cvr", 5, 200)}, told));
  CHECK(AnyNews({Counted(Line::KIND_REJECTED, "cvr", 6, 200)}, told));
  CHECK(ForgetWhatIsOver({Counted(Line::KIND_REJECTED, "cvr", 3, 200)}, told));
  CHECK(AnyNews({Counted(Line::KIND_REJECTED, "cvr", 4, 200)}, told));
}

TEST_CASE("another plan and another trouble are news, the same again is none") {
  const auto told = Told({HeldPlan("cvr"), Trouble("cvr", "auth", "x")});
  CHECK_FALSE(AnyNews({HeldPlan("cvr"), Trouble("cvr", "auth", "x")}, told));
  CHECK(AnyNews({Trouble("cvr", "config", "x")}, told));
  auto larger = HeldPlan("cvr");
  larger.set_delete_count(13);
  CHECK(AnyNews({larger}, told));
}

TEST_CASE("what came to an end is news when it comes back") {
  auto told = Told({HeldPlan("cvr"), Trouble("cvr", "auth", "x")});
  CHECK_FALSE(ForgetWhatIsOver({HeldPlan("cvr"), Trouble("cvr", "auth", "x")}, told));
  CHECK(ForgetWhatIsOver({HeldPlan("cvr")}, told));
  CHECK(told.lines_size() == 1);
  CHECK(AnyNews({HeldPlan("cvr"), Trouble("cvr", "auth", "x")}, told));
}

}  // namespace
}  // namespace brobygger::mail
