#include "plugins/centres/hsds/reader.h"

#include <chrono>
#include <map>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/centres/hsds/organization.h"
#include "plugins/centres/hsds/trouble.h"
#include "plugins/common/digest.h"
#include "plugins/common/percent.h"

namespace brobygger::hsds {
namespace {

constexpr int kMostFailuresInARow = 5;
constexpr std::int64_t kWholeEveryDays = 7;
constexpr char kList[] = "/organizations";
// Servers that know neither answer with plain items, and each is asked for by itself.
constexpr char kWholeList[] = "/organizations?full=true&full_service=true";
constexpr char kServiceStamps[] = "/services?minimal=true";
// The cursor of a read after which the next one reads all again.
constexpr char kNoStamps[] = "read";

std::int64_t Today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::hours>(now).count() / 24;
}

// When it last changed, by either name: the OpenAPI document says modified_date of the minimal
// list.
std::string StampOf(const json& item) {
  std::string stamp = TextAt(item, "last_modified");
  return stamp.empty() ? TextAt(item, "modified_date") : stamp;
}

absl::Status Cut() { return absl::OutOfRangeError("enough"); }

}  // namespace

absl::Status OrganizationReader::Read(const sdk::ReadRequest& request) {
  most_records_ = request.max_records();
  std::string stamps;
  if (parts_.config.trusts_last_modified) {
    auto found = Stamps();
    if (!found.ok()) return found.status();
    stamps = *std::move(found);
    if (IsUnchanged(request, stamps)) {
      sdk::SnapshotEnd end;
      end.set_complete(true);
      end.set_unchanged(true);
      return sink_.EndSnapshot(std::move(end));
    }
  }
  const auto listed = ReadPages(parts_.client, kWholeList, parts_.config.page_size,
                                [this](const json& item) { return TakeItem(item); });
  if (enough_) return End(false, "");
  if (!listed.ok()) return listed.status();
  bool whole = listed->IsWhole();
  if (listed->pages > 1) {
    absl::Status looked = LookAgain(whole);
    if (enough_) return End(false, "");
    if (!looked.ok()) return looked;
  }
  return End(whole, stamps);
}

absl::StatusOr<std::string> OrganizationReader::Stamps() {
  std::map<std::string, std::string> stamps;
  bool all = true;
  for (const char* list : {kList, kServiceStamps}) {
    const auto listed =
        ReadPages(parts_.client, list, parts_.config.page_size, [&](const json& item) {
          std::string stamp = StampOf(item);
          all = all && !stamp.empty();
          stamps[absl::StrCat(list, " ", TextAt(item, "id"))] = std::move(stamp);
          return absl::OkStatus();
        });
    if (!listed.ok()) return listed.status();
    all = all && listed->IsWhole();
  }
  if (!all) {
    parts_.log.Warn("not every item has a last_modified: all is read anew");
    return "";
  }
  std::string text;
  for (const auto& [id, stamp] : stamps) absl::StrAppend(&text, id, "\n", stamp, "\n");
  return common::Sha256(text);
}

std::string OrganizationReader::CursorFor(const std::string& stamps) const {
  return absl::StrCat(common::Sha256(stamps, parts_.form), ":", Today());
}

bool OrganizationReader::IsUnchanged(const sdk::ReadRequest& request,
                                     const std::string& stamps) const {
  if (stamps.empty() || request.cursor_version() != kCursorVersion) return false;
  for (std::int64_t day = Today(); day > Today() - kWholeEveryDays; --day) {
    const std::string cursor = absl::StrCat(common::Sha256(stamps, parts_.form), ":", day);
    if (request.cursor() == cursor) return true;
  }
  return false;
}

absl::Status OrganizationReader::TakeItem(const json& item) {
  if (most_records_ > 0 && sent_ == most_records_) {
    enough_ = true;
    return Cut();
  }
  const std::string id = TextAt(item, "id");
  if (!id.empty() && !seen_.insert(id).second) return absl::OkStatus();
  if (id.empty() || IsWhole(item)) return TakeWhole(item);
  const auto whole =
      parts_.client.Get(absl::StrCat(kList, "/", common::UrlEncoded(id), "?full_service=true"));
  if (!whole.ok()) return SetAside(id, whole.status());
  if (TextAt(*whole, "id") != id) {
    return SetAside(id, Failure(Fault::kUnexpected, absl::StrCat(kList, "/", id)));
  }
  return TakeWhole(*whole);
}

absl::Status OrganizationReader::TakeWhole(const json& organization) {
  const auto services = Services(organization);
  if (!services.ok()) return services.status();
  failures_in_a_row_ = *services == nullptr ? failures_in_a_row_ : 0;
  auto record = ToRecord({.organization = &organization,
                          .services = *services,
                          .language = parts_.config.language,
                          .terms = &parts_.config.terms});
  if (!record.ok()) return Reject(TextAt(organization, "id"), record.status());
  auto& fields = *record->mutable_fields();
  for (auto field = fields.begin(); field != fields.end();) {
    const bool wanted = parts_.selected.empty() || parts_.selected.count(field->first) > 0;
    field = wanted ? std::next(field) : fields.erase(field);
  }
  ++sent_;
  return sink_.Add(*std::move(record));
}

absl::StatusOr<const std::vector<json>*> OrganizationReader::Services(const json& organization) {
  const NamedServices named = ServicesOf(organization);
  const json& inside = ListAt(organization, "services");
  services_.assign(inside.begin(), inside.end());
  if (named.whole) return &services_;
  services_.clear();
  bool all = true;
  for (const std::string& id : named.ids) {
    auto service = parts_.client.Get(absl::StrCat("/services/", common::UrlEncoded(id)));
    if (service.ok()) {
      services_.push_back(*std::move(service));
    } else if (!absl::IsNotFound(service.status())) {
      all = false;
      const absl::Status gone = SetAside(TextAt(organization, "id"), service.status());
      if (!gone.ok()) return gone;
    }
  }
  return all ? &services_ : nullptr;
}

absl::Status OrganizationReader::SetAside(const std::string& external_id, const absl::Status& why) {
  if (!IsAboutOne(why) || ++failures_in_a_row_ == kMostFailuresInARow) return why;
  return Reject(external_id, why);
}

absl::Status OrganizationReader::Reject(const std::string& external_id, const absl::Status& why) {
  all_told_ = false;
  sdk::RecordError error;
  error.set_external_id(external_id);
  *error.mutable_diagnostic() = sdk::DiagnosticOf(why);
  return sink_.Reject(std::move(error));
}

absl::Status OrganizationReader::LookAgain(bool& whole) {
  std::set<std::string> missed;
  const auto listed =
      ReadPages(parts_.client, kList, parts_.config.page_size, [&](const json& item) {
        const std::string id = TextAt(item, "id");
        if (!id.empty() && seen_.count(id) == 0) missed.insert(id);
        return absl::OkStatus();
      });
  if (!listed.ok()) return listed.status();
  whole = listed->IsWhole();
  for (const std::string& id : missed) {
    if (absl::Status gone = TakeItem({{"id", id}}); !gone.ok()) return gone;
  }
  return absl::OkStatus();
}

absl::Status OrganizationReader::End(bool whole, const std::string& stamps) {
  if (!whole && !enough_) {
    parts_.log.Warn("the server lists fewer than it says that it has: nothing is concluded");
  }
  const bool trusted = whole && all_told_ && !stamps.empty();
  const std::string cursor = trusted ? CursorFor(stamps) : kNoStamps;
  const absl::Status saved = sink_.Checkpoint(cursor, kCursorVersion);
  if (!saved.ok() || enough_) return saved;
  sdk::SnapshotEnd end;
  end.set_record_count(sent_);
  end.set_complete(whole);
  return sink_.EndSnapshot(std::move(end));
}

}  // namespace brobygger::hsds
