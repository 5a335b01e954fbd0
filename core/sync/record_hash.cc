#include "core/sync/record_hash.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

namespace brobygger::sync {
namespace {

void Append(std::string& out, const std::string& text) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += text;
}

// Maps inside a group have no order of their own, so they are sorted too.
std::string DeterministicBytes(const plugin::v1::Value& value) {
  std::string bytes;
  google::protobuf::io::StringOutputStream sink(&bytes);
  google::protobuf::io::CodedOutputStream coded(&sink);
  coded.SetSerializationDeterministic(true);
  value.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::uint64_t RecordHash(const plugin::v1::Record& record) {
  std::vector<const std::string*> names;
  names.reserve(record.fields_size());
  for (const auto& [name, value] : record.fields()) names.push_back(&name);
  std::sort(names.begin(), names.end(), [](const auto* a, const auto* b) { return *a < *b; });

  std::string bytes;
  bytes.reserve(1024);
  bytes += record.deleted() ? 'D' : 'L';
  // Our own id on the record: a person who takes it off has told something new.
  if (!record.foreign_id().empty()) {
    bytes += 'F';
    Append(bytes, record.foreign_id());
  }
  for (const std::string* name : names) {
    Append(bytes, *name);
    Append(bytes, DeterministicBytes(record.fields().at(*name)));
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace brobygger::sync
