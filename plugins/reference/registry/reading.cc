#include "plugins/reference/registry/reading.h"

#include <chrono>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugins/common/digest.h"

namespace brobygger::reference {
namespace {

using nlohmann::json;

constexpr auto kWait = std::chrono::milliseconds(300);
constexpr auto kStuckBeat = std::chrono::milliseconds(50);

absl::Status BadCursor() {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_CONFIG,
       .code = "reference.registry.cursor",
       .da = "Læsepositionen er ikke fra denne version. Læs kilden forfra.",
       .en = "The place to read from is not of this version. Read the source from its beginning.",
       .path = "cursor"});
}

// One Read on its way.
class Reading {
 public:
  Reading(const LoadedSource& loaded,
          const std::set<std::string>& selected,
          const Faults& faults,
          sdk::Sink& sink)
      : source_(loaded.source),
        loaded_(loaded),
        selected_(selected),
        faults_(faults),
        sink_(sink) {}

  absl::Status Run(const sdk::ReadRequest& request, Cursor cursor) {
    const bool snapshot = request.mode() == sdk::ReadRequest::MODE_SNAPSHOT;
    if (snapshot && !cursor.snapshot_began) {
      // All was read up to there, and nothing has happened since.
      if (!request.cursor().empty() && cursor.place == source_.End()) return EndUnchanged();
      cursor = {.snapshot_began = source_.last_position()};
    }
    if (absl::Status wrong = TellBadLines(); !wrong.ok()) return wrong;
    bool enough = false;
    if (absl::Status gone = SendRows(request.max_records(), cursor, enough); !gone.ok()) {
      return gone;
    }
    if (enough) return sink_.Checkpoint(cursor.ToBytes(), kCursorVersion);
    // From here on the changes follow, whatever it was that came to its end.
    cursor.snapshot_began.reset();
    if (absl::Status gone = sink_.Checkpoint(cursor.ToBytes(), kCursorVersion); !gone.ok()) {
      return gone;
    }
    return snapshot ? EndSnapshot() : absl::OkStatus();
  }

 private:
  absl::Status SendRows(std::size_t most, Cursor& cursor, bool& enough) {
    const auto rows = source_.After(cursor.place);
    for (const auto* row : rows) {
      enough = most > 0 && sent_ == most;
      if (enough) return absl::OkStatus();
      if (!sink_.Open()) return absl::CancelledError("nobody listens any more");
      if (absl::Status gone = Pass(row->first, row->second, cursor); !gone.ok()) return gone;
      if (faults_.Has("cut") && sent_ >= rows.size() / 2) return Cut();
    }
    return absl::OkStatus();
  }

  // Tells the row if the reader is to know of it, and moves on behind it.
  absl::Status Pass(const std::string& id, const Source::Row& row, Cursor& cursor) {
    if (IsTold(row, cursor)) {
      if (absl::Status gone = SendRow(row); !gone.ok()) return gone;
      if (++sent_ == 1) faults_.Strike("Read");
    }
    cursor.place.MoveTo(row.position(), id);
    // A full batch is a good time to say where we are: all before it has been sent.
    return sink_.full() ? sink_.Checkpoint(cursor.ToBytes(), kCursorVersion) : absl::OkStatus();
  }

  bool IsTold(const Source::Row& row, const Cursor& cursor) const {
    // Who reads all for the first time has never heard of what was gone before.
    const bool old_tombstone =
        row.deleted() && cursor.snapshot_began && row.position() <= *cursor.snapshot_began;
    return !old_tombstone && !faults_.Has("empty_list");
  }

  absl::Status SendRow(const Source::Row& row) {
    sdk::Record record = Source::ToRecord(row);
    KeepSelected(selected_, record);
    return sink_.Add(std::move(record));
  }

  // One line that cannot be read costs one record, never the stream.
  absl::Status TellBadLines() {
    for (const BadLine& bad : loaded_.bad_lines) {
      sdk::RecordError error;
      *error.mutable_diagnostic() =
          sdk::ToDiagnostic({.kind = sdk::Diagnostic::CLASS_REJECTED,
                             .code = "reference.registry.bad_line",
                             .da = "Linjen er ikke en post. Ret den i kilden.",
                             .en = "The line is no record. Mend it at the source.",
                             .path = "line:" + std::to_string(bad.number)});
      error.set_raw(bad.text.substr(0, sdk::kMaxRawBytes));
      if (absl::Status gone = sink_.Reject(std::move(error)); !gone.ok()) return gone;
    }
    return absl::OkStatus();
  }

  static absl::Status Cut() {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                           .code = "reference.registry.cut",
                           .da = "Kilden afbrød midt i svaret. Der prøves igen.",
                           .en = "The source broke off in the middle. It is tried again."});
  }

  absl::Status EndUnchanged() {
    sdk::SnapshotEnd end;
    end.set_complete(true);
    end.set_unchanged(true);
    return sink_.EndSnapshot(std::move(end));
  }

  absl::Status EndSnapshot() {
    // An empty list is believed only if a second question, the count, agrees.
    if (faults_.Has("empty_list") && source_.CountLive() > 0) {
      return sdk::MakeError(
          {.kind = sdk::Diagnostic::CLASS_TRANSIENT,
           .code = "reference.registry.disagree",
           .da = "Kilden viser ingen poster, men tæller nogen. Der prøves igen.",
           .en = "The source shows no records and counts some. It is tried again."});
    }
    std::string ids;
    for (const auto& [id, row] : source_.rows()) {
      if (!row.deleted()) ids += id + "\n";
    }
    sdk::SnapshotEnd end;
    end.set_record_count(source_.CountLive());
    end.set_id_digest(common::Sha256(ids));
    end.set_complete(true);
    return sink_.EndSnapshot(std::move(end));
  }

  const Source& source_;
  const LoadedSource& loaded_;
  const std::set<std::string>& selected_;
  const Faults& faults_;
  sdk::Sink& sink_;
  std::size_t sent_ = 0;
};

// A quota: the source asked us to wait, and the hub must not think that we hang.
absl::Status Wait(sdk::Sink& sink) {
  if (absl::Status gone = sink.Beat(sdk::Heartbeat::STATE_WAITING_RATE_LIMIT, 0); !gone.ok()) {
    return gone;
  }
  std::this_thread::sleep_for(kWait);
  return absl::OkStatus();
}

// Alive, and no step further: only the position tells.
absl::Status BeStuck(sdk::Sink& sink) {
  while (sink.Open()) {
    if (absl::Status gone = sink.Beat(sdk::Heartbeat::STATE_WORKING, 1); !gone.ok()) return gone;
    std::this_thread::sleep_for(kStuckBeat);
  }
  return absl::CancelledError("nobody listens any more");
}

}  // namespace

std::string Cursor::ToBytes() const {
  json out = {{"position", place.position}, {"ids", place.ids}};
  if (snapshot_began) out["snapshot"] = *snapshot_began;
  return out.dump();
}

absl::StatusOr<Cursor> ParseCursor(const std::string& bytes, std::uint32_t version) {
  Cursor cursor;
  if (bytes.empty()) return cursor;
  if (version != kCursorVersion) return BadCursor();
  try {
    const json in = json::parse(bytes);
    cursor.place = {.position = in.at("position"), .ids = in.at("ids")};
    if (in.contains("snapshot")) cursor.snapshot_began = in["snapshot"].get<std::uint64_t>();
  } catch (const json::exception&) {
    return BadCursor();
  }
  return cursor;
}

absl::StatusOr<Cursor> UpgradeCursor(const std::string& bytes) {
  const json position = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!position.is_number_unsigned()) return BadCursor();
  return Cursor{.place = {.position = position.get<std::uint64_t>()}};
}

std::string UpgradeId(const std::string& external_id) {
  constexpr char kOldPrefix[] = "registry:";
  const bool old = external_id.starts_with(kOldPrefix);
  return old ? external_id.substr(sizeof(kOldPrefix) - 1) : external_id;
}

absl::Status ReadChanges(const LoadedSource& loaded,
                         const std::set<std::string>& selected,
                         const Faults& faults,
                         const sdk::ReadRequest& request,
                         sdk::Sink& sink) {
  absl::StatusOr<Cursor> cursor = ParseCursor(request.cursor(), request.cursor_version());
  if (!cursor.ok()) return cursor.status();
  if (faults.Has("wait")) {
    if (absl::Status gone = Wait(sink); !gone.ok()) return gone;
  }
  if (faults.Has("stuck")) return BeStuck(sink);
  return Reading(loaded, selected, faults, sink).Run(request, *std::move(cursor));
}

void KeepSelected(const std::set<std::string>& selected, sdk::Record& record) {
  if (selected.empty()) return;
  std::vector<std::string> others;
  for (const auto& [name, value] : record.fields()) {
    if (selected.count(name) == 0) others.push_back(name);
  }
  for (const std::string& name : others) record.mutable_fields()->erase(name);
}

}  // namespace brobygger::reference
