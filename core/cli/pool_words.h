// What the commands about funds and premises share.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>

#include "brobygger/grant/v1/pool.pb.h"

#include "core/cli/session.h"
#include "core/cli/table.h"

namespace brobygger::cli {

// The file data/pool_texts.csv. Built into the program.
extern const std::string_view kPoolTextsCsv;

// The text with this key; "{name}" in it becomes the value of that name.
std::string PoolText(const std::string& key,
                     const std::string& language,
                     const std::vector<std::pair<std::string, std::string>>& values = {});

// Columns with these keys, headed in the language: "col_<key>" of the texts.
std::vector<Column> PoolColumns(const std::vector<std::string>& keys, const std::string& language);

// The text in the language, else in Danish, else in any.
std::string InLanguage(const registry::v1::LocalizedText& text, const std::string& language);

// The value that a word means: as commands take it ("voluntary-social-work"), or as people call it
// in Danish or English. INVALID_ARGUMENT with those there are.
absl::StatusOr<int> EnumOf(const google::protobuf::EnumDescriptor& enumeration,
                           const std::string& prefix,
                           const std::string& typed);

// What people call several values, with commas.
template <typename Numbers>
std::string EnumTexts(const google::protobuf::EnumDescriptor& enumeration,
                      const Numbers& numbers,
                      const std::string& language);

// "1.000-20.000 kr.".
std::string AmountText(const grant::v1::Pool& pool, const std::string& language);

// The next deadline, "all year", or that it has passed or is not known.
std::string DeadlineText(const grant::v1::Pool& pool,
                         const std::string& today,
                         const std::string& language);

// The municipality's code, or "national".
std::string WhoseText(const grant::v1::Pool& pool, const std::string& language);

// The fund a person means by its key, its whole title, its id or the start of one. NOT_FOUND with
// what is written alike; INVALID_ARGUMENT if several are meant.
absl::StatusOr<grant::v1::Pool> FindPool(Session& session, const std::string& typed);

// What people call one value.
std::string LabelText(const google::protobuf::EnumDescriptor& enumeration,
                      int number,
                      const std::string& language);

template <typename Numbers>
std::string EnumTexts(const google::protobuf::EnumDescriptor& enumeration,
                      const Numbers& numbers,
                      const std::string& language) {
  std::string texts;
  for (const int number : numbers) {
    texts += (texts.empty() ? "" : ", ") + LabelText(enumeration, number, language);
  }
  return texts;
}

}  // namespace brobygger::cli
