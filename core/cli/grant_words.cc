#include <cstdlib>

#include <fmt/format.h>

#include "core/cli/grant.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {

using grant::v1::GrantApplication;
using grant::v1::GrantState;
using grant::v1::GrantState_Name;

namespace {

// Whose it is, or what is written on it where nobody knows.
std::string ApplicantText(const GrantApplication& application) {
  if (!application.official_name().empty()) return application.official_name();
  const auto& applicant = application.applicant();
  if (!applicant.written_name().empty()) return "? " + applicant.written_name();
  if (!applicant.written_cvr().empty()) return "? CVR " + applicant.written_cvr();
  return "? " + applicant.external_id();
}

std::string Amount(bool told,
                   std::int64_t ore,
                   const GrantApplication& application,
                   const std::string& language) {
  if (!told) return "";
  const std::string& currency = application.currency();
  return ShowKroner(ore, language) + (currency.empty() ? "" : " " + currency);
}

}  // namespace

std::string ShowKroner(std::int64_t ore, const std::string& language) {
  const bool danish = language == "da";
  std::string whole = std::to_string(std::abs(ore) / 100);
  for (std::size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, danish ? "." : ",");
  std::string text = (ore < 0 ? "-" : "") + whole;
  if (ore % 100 != 0) text += fmt::format("{}{:02}", danish ? "," : ".", std::abs(ore) % 100);
  return text;
}

std::string GrantStateText(GrantState state, const std::string& language) {
  return std::string(
      model::Label("brobygger.grant.v1.GrantState", GrantState_Name(state), language));
}

std::vector<std::string> GrantStateWords() {
  std::vector<std::string> words;
  for (int i = grant::v1::GrantState_MIN + 1; i <= grant::v1::GrantState_MAX; ++i) {
    std::string word = ShowEnum(GrantState_Name(static_cast<GrantState>(i)), "GRANT_STATE_");
    for (char& letter : word) letter = letter == ' ' ? '-' : letter;
    words.push_back(std::move(word));
  }
  return words;
}

GrantState ToGrantState(const std::string& word) {
  const auto words = GrantStateWords();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<GrantState>(i + 1);
  }
  return grant::v1::GRANT_STATE_UNSPECIFIED;
}

std::string ApplicationWord(const GrantApplication& application) {
  return application.connection_id() + "/" + application.external_id();
}

std::vector<Column> ApplicationColumns() {
  return {{"application", "APPLICATION"},
          {"received_date", "RECEIVED"},
          {"applicant", "ASSOCIATION"},
          {"title", "FOR"},
          {"pool", "FUND"},
          {"department", "DEPARTMENT"},
          {"state", "STATE"},
          {"applied", "APPLIED"},
          {"awarded", "GRANTED"},
          {"disbursed", "PAID"}};
}

std::vector<Cell> ApplicationCells(const GrantApplication& application,
                                   const std::string& language) {
  std::string state = GrantStateText(application.state(), language);
  if (application.has_gone_time()) state += language == "da" ? " (slettet)" : " (deleted there)";
  const std::string& department = application.written_department();
  return {{ApplicationWord(application)},
          {ShowField("received_date", application.received_date(), language)},
          {ApplicantText(application)},
          {application.title()},
          {application.pool()},
          {department.empty() ? application.connection_id() : department},
          {state},
          {Amount(application.has_applied_ore(), application.applied_ore(), application, language)},
          {Amount(application.has_awarded_ore(), application.awarded_ore(), application, language)},
          {Amount(application.has_disbursed_ore(), application.disbursed_ore(), application,
                  language)}};
}

}  // namespace brobygger::cli
