// A hub with one seeded bug, for tests that prove that the harness finds it:
// faulty_hub BUG CONFIGURATION.
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "core/daemon/config.h"
#include "core/daemon/serve.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "core/storage/store_around.h"
#include "tests/core/storage/sqlite/fault_vfs.h"

namespace brobygger {
namespace {

using storage::Kind;
using storage::Revision;
using storage::StoreAround;
using storage::Transaction;

// Answers a write when its body has run, before anything is committed.
class EarlyAnswer final : public StoreAround {
 public:
  using StoreAround::StoreAround;
  void Submit(std::string actor, Body body, Done done) override {
    StoreAround::Submit(
        std::move(actor),
        [body = std::move(body), done](Transaction& transaction) {
          const absl::Status status = body(transaction);
          if (status.ok()) {
            done(transaction.revision());
          } else {
            done(status);
          }
          return status;
        },
        [](const absl::StatusOr<Revision>& /*told already*/) {});
  }
};

// A transaction that loses what it is told about answered requests.
class Forgetful final : public Transaction {
 public:
  explicit Forgetful(Transaction& inner) : inner_(inner) {}

  Revision revision() const override { return inner_.revision(); }
  base::Instant now() const override { return inner_.now(); }
  absl::StatusOr<storage::Bytes> Find(Kind kind, const std::string& key) const override {
    return inner_.Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(Kind kind,
                                                   const storage::KeyRange& range) const override {
    return inner_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    return inner_.ScanIndex(index, range);
  }
  absl::Status Put(Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<storage::IndexTerm> terms) override {
    if (kind == Kind::kRequestAnswer) return absl::OkStatus();
    return inner_.Put(kind, key, std::move(bytes), std::move(terms));
  }
  absl::Status Remove(Kind kind, const std::string& key) override {
    return inner_.Remove(kind, key);
  }

 private:
  Transaction& inner_;
};

class ForgottenRequest final : public StoreAround {
 public:
  using StoreAround::StoreAround;
  void Submit(std::string actor, Body body, Done done) override {
    StoreAround::Submit(
        std::move(actor),
        [body = std::move(body)](Transaction& transaction) {
          Forgetful forgetful(transaction);
          return body(forgetful);
        },
        std::move(done));
  }
};

absl::StatusOr<std::unique_ptr<storage::Store>> OpenFaulty(const std::string& bug,
                                                           storage::SqliteOptions options) {
  if (bug == "unflushed") options.synchronous = storage::Synchronous::kNormal;
  if (bug == "ignored-flush-error") {
    static support::FaultVfs vfs("brobygger-ignores-flush-errors");
    vfs.ignore_sync_errors = true;
    options.vfs = vfs.name();
  }
  auto store = storage::OpenSqliteStore(std::move(options));
  if (!store.ok()) return store.status();
  if (bug == "early-answer") return std::make_unique<EarlyAnswer>(*std::move(store));
  if (bug == "forgotten-request") return std::make_unique<ForgottenRequest>(*std::move(store));
  return store;
}

int Main(const std::string& bug, const std::string& configuration) {
  const auto config = daemon::LoadConfig(configuration);
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return daemon::kExitFailed;
  }
  daemon::ServeOptions options;
  options.open_store = [&bug](const daemon::Config& chosen, const base::Clock& clock,
                              daemon::OnFatal on_fatal) {
    storage::SqliteOptions sqlite;
    sqlite.path = chosen.data_dir + "/registry.db";
    sqlite.clock = &clock;
    sqlite.on_fatal = std::move(on_fatal);
    return OpenFaulty(bug, std::move(sqlite));
  };
  return daemon::Serve(*config, options);
}

}  // namespace
}  // namespace brobygger

int main(int count, char** arguments) {
  return count == 3 ? brobygger::Main(arguments[1], arguments[2]) : 2;
}
