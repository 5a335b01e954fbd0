#include "core/cli/discovery_words.h"

#include <map>
#include <set>
#include <utility>

#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/status_macros.h"
#include "core/base/text_table.h"
#include "core/model/labels.h"

namespace brobygger::cli {

std::string DiscoveryText(const std::string& key, const std::string& language) {
  static const base::TextTable kTexts(kDiscoveryTextsCsv);
  return kTexts.Get(key, language);
}

std::string GradeText(discovery::v1::FamiliarityGrade grade, const std::string& language) {
  if (grade == discovery::v1::FAMILIARITY_GRADE_UNSPECIFIED) return "";
  return std::string(model::Label("brobygger.discovery.v1.FamiliarityGrade",
                                  discovery::v1::FamiliarityGrade_Name(grade), language));
}

std::string ChannelsText(const discovery::v1::Familiarity& familiarity,
                         const std::string& language) {
  std::vector<std::string> words;
  for (const auto& each : familiarity.channels()) {
    words.emplace_back(model::Label("brobygger.contact.v1.ContactChannel",
                                    contact::v1::ContactChannel_Name(each.channel()), language));
  }
  return absl::StrJoin(words, ", ");
}

absl::StatusOr<std::string> HomeMunicipality(Session& session, const std::string& typed) {
  if (!typed.empty()) return typed;
  std::set<std::string> codes;
  registry::v1::ListDepartmentsRequest request;
  request.set_page_size(500);
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        session.Call<registry::v1::ListDepartmentsResponse>(request));
    for (const auto& department : page.departments()) codes.insert(department.municipality_code());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (codes.size() == 1) return *codes.begin();
  return absl::InvalidArgumentError(
      codes.empty() ? "The hub knows no department yet, so say which municipality is meant: "
                      "--municipality CODE."
                    : fmt::format("Departments of several municipalities are known ({}); say which "
                                  "is meant: --municipality CODE.",
                                  absl::StrJoin(codes, ", ")));
}

}  // namespace brobygger::cli
