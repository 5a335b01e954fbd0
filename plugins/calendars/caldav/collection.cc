#include "plugins/calendars/caldav/collection.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/match.h>

#include "brobygger/sdk/error.h"

namespace brobygger::caldav {
namespace {

constexpr std::size_t kBatch = 100;

bool IsGone(int status) { return status == 404 || status == 410; }

// "HTTP 503" is a failure that the server names itself; FaultOf cannot tell it from a 500.
bool SaysUnavailable(const absl::Status& status) {
  return sdk::DiagnosticOf(status).detail() == "HTTP 503";
}

}  // namespace

bool ServerAnswered(const absl::Status& status) {
  switch (FaultOf(status).value_or(Fault::kUnreachable)) {
    case Fault::kNoRight:
    case Fault::kNotThere:
    case Fault::kRefused:
    case Fault::kUnexpected:
      return true;
    case Fault::kServerFailed:
      return !SaysUnavailable(status);
    default:
      return false;
  }
}

Collection::Collection(Dav& dav, std::string path, Place place)
    : dav_(dav), path_(std::move(path)), place_(std::move(place)) {}

bool Collection::IsSelf(const Found& found, const std::string& answered_at) const {
  return SameCollection(found.path, path_) || SameCollection(found.path, answered_at);
}

Page Collection::ToPage(const Multistatus& answer) const {
  Page page{.token = answer.sync_token, .more = answer.more};
  for (const Found& found : answer.found) {
    const bool self = SameCollection(found.path, path_) || SameCollection(found.path, answer.path);
    if (self || found.is_collection || absl::EndsWith(found.path, "/")) continue;
    if (IsGone(found.status)) {
      page.removed.push_back(found.path);
    } else {
      page.present.push_back(found.path);
    }
  }
  return page;
}

absl::StatusOr<Page> Collection::Changes(const std::string& token) {
  const auto answer = dav_.Report(path_, SyncBody(token), place_);
  if (!answer.ok()) return answer.status();
  Page page = ToPage(*answer);
  if (page.token.empty() || (page.more && page.token == token)) {
    return Failure(Fault::kStuckToken, place_);
  }
  return page;
}

absl::StatusOr<Page> Collection::ListByPropfind() {
  const auto answer = dav_.Propfind(path_, 1, "<D:getetag/><D:resourcetype/>", place_);
  if (!answer.ok()) return answer.status();
  // Every server names the collection itself: an answer without it comes from something else.
  const bool whole = std::any_of(answer->found.begin(), answer->found.end(),
                                 [&](const Found& found) { return IsSelf(found, answer->path); });
  if (!whole) return Failure(Fault::kUnexpected, place_, "the collection itself is not listed");
  Page page = ToPage(*answer);
  page.token.clear();
  return page;
}

absl::StatusOr<Page> Collection::List() {
  const auto answer = dav_.Report(path_, SyncBody(""), place_);
  if (!answer.ok()) return ServerAnswered(answer.status()) ? ListByPropfind() : answer.status();
  Page page = ToPage(*answer);
  page.removed.clear();
  if (page.present.empty() && !page.more) {
    const auto other = ListByPropfind();
    if (!other.ok()) return other.status();
    if (!other->present.empty()) return Failure(Fault::kDisagrees, place_);
  }
  return page;
}

absl::Status Collection::FetchOne(const std::string& path, Take take) {
  const auto answer = dav_.Ask({.method = "GET", .path = path}, place_);
  if (!answer.ok()) return answer.status();
  if (IsGone(static_cast<int>(answer->status))) return absl::OkStatus();
  if (answer->status == 200) return take({.path = path, .text = answer->body});
  const absl::Status why = FailureOf(answer->status, answer->retry_after, place_);
  return ServerAnswered(why) ? take({.path = path, .error = why}) : why;
}

absl::Status Collection::TakeTold(const std::vector<Found>& told,
                                  std::set<std::string>& missing,
                                  Take take) {
  for (const Found& found : told) {
    const bool usable = found.has_data || IsGone(found.status);
    if (!usable || missing.erase(found.path) == 0 || !found.has_data) continue;
    const absl::Status taken = take({.path = found.path, .text = found.calendar_data});
    if (!taken.ok()) return taken;
  }
  return absl::OkStatus();
}

absl::Status Collection::FetchHalves(const std::vector<std::string>& paths, Take take) {
  const auto half = paths.begin() + static_cast<std::ptrdiff_t>(paths.size() / 2);
  const absl::Status first = FetchBatch({paths.begin(), half}, take);
  return first.ok() ? FetchBatch({half, paths.end()}, take) : first;
}

absl::Status Collection::FetchBatch(const std::vector<std::string>& paths, Take take) {
  const auto answer = dav_.Report(path_, MultigetBody(paths), place_);
  if (!answer.ok() && FaultOf(answer.status()) == Fault::kTooLarge) {
    if (paths.size() > 1) return FetchHalves(paths, take);
    return take({.path = paths[0], .error = answer.status()});
  }
  if (!answer.ok() && !ServerAnswered(answer.status())) return answer.status();
  // What the answer leaves out, or all if the server knows no multiget, is asked for one by one.
  std::set<std::string> missing(paths.begin(), paths.end());
  if (answer.ok()) {
    const absl::Status taken = TakeTold(answer->found, missing, take);
    if (!taken.ok()) return taken;
  }
  for (const std::string& path : missing) {
    if (absl::Status wrong = FetchOne(path, take); !wrong.ok()) return wrong;
  }
  return absl::OkStatus();
}

absl::Status Collection::Fetch(const std::vector<std::string>& paths, Take take) {
  for (std::size_t at = 0; at < paths.size(); at += kBatch) {
    const auto begin = paths.begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = std::min(kBatch, paths.size() - at);
    const absl::Status done = FetchBatch({begin, begin + static_cast<std::ptrdiff_t>(size)}, take);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace brobygger::caldav
