#include "core/supervisor/redaction.h"

#include <absl/strings/escaping.h>
#include <catch2/catch.hpp>

namespace brobygger::supervisor {
namespace {

constexpr char kSecret[] = "p\"ss w/rd+1?";

TEST_CASE("a secret is taken out in every form it is likely to take") {
  const Redactor redactor({kSecret});
  const std::string form = GENERATE(as<std::string>(), kSecret, absl::Base64Escape(kSecret),
                                    absl::WebSafeBase64Escape(kSecret), "p%22ss%20w%2Frd%2B1%3F",
                                    "p%22ss+w%2frd%2b1%3f", R"(p\"ss w/rd+1?)");
  CAPTURE(form);
  const std::string line = redactor.ForPeople("before " + form + " after " + form);
  // Base64 keeps at most its last group, which other bytes would have changed.
  CHECK(line.find(form.substr(0, form.size() - 4)) == std::string::npos);
  CHECK(line.find("[secret]") != std::string::npos);
  CHECK(line.find("before ") == 0);
}

TEST_CASE("a secret inside a longer base64 text is taken out") {
  const Redactor redactor({"correct horse battery"});
  for (const char* const user : {"a", "ab", "abc", "abcd"}) {
    const std::string header = absl::Base64Escape(std::string(user) + ":correct horse battery!x");
    const std::string line = redactor.ForPeople("Authorization: Basic " + header);
    CAPTURE(header, line);
    CHECK(line.find("[secret]") != std::string::npos);
    std::string rest;
    // What is left decodes to no more than a few letters of the secret.
    CHECK(line.size() < std::string("Authorization: Basic [secret]").size() + 16);
  }
}

TEST_CASE("a key file is taken out line by line") {
  const Redactor redactor({"-----BEGIN-----\nMIIEvQIBADANBgkq\n-----END-----"});
  CHECK(redactor.ForLog("read MIIEvQIBADANBgkq") == "read [secret]");
}

TEST_CASE("secrets too short to be told from other text are left alone") {
  const Redactor redactor({"", "a", "abc"});
  CHECK(redactor.ForLog("abc and a") == "abc and a");
}

TEST_CASE("what looks like a CPR number is never shown") {
  const Redactor redactor({});
  CHECK(redactor.ForPeople("person 010203-1234.") == "person [cpr].");
  CHECK(redactor.ForPeople("0102031234 3112991234") == "[cpr] [cpr]");
  CHECK(redactor.ForPeople("311299 1234,010203-1234") == "[cpr],[cpr]");
}

TEST_CASE("other numbers stay") {
  const Redactor redactor({});
  for (const char* const text :
       {"1763936629", "row 123 of 4500", "12345678901", "2026-11-23T22:10:05"}) {
    CHECK(redactor.ForLog(text) == text);
  }
}

TEST_CASE("the log keeps no e-mail address and no telephone number") {
  const Redactor redactor({});
  CHECK(redactor.ForLog("from kontakt@example.dk, again") == "from [e-mail], again");
  CHECK(redactor.ForLog("from kåre.ø@exämple.co.dk") == "from [e-mail]");
  for (const char* const phone :
       {"+45 75 12 34 56", "+4575123456", "75123456", "75 12 34 56", "7512 3456"}) {
    CHECK(redactor.ForLog("tlf " + std::string(phone)) == "tlf [phone]");
  }
  CHECK(redactor.ForPeople("file is 52428800 bytes") == "file is 52428800 bytes");
}

TEST_CASE("a line is one line of UTF-8, however it came") {
  CHECK(OneLine("a\nb\tc\x1b[31m", 100) == "a?b c?[31m");
  CHECK(OneLine("bl\xc3\xa5 \xff\xc3", 100) == "bl\xc3\xa5 ??");
  CHECK(OneLine("\xc3\xa5\xc3\xa5\xc3\xa5", 3) == "\xc3\xa5 [cut]");
  CHECK(OneLine(std::string(100, 'x'), 100).size() == 100);
}

}  // namespace
}  // namespace brobygger::supervisor
