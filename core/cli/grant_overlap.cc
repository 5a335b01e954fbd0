#include "core/cli/grant_overlap.h"

#include <map>

#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/cli/pool_words.h"

namespace brobygger::cli {
namespace {

using grant::v1::AssociationMoney;
using grant::v1::GrantApplication;
using grant::v1::Overlap;

std::string DepartmentOf(const GrantApplication& application) {
  const std::string& department = application.written_department();
  return department.empty() ? application.connection_id() : department;
}

std::string TextOf(const Overlap& overlap,
                   const GrantApplication& first,
                   const GrantApplication& second,
                   const std::string& language) {
  const char* key = "overlap_applied";
  if (overlap.kind() == Overlap::KIND_BOTH_GRANTED) key = "overlap_both";
  if (overlap.kind() == Overlap::KIND_ONE_GRANTED) key = "overlap_one";
  const bool across = DepartmentOf(first) != DepartmentOf(second);
  return absl::StrCat(
      PoolText(key, language,
               {{"first", NamedApplication(first)}, {"second", NamedApplication(second)}}),
      " ", PoolText(across ? "overlap_departments" : "overlap_agree", language));
}

}  // namespace

std::string NamedApplication(const GrantApplication& application) {
  return fmt::format("\"{}\" ({}, {})", application.title(), application.pool(),
                     DepartmentOf(application));
}

std::vector<std::string> OverlapTexts(const AssociationMoney& money,
                                      const std::string& application_id,
                                      const std::string& language) {
  std::map<std::string, const GrantApplication*> by_id;
  for (const auto& application : money.applications()) by_id[application.id()] = &application;
  std::vector<std::string> texts;
  for (const Overlap& overlap : money.overlaps()) {
    const std::string& first = overlap.first_application_id();
    const std::string& second = overlap.second_application_id();
    const bool wanted =
        application_id.empty() || application_id == first || application_id == second;
    if (wanted) texts.push_back(TextOf(overlap, *by_id.at(first), *by_id.at(second), language));
  }
  return texts;
}

void WriteOverlaps(Session& session,
                   const std::string& association_id,
                   const std::string& application_id) {
  if (association_id.empty() || session.format() != Format::kTable) return;
  grant::v1::GetAssociationMoneyRequest request;
  request.set_association_id(association_id);
  const auto answer = session.Call<grant::v1::GetAssociationMoneyResponse>(request);
  // An association may read what fits it, and no applications.
  if (!answer.ok()) return;
  const auto texts = OverlapTexts(answer->money(), application_id, session.language());
  if (!texts.empty()) session.Write("\n");
  for (const std::string& text : texts) session.Write("! " + text + "\n");
}

}  // namespace brobygger::cli
