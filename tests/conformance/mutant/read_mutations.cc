#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

#include "tests/conformance/mutant/mutations.h"

namespace brobygger::mutant {
namespace {

using plugin::v1::ReadRequest;
using plugin::v1::Record;
using plugin::v1::Value;
using Events = std::vector<ReadResponse>;

constexpr int kLongestText = 1000;
constexpr int kCursorVersion = 2;

// Changes each record that is told.
Mutation EachRecord(const std::function<void(Record&)>& change) {
  return {.told = [change](ReadResponse event) {
    // Only then: to ask for the batch of another event would make it a batch.
    if (event.has_batch()) {
      for (Record& record : *event.mutable_batch()->mutable_records()) change(record);
    }
    return Events{std::move(event)};
  }};
}

Mutation EachValue(const std::function<void(Value&)>& change) {
  return EachRecord([change](Record& record) {
    for (auto& [name, value] : *record.mutable_fields()) change(value);
  });
}

// Whether the read under way is one that this fault is about.
struct Reading {
  bool resumed = false;
  bool dropped = false;
  bool delta = false;
};

// Loses the first record that `loses` fits, of each read that `about` fits.
Mutation Loses(bool (*about)(const Reading&), bool (*loses)(const Record&)) {
  const auto reading = std::make_shared<Reading>();
  Mutation mutation;
  mutation.read = [reading](ReadRequest& request) {
    *reading = {.resumed = !request.cursor().empty(),
                .delta = request.mode() == ReadRequest::MODE_DELTA};
  };
  mutation.told = [=](ReadResponse event) {
    if (!event.has_batch() || !about(*reading)) return Events{std::move(event)};
    auto& records = *event.mutable_batch()->mutable_records();
    for (int at = 0; at < records.size() && !reading->dropped; ++at) {
      if (!loses(records.at(at))) continue;
      records.DeleteSubrange(at, 1);
      reading->dropped = true;
    }
    return records.empty() ? Events() : Events{std::move(event)};
  };
  return mutation;
}

bool Always(const Reading& /*reading*/) { return true; }
bool Resumed(const Reading& reading) { return reading.resumed; }
bool InDelta(const Reading& reading) { return reading.delta; }
bool Any(const Record& /*record*/) { return true; }
bool IsChanged(const Record& record) {
  const auto name = record.fields().find("name");
  return name != record.fields().end() && name->second.text().rfind("Changed", 0) == 0;
}

// Tells where it stands before it has told what stands there.
Mutation TooEarly() {
  const auto kept = std::make_shared<Events>();
  return {.told = [kept](ReadResponse event) {
    Events events;
    if (event.has_batch()) {
      kept->push_back(std::move(event));
      return events;
    }
    events.push_back(std::move(event));
    events.insert(events.end(), kept->begin(), kept->end());
    kept->clear();
    return events;
  }};
}

// A cursor that is a position alone, and is believed to be behind all of it.
Mutation SkipsTies() {
  return {.read = [](ReadRequest& request) {
    if (request.cursor().empty()) return;
    auto cursor = nlohmann::json::parse(request.cursor());
    cursor["position"] = cursor["position"].get<int>() + 1;
    cursor["ids"] = nlohmann::json::array();
    request.set_cursor(cursor.dump());
  }};
}

// Believes that what carries an older time than the newest it knows is old.
Mutation TrustsClocks() {
  const auto newest = std::make_shared<std::int64_t>(0);
  return {.told = [newest](ReadResponse event) {
    if (!event.has_batch()) return Events{std::move(event)};
    auto& records = *event.mutable_batch()->mutable_records();
    for (int at = records.size() - 1; at >= 0; --at) {
      if (records.at(at).changed_at().seconds() < *newest) records.DeleteSubrange(at, 1);
    }
    for (const Record& record : records) {
      *newest = std::max(*newest, record.changed_at().seconds());
    }
    return records.empty() ? Events() : Events{std::move(event)};
  }};
}

}  // namespace

Mutations ReadMutations() {
  Mutations all;
  all["R1"] = Loses(Always, Any);
  all["R2"] = {.told = [](ReadResponse event) {
    if (event.has_snapshot_end()) event.mutable_snapshot_end()->set_record_count(99);
    return Events{std::move(event)};
  }};
  all["R3"] = all["R4"] = {.ends_complete = true};
  all["R5"] = Loses(InDelta, Any);
  all["R6"] = Loses(Resumed, Any);
  all["R7"] = TooEarly();
  all["R8"] = SkipsTies();
  all["R9"] = Loses(Resumed, IsChanged);
  all["R10"] = Loses(Resumed, Any);
  all["R11"] = EachRecord([](Record& record) { record.set_deleted(false); });
  all["R12"] = EachRecord([](Record& record) {
    std::vector<std::string> empty;
    for (const auto& [name, value] : record.fields()) {
      if (value.has_empty()) empty.push_back(name);
    }
    for (const std::string& name : empty) record.mutable_fields()->erase(name);
  });
  all["R13"] = {.told = [](ReadResponse event) {
    return event.has_record_error() ? Events() : Events{std::move(event)};
  }};
  all["R14"] = EachValue([](Value& value) {
    if (value.date() == "2024-02-29") value.set_date("2024-03-01");
  });
  all["R15"] = EachValue([](Value& value) {
    if (value.text().size() > kLongestText) value.mutable_text()->resize(kLongestText);
  });
  all["R16"] = TrustsClocks();
  all["R17"] = {.read = [](ReadRequest& request) { request.set_stream("associations"); }};
  all["R18"] = {.writes_in = "Read"};
  all["U2"] = {.read = [](ReadRequest& request) {
    if (!request.cursor().empty()) request.set_cursor_version(kCursorVersion);
  }};
  return all;
}

}  // namespace brobygger::mutant
