#include "core/sync/intake.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/sync/claims.h"
#include "core/sync/intake_batch.h"
#include "core/sync/known_records.h"
#include "core/sync/plugin_upgrade.h"
#include "core/sync/read_mode.h"
#include "core/sync/record_hash.h"
#include "core/sync/rejects.h"
#include "core/sync/source_trouble.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {
namespace {

using plugin::v1::ReadRequest;
using plugin::v1::ReadResponse;
using storage::Kind;

// Batches whose commit may be under way while the next is being read.
constexpr int kBatchesUnderWay = 4;
// Restarts of the plugin within one read; the breaker usually opens before.
constexpr int kMaxRestarts = 50;
constexpr char kSameKey[] =
    "the source sent two different records with the same key; the first is used";
constexpr std::uint64_t kProgressEvery = 500;

}  // namespace

class Intake::Reader {
 public:
  explicit Reader(Context context)
      : context_(std::move(context)),
        window_(context_.store, "plugin:" + context_.connection.plugin(), kBatchesUnderWay) {}

  absl::StatusOr<IntakeResult> Run(const supervisor::ProcessSpec& spec,
                                   const ProgressSink& progress,
                                   const supervisor::CancelToken& cancel) {
    BB_RETURN_IF_ERROR(LoadState());
    progress_ = &progress;
    for (int restarts = 0;; ++restarts) {
      absl::Status read = ReadOnce(spec, cancel);
      const absl::Status written = window_.Drain();
      BB_RETURN_IF_ERROR(written);
      if (read.ok()) break;
      if (base::ReasonOf(read) != errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE ||
          restarts == kMaxRestarts) {
        return read;
      }
      base::LogWarning("read_interrupted",
                       {{"connection", base::ConnectionId(context_.connection.id())}});
      BB_RETURN_IF_ERROR(RestAsAsked(read, cancel));
      RollBackToCheckpoint();
    }
    // Only a list has an end to tell of; what has changed since is told when it is told.
    if (!ended_ && mode_ == ReadRequest::MODE_SNAPSHOT) {
      return EndedTooSoon(context_.connection.id());
    }
    BB_RETURN_IF_ERROR(Conclude());
    return result_;
  }

 private:
  absl::Status LoadState() {
    BB_ASSIGN_OR_RETURN(const auto latest, context_.store.Latest());
    BB_ASSIGN_OR_RETURN(
        auto state, Load<v1::StreamState>(*latest, Kind::kStreamState, context_.stream.prefix()));
    if (state) state_ = *std::move(state);
    // A snapshot that was cut off by a crash of the hub starts over: nobody
    // remembers which records it had shown. What was read is compared by hash.
    if (!state_.complete()) state_.clear_cursor();
    // What was not kept then can only be told again.
    if (state_.screen_fingerprint() != context_.screen_fingerprint) state_.clear_cursor();
    BB_ASSIGN_OR_RETURN(
        const auto claims,
        latest->Scan(Kind::kClaim, {.prefix = context_.stream.prefix(), .after = "", .limit = 1}));
    stream_is_new_ = claims.empty();
    return absl::OkStatus();
  }

  // One conversation with the plugin, from the newest committed checkpoint.
  absl::Status ReadOnce(const supervisor::ProcessSpec& spec,
                        const supervisor::CancelToken& cancel) {
    BB_ASSIGN_OR_RETURN(const auto session, context_.supervisor.Open(spec));
    if (!mode_known_) BB_RETURN_IF_ERROR(LearnMode(*session));
    const std::string& now = session->plugin_version();
    if (now != state_.plugin_version()) return ReplacedMeanwhile(context_.connection.id(), now);
    result_.scope_hash = session->scope_hash();
    StartOverInAnotherScope();
    trouble_ = absl::OkStatus();

    ReadRequest request;
    request.set_stream(context_.stream.stream);
    request.set_mode(mode_);
    request.set_cursor(state_.cursor());
    request.set_cursor_version(state_.cursor_version());
    request.set_epoch(session->epoch());
    BB_RETURN_IF_ERROR(session->Read(
        request, [this](const ReadResponse& response) { return OnEvent(response); }, cancel));
    return trouble_;
  }

  // What another scope shows may have been there all along, and changed long ago.
  void StartOverInAnotherScope() {
    const bool another = !state_.scope_hash().empty() && state_.scope_hash() != result_.scope_hash;
    if (mode_ == ReadRequest::MODE_DELTA && another && !started_over_) state_.clear_cursor();
    started_over_ = started_over_ || another;
  }

  absl::Status LearnMode(supervisor::Session& session) {
    // What is kept comes into the form of the plugin's version before anything is read.
    if (session.plugin_version() != state_.plugin_version()) {
      BB_RETURN_IF_ERROR(
          FollowPluginVersion(context_.store, context_.connection, context_.stream, session));
      BB_RETURN_IF_ERROR(LoadState());
      state_.set_plugin_version(session.plugin_version());
    }
    BB_ASSIGN_OR_RETURN(const auto discovered, session.Discover());
    // What has changed says nothing of what another scope hides.
    const bool same_scope = state_.scope_hash() == session.scope_hash();
    const bool changes = context_.says_nothing != nullptr && same_scope;
    const WantedRead wanted{context_.connection.id(), context_.stream.stream, changes};
    BB_ASSIGN_OR_RETURN(mode_, ChooseMode(discovered, wanted, state_, context_.clock.Now()));
    mode_known_ = true;
    return absl::OkStatus();
  }

  absl::Status OnEvent(const ReadResponse& response) {
    switch (response.event_case()) {
      case ReadResponse::kBatch:
        for (const auto& record : response.batch().records()) BB_RETURN_IF_ERROR(OnRecord(record));
        return absl::OkStatus();
      case ReadResponse::kCheckpoint:
        return OnCheckpoint(response.checkpoint());
      case ReadResponse::kSnapshotEnd:
        return OnEnd(response.snapshot_end());
      case ReadResponse::kRecordError:
        ++result_.rejected;
        spared_.insert(response.record_error().external_id());
        batch_.rejected_rows.push_back(RejectedByPlugin(response.record_error()));
        return absl::OkStatus();
      case ReadResponse::kDiagnostic:
        if (response.diagnostic().severity() <= plugin::v1::Diagnostic::SEVERITY_ERROR) {
          trouble_ = FromDiagnostic(response.diagnostic(), context_.connection.id());
        }
        return absl::OkStatus();
      default:
        return absl::OkStatus();
    }
  }

  absl::Status OnRecord(plugin::v1::Record record) {
    ++result_.read;
    if (model::LooksLikeCpr(record.place())) record.clear_place();
    if (result_.read % kProgressEvery == 0) Report();
    const std::string& id = record.external_id();
    if (id.empty() || id.size() > kMaxExternalIdBytes) {
      spared_.insert("");
      return SetAside(record, id.substr(0, kMaxExternalIdBytes),
                      BadKey("the record has no key, or one of over 200 bytes"));
    }
    if (const absl::Status unfit = context_.screen(record); !unfit.ok()) {
      spared_.insert(id);
      return SetAside(record, "", unfit);
    }
    if (mode_ == ReadRequest::MODE_DELTA) batch_.readable.push_back(id);
    BB_RETURN_IF_ERROR(LoadKnown());
    if (id == context_.connection.canary_external_id()) result_.canary_seen = true;
    const bool silent = context_.says_nothing != nullptr && context_.says_nothing(record);
    if (silent && !known_.Knows(id)) return absl::OkStatus();

    const std::uint64_t hash = RecordHash(record);
    if (known_.ToldOtherwise(id, hash)) {
      const bool twin = mode_ == ReadRequest::MODE_SNAPSHOT && known_.Seen(id);
      if (twin) return SetAside(record, id, BadKey(kSameKey));
      BB_RETURN_IF_ERROR(MakeRoomForNewer());
    }
    KnownRecord& known = known_.Change(id);
    known.seen = !record.deleted();
    known.seen_hash = hash;
    return Compare(std::move(record), hash, known);
  }

  absl::Status Compare(plugin::v1::Record record, std::uint64_t hash, KnownRecord& known) {
    const std::string key = context_.stream.For(record.external_id());
    if (record.deleted()) {
      TakeAway(key, kPendingVanished, known);
      return absl::OkStatus();
    }
    if (known.live && known.agreed_hash == hash && known.pending != kPendingTold[0]) {
      // Said what it has said all along; it is not absent after all.
      if (known.pending != 0) {
        batch_.settled.push_back(key);
        known.pending = 0;
      }
      return absl::OkStatus();
    }
    return TakeDown(std::move(record), hash, known, key);
  }

  // The record tells something new: keep it as a claim, and what the source said
  // when it and the registry last agreed.
  absl::Status TakeDown(plugin::v1::Record record,
                        std::uint64_t hash,
                        KnownRecord& known,
                        const std::string& key) {
    v1::Claim claim;
    if (!stream_is_new_) {
      BB_ASSIGN_OR_RETURN(const auto latest, context_.store.Latest());
      BB_ASSIGN_OR_RETURN(auto before, Load<v1::Claim>(*latest, Kind::kClaim, key));
      // Told before: it waits for a plan or for a person, was refused, or comes back as
      // it was.
      const bool kept = !known.agreed_hash && (known.live || !known.linked);
      if (before && before->told_hash() == hash && (known.pending == kPendingTold[0] || kept)) {
        return absl::OkStatus();
      }
      if (before) CarryAgreed(*before, known.agreed_hash, hash, claim);
    }
    ++result_.changed;
    claim.mutable_told()->Swap(&record);
    claim.set_told_hash(hash);
    claim.set_run_id(context_.run_id);
    *claim.mutable_registered_time() = base::ToTimestamp(context_.clock.Now());
    batch_.puts.push_back({Kind::kClaim, key, claim.SerializeAsString()});
    AwaitPlan(key, kPendingTold, known);
    return absl::OkStatus();
  }

  void TakeAway(const std::string& key, const char* what, KnownRecord& known) {
    if (known.live) return AwaitPlan(key, what, known);
    // It is gone before anybody could use what it told.
    if (known.pending != kPendingTold[0]) return;
    batch_.settled.push_back(key);
    // One that was never linked must be news again if it comes back.
    if (!known.agreed_hash) batch_.forgotten.push_back(key);
    known.pending = 0;
  }

  // Of a record that was changed while the changes were read, the newest counts; what
  // it told before must be where the newest is compared with it.
  absl::Status MakeRoomForNewer() {
    BB_RETURN_IF_ERROR(Flush());
    return window_.Drain();
  }

  void AwaitPlan(const std::string& key, const char* what, KnownRecord& known) {
    known.pending = what[0];
    batch_.puts.push_back({Kind::kPending, key, what});
  }

  absl::Status SetAside(const plugin::v1::Record& record,
                        const std::string& external_id,
                        const absl::Status& why) {
    ++result_.rejected;
    const std::string place =
        record.place().empty() ? "record " + std::to_string(result_.read) : record.place();
    batch_.rejected_rows.push_back(RejectedByHub(external_id, place, why));
    return absl::OkStatus();
  }

  absl::Status OnCheckpoint(const plugin::v1::Checkpoint& checkpoint) {
    state_.set_cursor(checkpoint.cursor());
    state_.set_cursor_version(checkpoint.cursor_version());
    state_.set_complete(mode_ == ReadRequest::MODE_DELTA);
    return Flush();
  }

  // Commits what was read since the last checkpoint together with the cursor.
  absl::Status Flush() {
    IntakeBatch batch;
    std::swap(batch, batch_);
    at_checkpoint_ = result_;
    known_.Commit();
    const std::string state = state_.SerializeAsString();
    return window_.Submit(
        [batch = std::move(batch), state, stream = context_.stream,
         run_id = context_.run_id](storage::Transaction& transaction) {
          BB_RETURN_IF_ERROR(Write(transaction, stream, run_id, batch));
          return transaction.Put(Kind::kStreamState, stream.prefix(), state);
        },
        [this] { context_.supervisor.Committed(base::ConnectionId(context_.connection.id())); });
  }

  absl::Status OnEnd(const plugin::v1::SnapshotEnd& end) {
    ended_ = true;
    result_.complete = end.complete();
    result_.unchanged = end.unchanged();
    if (!end.scope_hash().empty()) result_.scope_hash = end.scope_hash();
    return absl::OkStatus();
  }

  // The read is over and what it brought is committed. Only a complete snapshot
  // lets anything be concluded from the records it lacked.
  absl::Status Conclude() {
    const bool delta = mode_ == ReadRequest::MODE_DELTA;
    result_.complete = result_.complete || delta;
    // The record that must be visible need not have changed.
    result_.canary_seen = result_.canary_seen || delta;
    result_.scope_changed =
        !state_.scope_hash().empty() && state_.scope_hash() != result_.scope_hash;
    const bool snapshot = !delta && result_.complete && !result_.unchanged;
    if (snapshot) BB_RETURN_IF_ERROR(ConcludeFromAbsence());
    if (delta || snapshot) state_.set_scope_hash(result_.scope_hash);
    if (snapshot) {
      state_.set_screen_fingerprint(context_.screen_fingerprint);
      *state_.mutable_list_time() = base::ToTimestamp(context_.clock.Now());
    }
    if (result_.unchanged) {
      // Nothing to commit, but the plugin has done its work.
      context_.supervisor.Committed(base::ConnectionId(context_.connection.id()));
      return absl::OkStatus();
    }
    state_.set_complete(result_.complete);
    BB_RETURN_IF_ERROR(Flush());
    // No news is not an empty list.
    result_.unchanged = delta && result_.read == 0;
    return window_.Drain();
  }

  absl::Status ConcludeFromAbsence() {
    BB_RETURN_IF_ERROR(MarkAbsent());
    const auto seen = [this](const std::string& id) { return known_.Seen(id); };
    BB_RETURN_IF_ERROR(window_.Submit([this, seen](storage::Transaction& transaction) {
      return ForgetOlderReads(transaction, context_.stream, context_.run_id, seen);
    }));
    return window_.Drain();
  }

  // A record that another scope merely hides is not gone, also when it is hidden again.
  absl::Status MarkAbsent() {
    if (spared_.contains("")) return absl::OkStatus();
    BB_RETURN_IF_ERROR(LoadKnown());
    for (auto& [id, known] : known_.all()) {
      if (known.seen || spared_.contains(id)) continue;
      const bool hidden = result_.scope_changed || known.pending == kPendingHidden[0];
      TakeAway(context_.stream.For(id), hidden ? kPendingHidden : kPendingVanished, known);
      if (batch_.puts.size() >= 500) BB_RETURN_IF_ERROR(Flush());
    }
    return absl::OkStatus();
  }

  absl::Status LoadKnown() {
    if (known_.loaded()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const auto latest, context_.store.Latest());
    return known_.Load(*latest, context_.stream);
  }

  // What was read after the last checkpoint comes again, and is as new as it was then.
  void RollBackToCheckpoint() {
    batch_ = {};
    known_.RollBack();
    result_ = at_checkpoint_;
    ended_ = false;
  }

  void Report() const {
    v1::Progress progress;
    progress.set_phase(v1::Progress::PHASE_READING);
    progress.set_done(result_.read);
    if (*progress_) (*progress_)(progress);
  }

  const Context context_;
  const ProgressSink* progress_ = nullptr;
  ReadRequest::Mode mode_ = ReadRequest::MODE_SNAPSHOT;
  bool mode_known_ = false;
  bool stream_is_new_ = false;
  bool ended_ = false;
  bool started_over_ = false;
  v1::StreamState state_;
  KnownRecords known_;
  // Records that could not be used, which are not absent for that; "" may be any of those.
  std::set<std::string> spared_;
  IntakeBatch batch_;
  IntakeResult result_;
  IntakeResult at_checkpoint_;
  absl::Status trouble_;
  WriteWindow window_;  // last: it waits for bodies that use all of the above
};

Intake::Intake(Context context) : reader_(std::make_unique<Reader>(std::move(context))) {}
Intake::~Intake() = default;

absl::StatusOr<IntakeResult> Intake::Run(const supervisor::ProcessSpec& spec,
                                         const ProgressSink& progress,
                                         const supervisor::CancelToken& cancel) {
  return reader_->Run(spec, progress, cancel);
}

}  // namespace brobygger::sync
