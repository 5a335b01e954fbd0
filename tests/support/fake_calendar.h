#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/pseudonyms.h"
#include "core/supervisor/supervisor.h"

namespace brobygger::support {

// A calendar server in memory, behind the supervisor's interface, as the calendar plugins
// tell it (plugins/calendars/README.md). Its faults are switches. One thread at a time.
class FakeCalendar final : public supervisor::Supervisor {
 public:
  // The key that a hub under test gives it.
  static constexpr char kKey[] = "a key of the tests";
  const contact::Pseudonyms pseudonyms{kKey};

  // What one calendar object says.
  struct Object {
    std::string calendar = "integration";
    std::vector<std::string> dates;  // of the instances
    std::vector<std::string> codes = {};
    std::vector<std::string> addresses = {};  // in clear; told as digests
    bool opted_out = false;
    std::set<std::string> cancelled = {};  // dates
    std::string uid = {};                  // empty: the name it is put under
    std::vector<std::string> remarks = {};
  };

  void Put(const std::string& name, const Object& object) {
    objects_[name] = object;
    changed_.push_back(name);
  }
  void Remove(const std::string& name) {
    objects_.erase(name);
    changed_.push_back(name);
  }

  // Events that were published, by external id; and those that people took out.
  std::map<std::string, plugin::v1::Record> events;
  void RemoveEvent(const std::string& external_id) { events.erase(external_id); }

  std::string scope_hash = "scope";
  bool shows_nothing = false;  // its list is empty, though the objects are there
  bool delta = true;
  bool forgets_changes = false;  // an expired token: all that is left is the list
  int loses_answers = 0;         // so many writes are done and not answered
  int puts_off = 0;              // so many writes are to come again later
  bool can_look_up = true;
  std::function<void()> before_write;  // somebody is faster
  std::string refuses;                 // a title that the calendar refuses

  bool tells_busy = true;
  std::map<std::string, int> busy;  // minutes by "calendar/date"

  // What was seen of the hub.
  int snapshots = 0;
  int deltas = 0;
  int writes = 0;
  std::map<std::string, std::string> secrets;

  plugin::v1::Record Tell(const std::string& name) const {
    plugin::v1::Record record;
    record.set_external_id(pseudonyms.Of("href", name));
    const auto found = objects_.find(name);
    if (found == objects_.end()) {
      record.set_deleted(true);
      return record;
    }
    const Object& object = found->second;
    auto& fields = *record.mutable_fields();
    fields["calendar"].set_text(object.calendar);
    if (object.opted_out) {
      fields["opted_out"].set_flag(true);
      return record;
    }
    auto& part = *fields["parts"].mutable_list()->add_items()->mutable_group()->mutable_fields();
    for (const std::string& date : object.dates) {
      auto& meeting =
          *part["meetings"].mutable_list()->add_items()->mutable_group()->mutable_fields();
      const std::string uid = object.uid.empty() ? name : object.uid;
      meeting["key"].set_text(pseudonyms.Of("meeting", uid + "\n" + date));
      meeting["date"].set_date(date);
      meeting["cancelled"].set_flag(object.cancelled.contains(date));
    }
    for (const std::string& remark : object.remarks) {
      fields["remarks"].mutable_list()->add_items()->set_text(remark);
    }
    for (const std::string& code : object.codes) {
      part["codes"].mutable_list()->add_items()->set_text(code);
    }
    for (const std::string& address : object.addresses) {
      part["addresses"].mutable_list()->add_items()->set_text(pseudonyms.Of("address", address));
      const std::string domain = address.substr(address.find('@') + 1);
      part["domains"].mutable_list()->add_items()->set_text(pseudonyms.Of("domain", domain));
    }
    return record;
  }

  std::vector<supervisor::PluginFile> Plugins() const override { return {}; }
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(
      const supervisor::ProcessSpec& spec) override {
    secrets = {spec.secrets.begin(), spec.secrets.end()};
    wanted_.clear();
    for (const auto& stream : spec.streams) {
      if (stream.stream() == "meetings") wanted_ = {stream.fields().begin(), stream.fields().end()};
    }
    return std::make_unique<CalendarSession>(*this);
  }
  void Committed(const base::ConnectionId& /*connection*/) override {}
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& /*connection*/) const override {
    return {};
  }
  void Stop(const base::ConnectionId& /*connection*/) override {}

 private:
  // As a plugin tells it: no field that was not asked for.
  plugin::v1::Record Wanted(const std::string& name) const {
    plugin::v1::Record record = Tell(name);
    auto& fields = *record.mutable_fields();
    for (auto field = fields.begin(); field != fields.end();) {
      field = wanted_.contains(field->first) ? std::next(field) : fields.erase(field);
    }
    return record;
  }

  using ReadResponse = plugin::v1::ReadResponse;
  using Result = plugin::v1::OperationResult;

  class CalendarSession final : public supervisor::Session {
   public:
    explicit CalendarSession(FakeCalendar& calendar)
        : calendar_(calendar), scope_hash_(calendar.scope_hash) {}
    const std::string& scope_hash() const override { return scope_hash_; }
    std::uint64_t epoch() const override { return 1; }
    const std::string& plugin_version() const override { return version_; }
    absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
        plugin::v1::UpgradeStateRequest /*request*/) override {
      return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED, "no UpgradeState", {});
    }
    absl::StatusOr<plugin::v1::CheckResponse> Check() override {
      return plugin::v1::CheckResponse();
    }
    absl::StatusOr<plugin::v1::DiscoverResponse> Discover() override {
      plugin::v1::DiscoverResponse response;
      auto& meetings = *response.add_streams();
      meetings.set_name("meetings");
      meetings.mutable_abilities()->set_snapshot(true);
      meetings.mutable_abilities()->set_delta(calendar_.delta);
      response.add_streams()->set_name("events");
      if (calendar_.tells_busy) response.add_streams()->set_name("busy");
      return response;
    }
    absl::Status Read(const plugin::v1::ReadRequest& request,
                      absl::FunctionRef<absl::Status(const ReadResponse&)> on_event,
                      const supervisor::CancelToken& /*cancel*/) override {
      return request.stream() == "busy" ? calendar_.SendBusy(on_event)
                                        : calendar_.Send(request, on_event);
    }
    absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request) override {
      if (!calendar_.can_look_up) {
        return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED, "no Lookup", {});
      }
      return calendar_.Look(request);
    }
    absl::StatusOr<std::vector<Result>> Write(plugin::v1::WriteRequest request) override {
      std::vector<Result> results;
      if (calendar_.before_write) calendar_.before_write();
      for (const auto& operation : request.operations()) {
        results.push_back(calendar_.Carry(operation));
        results.back().set_op_id(operation.op_id());
      }
      if (calendar_.loses_answers == 0) return results;
      --calendar_.loses_answers;
      return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "it is gone", {});
    }

   private:
    FakeCalendar& calendar_;
    const std::string scope_hash_;
    const std::string version_;
  };

  absl::Status Send(const plugin::v1::ReadRequest& request,
                    absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    const bool list = request.mode() == plugin::v1::ReadRequest::MODE_SNAPSHOT;
    ++(list ? snapshots : deltas);
    ReadResponse batch;
    batch.mutable_batch();
    if (shows_nothing) {
      // Nothing at all.
    } else if (list || forgets_changes) {
      for (const auto& [name, object] : objects_)
        *batch.mutable_batch()->add_records() = Wanted(name);
    } else {
      for (std::size_t i = std::stoul(request.cursor()); i < changed_.size(); ++i) {
        *batch.mutable_batch()->add_records() = Wanted(changed_[i]);
      }
    }
    BB_RETURN_IF_ERROR(on_event(batch));
    ReadResponse checkpoint;
    checkpoint.mutable_checkpoint()->set_cursor(std::to_string(changed_.size()));
    BB_RETURN_IF_ERROR(on_event(checkpoint));
    if (!list) return absl::OkStatus();
    ReadResponse end;
    end.mutable_snapshot_end()->set_complete(true);
    return on_event(end);
  }

  absl::Status SendBusy(absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    ReadResponse batch;
    for (const auto& [id, minutes] : busy) {
      plugin::v1::Record& record = *batch.mutable_batch()->add_records();
      record.set_external_id(id);
      auto& fields = *record.mutable_fields();
      fields["calendar"].set_text(id.substr(0, id.find('/')));
      fields["date"].set_date(id.substr(id.find('/') + 1));
      fields["minutes"].set_number(minutes);
    }
    BB_RETURN_IF_ERROR(on_event(batch));
    ReadResponse end;
    end.mutable_snapshot_end()->set_complete(true);
    return on_event(end);
  }

  plugin::v1::LookupResponse Look(const plugin::v1::LookupRequest& request) const {
    plugin::v1::LookupResponse response;
    for (const std::string& id : request.external_ids()) {
      const auto found = events.find(id);
      if (found == events.end()) {
        response.add_definitely_absent(id);
      } else {
        *response.add_records() = found->second;
      }
    }
    for (const std::string& id : request.foreign_ids()) {
      for (const auto& [key, record] : events) {
        if (record.foreign_id() == id) *response.add_records() = record;
      }
    }
    return response;
  }

  Result Carry(const plugin::v1::Operation& operation) {
    using plugin::v1::Operation;
    Result result;
    if (puts_off > 0) {
      --puts_off;
      result.set_outcome(Result::OUTCOME_RETRY);
      return result;
    }
    const auto told = [&](const char* field) { return operation.set().at(field).text(); };
    const std::string id = operation.external_id().empty()
                               ? told("calendar") + "/" + operation.foreign_id() + ".ics"
                               : operation.external_id();
    const bool there = events.contains(id);
    const bool creates = operation.kind() == Operation::KIND_CREATE;
    if (!creates && !there) return Refused(plugin::v1::Diagnostic::CLASS_NOT_FOUND);
    if (creates && there) {
      result.set_outcome(Result::OUTCOME_STALE);
      return result;
    }
    if (operation.kind() == Operation::KIND_DELETE) {
      events.erase(id);
    } else {
      if (!refuses.empty() && told("title") == refuses) {
        return Refused(plugin::v1::Diagnostic::CLASS_REJECTED);
      }
      plugin::v1::Record& record = events[id];
      record.set_external_id(id);
      record.set_foreign_id(operation.foreign_id());
      record.set_etag(std::to_string(++writes));
      *record.mutable_fields() = operation.set();
      *result.mutable_stored() = record;
    }
    result.set_outcome(Result::OUTCOME_APPLIED);
    return result;
  }

  static Result Refused(plugin::v1::Diagnostic::Class why) {
    Result result;
    result.set_outcome(Result::OUTCOME_REJECTED);
    auto& diagnostic = *result.add_diagnostics();
    diagnostic.set_class_(why);
    (*diagnostic.mutable_text())["en"] = "refused by the fake";
    return result;
  }

  std::set<std::string> wanted_;  // fields of meetings
  std::map<std::string, Object> objects_;
  std::vector<std::string> changed_;
};

}  // namespace brobygger::support
