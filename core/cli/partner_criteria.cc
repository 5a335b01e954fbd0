#include "core/cli/partner_criteria.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include <absl/strings/ascii.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/status_macros.h"
#include "core/cli/output.h"
#include "core/cli/private_file.h"
#include "core/cli/registry_codes.h"
#include "core/web/problem.h"

namespace brobygger::cli {
namespace {

using discovery::v1::FollowPartnersRequest;
using discovery::v1::PartnerCriteria;

void AddTexts(const std::vector<std::string>& typed,
              google::protobuf::RepeatedPtrField<std::string>& texts) {
  for (const std::string& each : typed) *texts.Add() = each;
}

// Of what is a code, several may be typed with commas between them, as in a query; in the name of
// an activity or an area a comma is one.
std::vector<std::string> Listed(const std::vector<std::string>& typed) {
  std::vector<std::string> values;
  for (const std::string& each : typed) {
    const std::vector<std::string> split = absl::StrSplit(each, ',');
    for (const std::string& value : split) {
      values.emplace_back(absl::StripAsciiWhitespace(value));
    }
  }
  return values;
}

}  // namespace

void AddCriteria(Command& command, CriteriaOptions& options) {
  command
      .Words("QUERY", options.words,
             {.summary = "Words, \"phrases\", prefix*, field:value and -not; nothing: all"})
      .Options("--activity", options.activities,
               {.summary = "What it should do, as in lektiecafe or lektie*"})
      .Options("--theme", options.themes,
               {.summary = "What it should be about; several: any of them",
                .completes = Completes::kWord,
                .words = ThemeWords()})
      .Options("--audience", options.audiences,
               {.summary = "Whom it should be for",
                .completes = Completes::kWord,
                .words = AudienceWords()})
      .Options("--language", options.languages, {.summary = "Language spoken, as in ar or ar,kmr"})
      .Options("--area", options.areas, {.summary = "Area or postal district, as in Nordby"})
      .Options("--weekday", options.weekdays,
               {.summary = "Day of the week, as in torsdag or tirsdag,torsdag"})
      .Options("--municipality", options.municipalities, {.summary = "Home, by municipality code"})
      .Number("--capacity", options.capacity, "How many must be able to take part")
      .Option("--updated-since", options.updated_since,
              {.summary = "Changed on this day or later, as in 2026-11-01"});
}

absl::StatusOr<PartnerCriteria> ToCriteria(const CriteriaOptions& options) {
  PartnerCriteria criteria;
  criteria.set_query(absl::StrJoin(options.words, " "));
  BB_RETURN_IF_ERROR(AddThemes(Listed(options.themes), *criteria.mutable_themes()));
  BB_RETURN_IF_ERROR(AddAudiences(Listed(options.audiences), *criteria.mutable_audiences()));
  AddTexts(Listed(options.languages), *criteria.mutable_language_codes());
  AddTexts(options.areas, *criteria.mutable_areas());
  AddTexts(options.activities, *criteria.mutable_activities());
  AddTexts(Listed(options.weekdays), *criteria.mutable_weekdays());
  AddTexts(Listed(options.municipalities), *criteria.mutable_municipality_codes());
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  criteria.set_min_capacity(static_cast<std::int32_t>(std::min(options.capacity, kMost)));
  criteria.set_updated_since_date(options.updated_since);
  return criteria;
}

absl::Status NamingOptions(const absl::Status& status) {
  static constexpr std::array<web::ParameterName, 9> kNames = {
      {{"themes", "--theme"},
       {"audiences", "--audience"},
       {"language_codes", "--language"},
       {"areas", "--area"},
       {"activities", "--activity"},
       {"weekdays", "--weekday"},
       {"min_capacity", "--capacity"},
       {"updated_since_date", "--updated-since"},
       {"municipality_codes", "--municipality"}}};
  return status.ok() ? status : web::NamingParameters(status, kNames);
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
