#include "core/matching/record_fields.h"

#include <algorithm>
#include <cmath>

namespace brobygger::matching {
namespace {

std::array<bool, kFieldCount> FilledFields(const Record& record) {
  return {record.names.size() > 1,
          !record.source.empty(),
          !record.cvr.empty(),
          !record.emails.empty(),
          !record.phones.empty(),
          !record.websites.empty(),
          !record.street.empty(),
          !record.house_number.empty(),
          !record.postal_code.empty(),
          !record.city.empty(),
          !record.municipality_code.empty(),
          !record.country.empty(),
          !record.founded.empty(),
          !record.contacts.empty(),
          !record.parent.empty()};
}

}  // namespace

const std::array<const char*, kFieldCount>& FieldWords() {
  static constexpr std::array<const char*, kFieldCount> kWords = {
      "other_name",        "source",  "cvr",          "email",       "phone",
      "website",           "street",  "house_number", "postal_code", "city",
      "municipality_code", "country", "founded",      "contact",     "parent"};
  return kWords;
}

FieldShares SharesOf(const RecordSource& records) {
  FieldShares shares = {};
  for (std::size_t number = 0; number < records.size(); ++number) {
    const auto filled = FilledFields(records.At(number));
    for (std::size_t i = 0; i < kFieldCount; ++i) shares[i] += filled[i] ? 1 : 0;
  }
  for (double& share : shares)
    share /= static_cast<double>(std::max<std::size_t>(1, records.size()));
  return shares;
}

double ShareDistance(const FieldShares& left, const FieldShares& right) {
  double sum = 0;
  for (std::size_t i = 0; i < kFieldCount; ++i) sum += std::abs(left[i] - right[i]);
  return sum / static_cast<double>(kFieldCount);
}

std::string WholeText(const Record& record) {
  std::string text;
  const auto add = [&](const std::string& part) {
    text += part;
    text += '\x1F';
  };
  const auto add_all = [&](const std::vector<std::string>& parts) {
    for (const std::string& part : parts) add(part);
    text += '\x1E';
  };
  add_all(record.names);
  add_all(record.emails);
  add_all(record.phones);
  add_all(record.websites);
  add_all(record.contacts);
  for (const std::string* part :
       {&record.cvr, &record.street, &record.house_number, &record.postal_code, &record.city,
        &record.municipality_code, &record.country, &record.founded, &record.parent}) {
    add(*part);
  }
  return text;
}

}  // namespace brobygger::matching
