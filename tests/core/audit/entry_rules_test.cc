#include "core/audit/entry_rules.h"

#include "core/base/error.h"
#include "tests/core/audit/entries.h"

namespace brobygger::audit {
namespace {

std::string FieldRefused(const v1::Entry& entry) {
  const absl::Status status = ValidateEntry(entry);
  if (status.ok()) return "";
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_FIELD_INVALID);
  return base::ErrorMetadata(status, "field");
}

TEST_CASE("an entry of ids alone may be appended", "[audit]") {
  v1::Entry entry = EntryBy("c0ffee");
  entry.add_subject_digests(std::string(32, '\xff'));
  entry.set_reason("NOT_ALLOWED");
  entry.set_object_id("grants/tilskud:5011+a_b.c");
  CHECK(FieldRefused(entry).empty());
  entry.set_actor(std::string(100, 'x'));
  CHECK(FieldRefused(entry).empty());
}

TEST_CASE("names, sentences and addresses do not come into the log", "[audit]") {
  v1::Entry entry = EntryBy("p1");
  const std::vector<std::string> texts = {
      "Jens Hansen", "jens@example.org", "S\xc3\xb8ren", "a\nb", "a\"b", std::string(101, 'x')};
  for (const std::string& text : texts) {
    CAPTURE(text);
    entry.set_object_id(text);
    CHECK(FieldRefused(entry) == "object_id");
  }
  entry = EntryBy("p1");
  entry.set_purpose("because I want to");
  CHECK(FieldRefused(entry) == "purpose");
}

TEST_CASE("an entry says who, what and what was decided", "[audit]") {
  v1::Entry entry = EntryBy("");
  CHECK(FieldRefused(entry) == "actor");
  entry = EntryBy("p1");
  entry.clear_method();
  CHECK(FieldRefused(entry) == "method");
  entry = EntryBy("p1");
  entry.clear_decision();
  CHECK(FieldRefused(entry) == "decision");
}

TEST_CASE("subjects are digests and not too many", "[audit]") {
  v1::Entry entry = EntryBy("p1");
  entry.add_subject_digests("association-1");
  CHECK(FieldRefused(entry) == "subject_digests");
  entry.clear_subject_digests();
  for (int i = 0; i < 1000; ++i) entry.add_subject_digests(std::string(32, 'd'));
  CHECK(FieldRefused(entry).empty());
  entry.add_subject_digests(std::string(32, 'd'));
  CHECK(FieldRefused(entry) == "subject_digests");
}

TEST_CASE("the largest entry of all fits into a record", "[audit]") {
  const support::TempFolder folder;
  const std::string longest(100, 'x');
  v1::Entry entry = EntryBy(longest);
  entry.set_on_behalf_of(longest);
  entry.set_method(longest);
  entry.set_object_id(longest);
  entry.set_purpose(longest);
  entry.set_reason(longest);
  entry.set_request_id(longest);
  for (int i = 0; i < 1000; ++i) entry.add_subject_digests(std::string(32, 'd'));
  for (int i = 0; i < 20; ++i) entry.add_field_classes(access::v1::DATA_CLASS_SENSITIVE);
  const auto log = OpenLog(QuietOptions(folder.path()));
  REQUIRE(log->Append(entry, Patient()).ok());
  CHECK(AllOf(*log).size() == 1);
}

}  // namespace
}  // namespace brobygger::audit
