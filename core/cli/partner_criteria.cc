#include "core/cli/partner_criteria.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include <absl/strings/str_join.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/status_macros.h"
#include "core/cli/output.h"
#include "core/cli/private_file.h"
#include "core/cli/registry_codes.h"

namespace brobygger::cli {
namespace {

using discovery::v1::FollowPartnersRequest;
using discovery::v1::PartnerCriteria;

void AddTexts(const std::vector<std::string>& typed,
              google::protobuf::RepeatedPtrField<std::string>& texts) {
  for (const std::string& each : typed) *texts.Add() = each;
}

}  // namespace

void AddCriteria(Command& command, CriteriaOptions& options) {
  command
      .Words("QUERY", options.words,
             {.summary = "Words, \"phrases\", prefix*, field:value and -not; nothing: all"})
      .Options("--activity", options.activities, {.summary = "What it should do, as in lektiecafe"})
      .Options("--theme", options.themes,
               {.summary = "What it should be about; several: any of them",
                .completes = Completes::kWord,
                .words = ThemeWords()})
      .Options("--audience", options.audiences,
               {.summary = "Whom it should be for",
                .completes = Completes::kWord,
                .words = AudienceWords()})
      .Options("--language", options.languages, {.summary = "Language spoken, as in ar"})
      .Options("--area", options.areas, {.summary = "Area or postal district, as in Nordby"})
      .Options("--weekday", options.weekdays, {.summary = "Day of the week, as in torsdag"})
      .Options("--municipality", options.municipalities, {.summary = "Home, by municipality code"})
      .Number("--capacity", options.capacity, "How many must be able to take part")
      .Option("--updated-since", options.updated_since,
              {.summary = "Changed on this day or later, as in 2026-11-01"});
}

absl::StatusOr<PartnerCriteria> ToCriteria(const CriteriaOptions& options) {
  PartnerCriteria criteria;
  criteria.set_query(absl::StrJoin(options.words, " "));
  BB_RETURN_IF_ERROR(AddThemes(options.themes, *criteria.mutable_themes()));
  BB_RETURN_IF_ERROR(AddAudiences(options.audiences, *criteria.mutable_audiences()));
  AddTexts(options.languages, *criteria.mutable_language_codes());
  AddTexts(options.areas, *criteria.mutable_areas());
  AddTexts(options.activities, *criteria.mutable_activities());
  AddTexts(options.weekdays, *criteria.mutable_weekdays());
  AddTexts(options.municipalities, *criteria.mutable_municipality_codes());
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  criteria.set_min_capacity(static_cast<std::int32_t>(std::min(options.capacity, kMost)));
  criteria.set_updated_since_date(options.updated_since);
  return criteria;
}

std::string FollowedPath(const std::string& name) {
  return ConfigFolder() + "/followed/" + name + ".json";
}

absl::StatusOr<std::optional<FollowPartnersRequest>> LoadFollowed(const std::string& name) {
  BB_RETURN_IF_ERROR(CheckPrivateName("A followed question", name));
  const std::string path = FollowedPath(name);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::optional<FollowPartnersRequest>();
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  FollowPartnersRequest followed;
  const auto read = google::protobuf::util::JsonStringToMessage(text, &followed);
  if (!file || !read.ok()) {
    return absl::InvalidArgumentError(fmt::format(
        "The file {} cannot be read; take it away and follow with the question anew.", path));
  }
  return std::optional<FollowPartnersRequest>(std::move(followed));
}

absl::Status SaveFollowed(const std::string& name, const FollowPartnersRequest& followed) {
  BB_RETURN_IF_ERROR(CheckPrivateName("A followed question", name));
  const std::string path = FollowedPath(name);
  if (ReplacePrivateFile(path, ToJson(followed) + "\n")) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("The file {} cannot be written.", path));
}

}  // namespace brobygger::cli
