#include "core/cli/said_by.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace brobygger::cli {
namespace {

constexpr char kPerson[] = "";
constexpr char kPersonLetter[] = "@";

std::string Upper(char letter) {
  return std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(letter))));
}

const std::string& WordOf(const std::string& source) {
  static const std::string kOperatorWord = "operator";
  return source == kPerson ? kOperatorWord : source;
}

}  // namespace

std::map<std::string, Sayers> WhoSaidWhat(const registry::v1::Association& association) {
  std::map<std::string, Sayers> fields;
  for (const auto& provenance : association.provenance()) {
    const std::string& source = provenance.connection_id();
    for (const std::string& path : provenance.paths()) {
      auto& agreeing = fields[path].agreeing;
      if (std::find(agreeing.begin(), agreeing.end(), source) == agreeing.end()) {
        agreeing.push_back(source);
      }
    }
    for (const auto& [path, value] : provenance.other_values()) {
      fields[path].differing.emplace_back(source, value);
    }
  }
  for (auto& [path, sayers] : fields) {
    std::sort(sayers.agreeing.begin(), sayers.agreeing.end());
    std::sort(sayers.differing.begin(), sayers.differing.end());
  }
  return fields;
}

SourceMarks::SourceMarks(const std::vector<sync::v1::Connection>& connections) {
  titles_[kPerson] = "a person at the hub";
  letters_[kPerson] = kPersonLetter;
  for (const auto& connection : connections) {
    titles_[connection.id()] = connection.title();
    LetterOf(connection.id());
  }
  used_.clear();
}

std::string SourceMarks::LetterOf(const std::string& source) {
  used_[source] = true;
  if (const auto known = letters_.find(source); known != letters_.end()) return known->second;
  const auto is_free = [&](const std::string& letter) {
    return std::none_of(letters_.begin(), letters_.end(),
                        [&](const auto& taken) { return taken.second == letter; });
  };
  for (const char letter : source) {
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0 && is_free(Upper(letter))) {
      return letters_[source] = Upper(letter);
    }
  }
  return letters_[source] = fmt::format("({})", letters_.size());
}

std::string SourceMarks::Of(const Sayers& sayers) {
  std::string mark;
  for (const auto& source : sayers.agreeing) mark += LetterOf(source);
  if (!sayers.differing.empty()) mark += "≠";
  std::string last;
  for (const auto& [source, value] : sayers.differing) {
    if (source != last) mark += LetterOf(source);
    last = source;
  }
  return mark.empty() ? "" : "[" + mark + "]";
}

std::string SourceMarks::TitleOf(const std::string& source) const {
  const auto title = titles_.find(source);
  return title == titles_.end() || title->second.empty() ? WordOf(source) : title->second;
}

std::string SourceMarks::Legend() const {
  std::vector<std::string> parts;
  for (const auto& [source, used] : used_) {
    parts.push_back(fmt::format("{} {}", letters_.at(source), TitleOf(source)));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string SaidByWords(const Sayers& sayers) {
  std::string words;
  for (const auto& source : sayers.agreeing) {
    words += (words.empty() ? "" : "+") + WordOf(source);
  }
  for (const auto& [source, value] : sayers.differing) words += "!" + WordOf(source);
  return words;
}

}  // namespace brobygger::cli
