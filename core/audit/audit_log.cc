#include "core/audit/audit_log.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include <absl/synchronization/notification.h>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "core/audit/entry_rules.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

// Most bytes of records in one write, so that a long queue does not become one long wait.
constexpr std::size_t kMostGroupBytes = 4 << 20;
constexpr absl::Duration kWatchEvery = absl::Milliseconds(50);

v1::LogRecord NoteOf(const v1::ChainBreak& chain_break) {
  v1::LogRecord record;
  *record.mutable_chain_break() = chain_break;
  return record;
}

v1::LogRecord NoteOf(std::uint64_t segment, std::uint64_t torn_bytes) {
  v1::LogRecord record;
  record.mutable_torn_tail()->set_segment(segment);
  record.mutable_torn_tail()->set_cut_bytes(torn_bytes);
  return record;
}

// What the log has to say of itself before it goes on.
std::deque<v1::LogRecord> NotesOf(const Found& found) {
  std::deque<v1::LogRecord> notes;
  if (found.chain_break.has_value()) {
    notes.push_back(NoteOf(*found.chain_break));
    base::LogError("audit_chain_broken",
                   {{"segment", found.chain_break->segment()},
                    {"offset", found.chain_break->offset()},
                    {"last_good_sequence", found.chain_break->last_good_sequence()}});
  } else if (found.torn_bytes > 0) {
    notes.push_back(NoteOf(found.segment, found.torn_bytes));
    base::LogWarning("audit_torn_tail",
                     {{"segment", found.segment}, {"cut_bytes", found.torn_bytes}});
  }
  return notes;
}

}  // namespace

// One caller who waits. Without a record it waits only for what is before it.
struct AuditLog::Ticket {
  std::optional<v1::LogRecord> record;
  // Read by the caller only behind `done`.
  bool written = false;
  std::string trouble;
  absl::Notification done;
  // Of Submit(): who is told, once, and until when.
  Done then;
  Deadline deadline = {};
  std::atomic<bool> told = false;

  void Tell(const absl::Status& outcome) {
    if (then && !told.exchange(true)) then(outcome);
  }
  absl::Status Outcome() const { return written ? absl::OkStatus() : AuditUnavailable(trouble); }
};

// What is written together.
struct AuditLog::Group {
  std::vector<v1::LogRecord> records;  // first those of `soon`
  std::size_t soon = 0;
  std::vector<std::shared_ptr<Ticket>> tickets;
};

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(Options options) {
  BB_RETURN_IF_ERROR(MakeFolder(options.folder));
  BB_ASSIGN_OR_RETURN(auto lock, FolderLock::Take(options.folder));
  BB_ASSIGN_OR_RETURN(auto signer, OpenSigner(options.folder));
  const auto newest = NewestCheckpoint(options.folder, signer->public_key());
  BB_ASSIGN_OR_RETURN(const Found found, InspectLog(options.folder, newest));
  base::LogInfo("audit_opened",
                {{"newest_record", found.head.sequence},
                 {"public_key", base::LogValue::Vetted(PublicKeyText(signer->public_key()))}});
  std::unique_ptr<AuditLog> log(new AuditLog(std::move(options), std::move(lock), found));
  log->StartThreads(std::move(signer), newest.has_value() ? newest->head.sequence : 0);
  return log;
}

AuditLog::AuditLog(Options options, std::unique_ptr<FolderLock> lock, const Found& found)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      writer_({.folder = options_.folder,
               .disk = options_.disk,
               .segment_bytes = options_.segment_bytes},
              found),
      soon_(NotesOf(found)),
      soon_due_(std::chrono::steady_clock::now()),
      tellers_(std::make_unique<boost::asio::thread_pool>(
          static_cast<std::size_t>(std::max(1, options_.telling_threads)))) {
  for (v1::LogRecord& note : soon_) {
    *note.mutable_record_time() = base::ToTimestamp(options_.clock->Now());
  }
  health_.chain_broken = found.chain_break.has_value();
  health_.torn_bytes = found.chain_break.has_value() ? 0 : found.torn_bytes;
  health_.newest_record = writer_.head().sequence;
}

void AuditLog::StartThreads(std::unique_ptr<Signer> signer, std::uint64_t newest_checkpoint) {
  checkpointer_ = std::make_unique<Checkpointer>(
      Checkpointer::Settings{.folder = options_.folder,
                             .outside_folder = options_.outside_folder,
                             .clock = options_.clock,
                             .disk = options_.disk,
                             .records = options_.checkpoint_records,
                             .interval = options_.checkpoint_interval},
      std::move(signer), newest_checkpoint);
  checkpointer_->Offer(writer_.head());
  thread_ = std::thread([this] { Run(); });
  watch_ = std::thread([this] { WatchDeadlines(); });
}

AuditLog::~AuditLog() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  if (watch_.joinable()) watch_.join();
  tellers_->join();
  // Behind the last record, so that its last checkpoint tells of that.
  checkpointer_ = nullptr;
}

absl::Status AuditLog::Append(v1::Entry entry, Deadline deadline) {
  BB_RETURN_IF_ERROR(ValidateEntry(entry));
  const auto ticket = std::make_shared<Ticket>();
  ticket->record.emplace();
  *ticket->record->mutable_entry() = std::move(entry);
  *ticket->record->mutable_record_time() = base::ToTimestamp(options_.clock->Now());
  return Wait(ticket, deadline);
}

void AuditLog::Submit(v1::Entry entry, Deadline deadline, Done done) {
  if (absl::Status valid = ValidateEntry(entry); !valid.ok()) return done(std::move(valid));
  const auto ticket = std::make_shared<Ticket>();
  ticket->record.emplace();
  *ticket->record->mutable_entry() = std::move(entry);
  *ticket->record->mutable_record_time() = base::ToTimestamp(options_.clock->Now());
  ticket->then = std::move(done);
  ticket->deadline = deadline;
  {
    absl::MutexLock lock(&mutex_);
    if (urgent_.size() < options_.most_waiting) {
      urgent_.push_back(ticket);
      submitted_.push_back(ticket);
      return;
    }
  }
  ticket->Tell(AuditUnavailable("too many wait already"));
}

// The writing thread may hang with the disk, so another one tells those whose time is over.
void AuditLog::WatchDeadlines() {
  while (true) {
    std::vector<std::shared_ptr<Ticket>> overdue;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &AuditLog::HasSubmitted));
      if (stopping_) return;
      mutex_.AwaitWithTimeout(absl::Condition(this, &AuditLog::Stopping), kWatchEvery);
      const Deadline now = std::chrono::steady_clock::now();
      for (const auto& ticket : submitted_) {
        if (ticket->deadline < now && !ticket->told) overdue.push_back(ticket);
      }
      for (const auto& ticket : overdue) std::erase(urgent_, ticket);
      std::erase_if(submitted_,
                    [&](const auto& ticket) { return ticket->told || ticket->deadline < now; });
    }
    for (const auto& ticket : overdue) {
      ticket->Tell(AuditUnavailable("the disk did not answer in time"));
    }
  }
}

absl::Status AuditLog::Flush(Deadline deadline) {
  return Wait(std::make_shared<Ticket>(), deadline);
}

absl::Status AuditLog::Wait(const std::shared_ptr<Ticket>& ticket, Deadline deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (urgent_.size() >= options_.most_waiting) return AuditUnavailable("too many wait already");
    urgent_.push_back(ticket);
  }
  if (ticket->done.WaitForNotificationWithTimeout(TimeLeft(deadline))) return ticket->Outcome();
  absl::MutexLock lock(&mutex_);
  if (ticket->done.HasBeenNotified()) return ticket->Outcome();
  const auto place = std::find(urgent_.begin(), urgent_.end(), ticket);
  if (place != urgent_.end()) urgent_.erase(place);
  return AuditUnavailable("the disk did not answer in time");
}

absl::Status AuditLog::AppendSoon(v1::Entry entry) {
  BB_RETURN_IF_ERROR(ValidateEntry(entry));
  v1::LogRecord record;
  *record.mutable_entry() = std::move(entry);
  *record.mutable_record_time() = base::ToTimestamp(options_.clock->Now());
  absl::MutexLock lock(&mutex_);
  if (soon_.size() >= options_.most_waiting) return AuditUnavailable("too many wait already");
  if (soon_.empty()) soon_due_ = std::chrono::steady_clock::now() + options_.soon;
  soon_.push_back(std::move(record));
  return absl::OkStatus();
}

bool AuditLog::Idle() const { return !stopping_ && urgent_.empty() && soon_.empty(); }

bool AuditLog::HasUrgent() const { return stopping_ || !urgent_.empty(); }

void AuditLog::Run() {
  Group group;
  while (NextGroup(group)) WriteGroup(group);
}

bool AuditLog::NextGroup(Group& group) {
  group = Group();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &AuditLog::HasWork));
  mutex_.AwaitWithTimeout(absl::Condition(this, &AuditLog::HasUrgent), TimeLeft(soon_due_));
  std::size_t bytes = 0;
  for (; !soon_.empty() && bytes < kMostGroupBytes; soon_.pop_front()) {
    bytes += soon_.front().ByteSizeLong();
    group.records.push_back(std::move(soon_.front()));
  }
  group.soon = group.records.size();
  // Only when nothing is left of `soon_`: Flush() waits for all of it.
  for (; !urgent_.empty() && soon_.empty() && bytes < kMostGroupBytes; urgent_.pop_front()) {
    group.tickets.push_back(urgent_.front());
    if (!urgent_.front()->record.has_value()) continue;
    bytes += urgent_.front()->record->ByteSizeLong();
    group.records.push_back(*std::move(urgent_.front()->record));
  }
  in_flight_ = group.records.size();
  writing_since_ = std::chrono::steady_clock::now();
  return !group.records.empty() || !group.tickets.empty();
}

void AuditLog::WriteGroup(Group& group) {
  absl::Status status = absl::OkStatus();
  if (!group.records.empty()) status = writer_.Append(group.records);
  if (status.ok()) checkpointer_->Offer(writer_.head());
  bool changed = false;
  {
    absl::MutexLock lock(&mutex_);
    in_flight_ = 0;
    writing_since_.reset();
    health_.newest_record = writer_.head().sequence;
    changed = health_.writable != status.ok();
    health_.writable = status.ok();
    if (!status.ok()) GiveBack(group);
  }
  if (changed && status.ok()) base::LogInfo("audit_writable_again", {});
  if (changed && !status.ok()) {
    base::LogError("audit_unwritable",
                   {{"cause", base::LogValue::Vetted(std::string(status.message()))}});
  }
  TellGroup(group, status);
}

// The next group is written while the callers of this one are told: answering a call sends it, and
// a group of them would hold the next flush up one after the other.
void AuditLog::TellGroup(const Group& group, const absl::Status& status) {
  std::vector<std::shared_ptr<Ticket>> submitted;
  for (const auto& ticket : group.tickets) {
    ticket->written = status.ok();
    ticket->trouble = std::string(status.message());
    ticket->done.Notify();
    if (ticket->then) submitted.push_back(ticket);
  }
  const auto threads = static_cast<std::size_t>(std::max(1, options_.telling_threads));
  const std::size_t share = (submitted.size() + threads - 1) / threads;
  for (std::size_t from = 0; from < submitted.size(); from += share) {
    const auto begin = submitted.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(share, submitted.size() - from));
    boost::asio::post(*tellers_, [mine = std::vector(begin, end)] {
      for (const auto& ticket : mine) ticket->Tell(ticket->Outcome());
    });
  }
}

// Their callers have had their answers, so those of AppendSoon() are tried until the end.
void AuditLog::GiveBack(Group& group) {
  if (stopping_) {
    health_.lost_soon += group.soon;
    base::LogError("audit_entries_lost", {{"count", group.soon}});
    return;
  }
  for (std::size_t i = group.soon; i > 0; --i) {
    soon_.push_front(std::move(group.records[i - 1]));
  }
  soon_due_ = std::chrono::steady_clock::now() + options_.soon;
}

absl::StatusOr<RecordPage> AuditLog::EntriesAbout(const std::string& digest,
                                                  const RecordQuery& query) const {
  return Matching({.subject_digest = digest, .actor = {}}, query);
}

absl::StatusOr<RecordPage> AuditLog::EntriesBy(const std::string& actor,
                                               const RecordQuery& query) const {
  return Matching({.subject_digest = {}, .actor = actor}, query);
}

absl::StatusOr<RecordPage> AuditLog::Matching(const RecordFilter& filter,
                                              const RecordQuery& query) const {
  const AuditHealth now = health();
  BB_ASSIGN_OR_RETURN(RecordPage page,
                      ListRecords(options_.folder, filter, query, now.newest_record));
  // Wherever it is: what is missing on a page does not stand there.
  page.damaged = page.damaged || now.chain_broken;
  return page;
}

absl::StatusOr<RecordPage> AuditLog::All(const RecordQuery& query) const {
  return Matching({}, query);
}

AuditHealth AuditLog::health() const {
  AuditHealth health;
  {
    absl::MutexLock lock(&mutex_);
    health = health_;
    health.waiting = urgent_.size() + soon_.size() + in_flight_;
    if (writing_since_.has_value()) {
      health.writing_for = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - *writing_since_);
    }
  }
  health.checkpoints_failing = checkpointer_->failing();
  health.newest_checkpoint = checkpointer_->newest();
  return health;
}

std::string AuditLog::public_key() const {
  return PublicKeyText(checkpointer_->signer().public_key());
}

}  // namespace brobygger::audit
