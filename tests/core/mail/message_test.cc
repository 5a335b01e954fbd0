#include "core/mail/message.h"

#include <random>
#include <string_view>

#include <absl/strings/escaping.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <catch2/catch.hpp>

namespace brobygger::mail {
namespace {

Message Plain() {
  return {.from = "brobygger@fjordby.example",
          .to = "it@fjordby.example",
          .subject = "Brobygger: 3 conflicts",
          .language = "en",
          .id = "abc123",
          .time = base::Instant(std::chrono::seconds(1'714'564'805)),
          .body = "Three wait.\n"};
}

std::vector<std::string> LinesOf(const std::string& text) { return absl::StrSplit(text, "\r\n"); }

std::string BodyOf(const std::string& mail) { return mail.substr(mail.find("\r\n\r\n") + 4); }

// What RFC 2045 makes of a quoted-printable body.
std::string Unquoted(const std::string& body) {
  const std::string joined = absl::StrReplaceAll(body, {{"=\r\n", ""}});
  std::string text;
  for (std::size_t i = 0; i < joined.size(); ++i) {
    if (joined[i] != '=') {
      text += joined[i];
      continue;
    }
    text += absl::HexStringToBytes(joined.substr(i + 1, 2));
    i += 2;
  }
  return absl::StrReplaceAll(text, {{"\r\n", "\n"}});
}

TEST_CASE("a mail has the head that mail systems expect") {
  const auto mail = WriteMessage(Plain());
  REQUIRE(mail.ok());
  CHECK(*mail ==
        "Date: Wed, 01 May 2024 12:00:05 +0000\r\n"
        "From: Brobygger <brobygger@fjordby.example>\r\n"
        "To: <it@fjordby.example>\r\n"
        "Subject: Brobygger: 3 conflicts\r\n"
        "Message-ID: <abc123@fjordby.example>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "Content-Language: en\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "X-Auto-Response-Suppress: All\r\n"
        "\r\n"
        "Three wait.\r\n");
}

TEST_CASE("what could end a line of the head is refused") {
  const std::string evil = GENERATE(as<std::string>(), "\r\nBcc: all@x.example", "\n", "\r",
                                    std::string(1, '\0'), "\x7f");
  CAPTURE(absl::CEscape(evil));
  Message message = Plain();
  SECTION("in the sender") { message.from += evil; }
  SECTION("in the recipient") { message.to.insert(2, evil); }
  SECTION("in the subject") { message.subject += evil; }
  SECTION("in the id") { message.id += evil; }
  SECTION("in the language") { message.language += evil; }
  CHECK(absl::IsInvalidArgument(WriteMessage(message).status()));
}

TEST_CASE("a recipient is one address and nothing beside it") {
  for (const char* to : {"", "it", "a@b.example, c@d.example", "It <a@b.example>", "<a@b.example>",
                         "a b@c.example", "a@b.example>", "a@b\u00e6.example"}) {
    CAPTURE(to);
    Message message = Plain();
    message.to = to;
    CHECK(absl::IsInvalidArgument(WriteMessage(message).status()));
  }
}

TEST_CASE("a Danish or long subject becomes encoded words that cut no character") {
  Message message = Plain();
  for (int size = 1; size < 120; ++size) {
    message.subject = "x";
    for (int i = 0; i < size; ++i) message.subject += "\u00e6";
    const auto mail = WriteMessage(message);
    REQUIRE(mail.ok());
    std::string decoded;
    bool within = false;
    for (const std::string& line : LinesOf(*mail)) {
      within = line.starts_with("Subject: ") || (within && line.starts_with(" "));
      if (!within) continue;
      CHECK(line.size() <= 84);
      const std::size_t begin = line.find("=?UTF-8?B?") + 10;
      const std::size_t end = line.rfind("?=");
      CHECK(end - begin <= 63);
      std::string part;
      REQUIRE(absl::Base64Unescape(line.substr(begin, end - begin), &part));
      CHECK((static_cast<unsigned char>(part.front()) & 0xC0) != 0x80);
      decoded += part;
    }
    CHECK(decoded == message.subject);
  }
}

TEST_CASE("any body arrives as it was, in short lines of ASCII") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> parts = {"a",     " ",  "\t",     "=",      "\n",    ".",
                                          "\n.\n", "\r", "\u00e6", "\u20ac", "-- \n", "From "};
  for (int round = 0; round < 200; ++round) {
    Message message = Plain();
    message.body = "";
    for (auto left = random() % 400; left > 0; --left) {
      message.body += parts[random() % parts.size()];
    }
    message.body += "\n";
    const auto mail = WriteMessage(message);
    REQUIRE(mail.ok());
    for (const std::string& line : LinesOf(BodyOf(*mail))) {
      CHECK(line.size() <= 76);
      CHECK(line.find_first_of("\r\n") == std::string::npos);
      CHECK_FALSE(line.ends_with(' '));
      CHECK_FALSE(line.ends_with('\t'));
      for (const char c : line) CHECK((c == '\t' || (c >= ' ' && c < 0x7f)));
    }
    CHECK(Unquoted(BodyOf(*mail)) == message.body);
  }
}

}  // namespace
}  // namespace brobygger::mail
