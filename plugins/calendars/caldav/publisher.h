#pragma once

#include <optional>
#include <set>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/write.pb.h"
#include "brobygger/sdk/connector.h"

#include "plugins/calendars/caldav/config.h"
#include "plugins/calendars/caldav/dav.h"
#include "plugins/calendars/caldav/event_fields.h"

namespace brobygger::caldav {

// Writes the hub's events into the calendars that the configuration lets it write to, and finds
// them again. Touches nothing whose UID is not `<foreign_id>@brobygger`. Belongs to one thread; all
// must outlive it.
class Publisher {
 public:
  Publisher(const Config& config,
            const std::set<std::string>& selected,
            Dav& dav,
            const sdk::Call& call);

  // One result for each operation. What surely was not done is RETRY, what may have been DOUBTFUL.
  sdk::WriteResponse Write(const sdk::WriteRequest& request);

  // By external_id, or by foreign_id in every calendar that is written to. Absent is only what the
  // calendar itself says is not there.
  absl::StatusOr<sdk::LookupResponse> Lookup(const sdk::LookupRequest& request);

 private:
  // Where an event is, or would be.
  struct Item {
    std::string calendar;
    std::string foreign_id;
    std::string path;

    std::string external_id() const { return calendar + "/" + foreign_id + ".ics"; }
    std::string uid() const { return foreign_id + "@brobygger"; }
  };
  // What is there.
  struct Stored {
    std::string etag;
    std::string text;
    StoredEvent event = {};
  };
  using Result = plugin::v1::OperationResult;
  using Operation = plugin::v1::Operation;

  Result Do(const Operation& operation, bool dry_run);
  Result Create(const Operation& operation, bool dry_run);
  Result Update(const Operation& operation, bool dry_run);
  Result Delete(const Operation& operation, bool dry_run);
  Result Existing(const Item& item, const Event& wanted);

  absl::StatusOr<Item> NewItem(const Operation& operation) const;
  std::optional<Item> ItemOf(const std::string& external_id) const;
  std::optional<Item> ItemIn(const std::string& calendar, const std::string& foreign_id) const;
  // Nothing if it is surely not there.
  absl::StatusOr<std::optional<Stored>> Fetch(const Item& item);
  // Why what is there may not be changed; nothing if it may.
  std::optional<Result> Obstacle(const Item& item,
                                 const Operation& operation,
                                 const Stored& stored) const;
  absl::StatusOr<HttpResponse> Put(const Item& item,
                                   const std::string& text,
                                   const std::string& condition,
                                   Sent& sent);
  Result Done(const Item& item, const std::string& text, std::string etag);
  Result After(const Item& item,
               const absl::StatusOr<HttpResponse>& answer,
               const Sent& sent) const;
  plugin::v1::Record RecordOf(const Item& item, const StoredEvent& event, std::string etag) const;
  bool OutOfTime();
  static Place PlaceOf(const Item& item);

  const Config& config_;
  const std::set<std::string>& selected_;
  Dav& dav_;
  const sdk::Call& call_;
};

}  // namespace brobygger::caldav
