#include "core/people/erasure_ledger.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"

namespace brobygger::people {
namespace {

constexpr std::size_t kDigestDigits = 64;

bool IsDigest(const std::string& text) {
  return text.size() == kDigestDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isxdigit(c); });
}

}  // namespace

absl::StatusOr<std::unique_ptr<ErasureLedger>> ErasureLedger::Open(const audit::Disk& disk,
                                                                   const std::string& path) {
  absl::StatusOr<std::string> bytes = audit::ReadFile(path);
  if (!bytes.ok() && !absl::IsNotFound(bytes.status())) return bytes.status();
  BB_ASSIGN_OR_RETURN(auto file, disk.Open(path));
  BB_RETURN_IF_ERROR(disk.SyncFolder(path.substr(0, path.rfind('/'))));
  std::unique_ptr<ErasureLedger> ledger(new ErasureLedger(std::move(file)));
  if (bytes.ok()) BB_RETURN_IF_ERROR(ledger->Read(*bytes));
  BB_RETURN_IF_ERROR(ledger->file_->Truncate(ledger->size_));
  return ledger;
}

absl::Status ErasureLedger::Read(const std::string& bytes) {
  size_ = bytes.rfind('\n') == std::string::npos ? 0 : bytes.rfind('\n') + 1;
  const std::vector<std::string> lines =
      absl::StrSplit(bytes.substr(0, size_), '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    std::vector<std::string> words = absl::StrSplit(line, ' ');
    Erasure erasure;
    erasure.person_id = words.front();
    erasure.suppressions.assign(words.begin() + 1, words.end());
    const bool readable =
        base::IsUuid(erasure.person_id) &&
        std::all_of(erasure.suppressions.begin(), erasure.suppressions.end(), IsDigest);
    if (!readable) {
      return absl::DataLossError(absl::StrCat("line ", found_.size() + 1,
                                              " of the list of erased persons cannot be read; "
                                              "restore people.erasures before the hub starts"));
    }
    ids_.insert(erasure.person_id);
    found_.push_back(std::move(erasure));
  }
  return absl::OkStatus();
}

absl::Status ErasureLedger::Append(const std::vector<Erasure>& erasures) {
  std::string lines;
  for (const Erasure& erasure : erasures) {
    absl::StrAppend(&lines, erasure.person_id);
    for (const std::string& digest : erasure.suppressions) absl::StrAppend(&lines, " ", digest);
    lines += '\n';
  }
  // At the same place again after an error: the lines before it are never touched.
  BB_RETURN_IF_ERROR(file_->WriteAt(size_, lines));
  BB_RETURN_IF_ERROR(file_->Truncate(size_ + lines.size()));
  BB_RETURN_IF_ERROR(file_->Sync());
  size_ += lines.size();
  for (const Erasure& erasure : erasures) ids_.insert(erasure.person_id);
  return absl::OkStatus();
}

}  // namespace brobygger::people
