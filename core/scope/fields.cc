#include "core/scope/fields.h"

#include <algorithm>
#include <cstdint>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace brobygger::scope {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Calls `one(input, tag)` at each value of the field; it must read it, and says whether it could.
template <typename One>
void ForEach(std::string_view message, int field, const One& one) {
  CodedInputStream input(reinterpret_cast<const std::uint8_t*>(message.data()),
                         static_cast<int>(message.size()));
  while (const std::uint32_t tag = input.ReadTag()) {
    const bool wanted = WireFormatLite::GetTagFieldNumber(tag) == field;
    if (!(wanted ? one(input, tag) : WireFormatLite::SkipField(&input, tag))) return;
  }
}

}  // namespace

std::vector<std::string_view> TextsIn(std::string_view message, int field) {
  std::vector<std::string_view> texts;
  ForEach(message, field, [&](CodedInputStream& input, std::uint32_t tag) {
    std::uint32_t size = 0;
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      return WireFormatLite::SkipField(&input, tag);
    }
    if (!input.ReadVarint32(&size)) return false;
    const auto at = static_cast<std::size_t>(input.CurrentPosition());
    if (!input.Skip(static_cast<int>(size))) return false;
    texts.push_back(message.substr(at, size));
    return true;
  });
  return texts;
}

std::string_view TextIn(std::string_view message, int field) {
  const auto texts = TextsIn(message, field);
  return texts.empty() ? std::string_view() : texts.back();
}

std::string_view PartOf(std::string_view key, int number) {
  for (; number > 0; --number) key.remove_prefix(std::min(key.size(), key.find('/') + 1));
  return key.substr(0, key.find('/'));
}

std::uint64_t NumberIn(std::string_view message, int field) {
  std::uint64_t value = 0;
  ForEach(message, field, [&](CodedInputStream& input, std::uint32_t tag) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_VARINT) {
      return WireFormatLite::SkipField(&input, tag);
    }
    return input.ReadVarint64(&value);
  });
  return value;
}

bool FlagIn(std::string_view message, int field) { return NumberIn(message, field) != 0; }

}  // namespace brobygger::scope
