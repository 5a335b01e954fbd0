#include "core/report/programmes.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/util/message_differencer.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"

namespace brobygger::report {
namespace {

using model::BrokenRule;
using model::Place;
using storage::Kind;
using v1::Programme;

constexpr std::size_t kLongestId = 32;
constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kLongestEstimate = 50;
constexpr int kHighestTarget = 1'000'000;

absl::Status CheckShortName(const std::string& id) {
  const Place place{nullptr, "short_name"};
  const bool plain = std::all_of(id.begin(), id.end(), [](char sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9') || sign == '-';
  });
  if (!id.empty() && id.size() <= kLongestId && plain) return absl::OkStatus();
  return BrokenRule(place, "must be 1-32 of the letters a-z, digits and hyphens, as in \"kem\"");
}

absl::Status FixPeriod(Programme& programme) {
  const auto fix = [](const char* name, std::string& date) -> absl::Status {
    BB_RETURN_IF_ERROR(model::FixDate({nullptr, name}, date));
    return date.empty() ? BrokenRule({nullptr, name}, "is required") : absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(fix("start_date", *programme.mutable_start_date()));
  BB_RETURN_IF_ERROR(fix("end_date", *programme.mutable_end_date()));
  if (programme.end_date() >= programme.start_date()) return absl::OkStatus();
  return BrokenRule({nullptr, "end_date"}, "must not be before start_date");
}

absl::Status FixEstimate(Programme& programme) {
  BB_RETURN_IF_ERROR(model::FixLine({nullptr, "national_estimate"}, {0, kLongestEstimate},
                                    *programme.mutable_national_estimate()));
  BB_RETURN_IF_ERROR(model::FixLine({nullptr, "national_source"}, {0, kLongestLine},
                                    *programme.mutable_national_source()));
  if (programme.national_estimate().empty() == programme.national_source().empty()) {
    return absl::OkStatus();
  }
  return BrokenRule({nullptr, "national_source"}, "stands with national_estimate, or neither");
}

absl::Status CheckTargets(const Programme& programme) {
  const auto& targets = programme.targets();
  for (int i = 0; i < targets.size(); ++i) {
    const Place place{nullptr, "targets", i};
    if (targets[i].figure() == v1::REPORT_FIGURE_UNSPECIFIED) {
      return BrokenRule({&place, "figure"}, "is required");
    }
    BB_RETURN_IF_ERROR(model::CheckRange({&place, "value"}, targets[i].value(), 0, kHighestTarget));
  }
  return model::CheckUnique(
      {nullptr, "targets"}, [](const v1::ReportTarget& each) { return each.figure(); }, targets);
}

absl::Status NormalizeAndCheck(Programme& programme) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(programme, {}));
  BB_RETURN_IF_ERROR(CheckShortName(programme.short_name()));
  const Place title{nullptr, "title"};
  BB_RETURN_IF_ERROR(model::FixLine(title, {1, kLongestLine}, *programme.mutable_title()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(title, programme.title()));
  BB_RETURN_IF_ERROR(FixPeriod(programme));
  const Place codes{nullptr, "municipality_codes"};
  BB_RETURN_IF_ERROR(
      model::FixTexts(codes, &model::FixMunicipality, *programme.mutable_municipality_codes()));
  if (programme.municipality_codes().empty()) return BrokenRule(codes, "are required");
  BB_RETURN_IF_ERROR(
      model::CheckSize({nullptr, "association_ids"}, programme.association_ids_size()));
  BB_RETURN_IF_ERROR(FixEstimate(programme));
  return CheckTargets(programme);
}

// Those named, led to where they were merged, each once.
absl::Status SettleAssociations(const storage::Snapshot& snapshot, Programme& programme) {
  std::vector<std::string> ids;
  for (const std::string& id : programme.association_ids()) {
    BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, id));
    if (!association) return registry::AssociationNotFound(id);
    ids.push_back(association->id());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  programme.mutable_association_ids()->Assign(ids.begin(), ids.end());
  return absl::OkStatus();
}

absl::Status NotFound(const std::string& id) {
  return base::MakeError(errors::v1::ERROR_REASON_PROGRAMME_NOT_FOUND,
                         "there is no programme '" + registry::Shown(id) +
                             "' that you may see; see brobygger programme list",
                         {{"programme_id", registry::Shown(id)}});
}

}  // namespace

absl::StatusOr<Programme> GetProgramme(const storage::Snapshot& snapshot,
                                       const std::string& typed) {
  // There are few.
  BB_ASSIGN_OR_RETURN(const auto programmes, ListProgrammes(snapshot));
  const Programme* found = nullptr;
  for (const Programme& each : programmes) {
    if (each.id() == typed) return each;
    if (each.short_name() != typed) continue;
    if (found != nullptr) {
      return BrokenRule({nullptr, "programme_id"}, "is the short name of several; give the id");
    }
    found = &each;
  }
  return found == nullptr ? NotFound(typed) : absl::StatusOr<Programme>(*found);
}

absl::StatusOr<std::vector<Programme>> ListProgrammes(const storage::Snapshot& snapshot) {
  std::vector<Programme> programmes;
  const auto add = [&](Programme programme) {
    programmes.push_back(std::move(programme));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR((registry::ForEachRecord<Programme>(snapshot, Kind::kProgramme, "", add)));
  std::stable_sort(programmes.begin(), programmes.end(), [](const auto& left, const auto& right) {
    return left.short_name() < right.short_name();
  });
  return programmes;
}

absl::StatusOr<Programme> PutProgramme(storage::Transaction& transaction, Programme programme) {
  BB_RETURN_IF_ERROR(NormalizeAndCheck(programme));
  BB_RETURN_IF_ERROR(SettleAssociations(transaction, programme));
  Programme known;
  auto there = GetProgramme(transaction, programme.short_name());
  if (there.ok()) known = *std::move(there);
  if (!there.ok() && !absl::IsNotFound(there.status())) return there.status();
  BB_RETURN_IF_ERROR(registry::CheckEtag(
      programme.etag(), known.etag(), {"programme_id", registry::Shown(programme.short_name())}));
  programme.set_id(known.id().empty() ? base::MakeUuid() : known.id());
  programme.set_etag(known.etag());
  programme.clear_create_time();
  programme.clear_update_time();
  if (known.has_create_time()) *programme.mutable_create_time() = known.create_time();
  if (known.has_update_time()) *programme.mutable_update_time() = known.update_time();
  // A write that would change nothing is none.
  if (!known.id().empty() && google::protobuf::util::MessageDifferencer::Equals(known, programme)) {
    return programme;
  }
  *programme.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!programme.has_create_time()) *programme.mutable_create_time() = programme.update_time();
  programme.set_etag(registry::EtagOf(transaction.revision()));
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kProgramme, programme.id(), programme.SerializeAsString()));
  return programme;
}

}  // namespace brobygger::report
