#include <utility>

#include "core/matching/record_source.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

// Writes texts with their lengths in front: seven bits a byte, the last below 128.
class Packer {
 public:
  explicit Packer(std::string& bytes) : bytes_(bytes) {}

  void Number(std::size_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>(0x80 | (number & 0x7F));
    bytes_ += static_cast<char>(number);
  }
  void operator()(const std::string& text) {
    Number(text.size());
    bytes_ += text;
  }
  void operator()(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) (*this)(text);
  }

 private:
  std::string& bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(const char* at) : at_(at) {}

  std::size_t Number() {
    std::size_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      number |= std::size_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return number;
    }
  }
  void operator()(std::string& text) {
    const std::size_t size = Number();
    text.assign(at_, size);
    at_ += size;
  }
  void operator()(std::vector<std::string>& texts) {
    texts.resize(Number());
    for (std::string& text : texts) (*this)(text);
  }

 private:
  const char* at_;
};

// Every field of a record, in a fixed order.
template <typename SomeRecord, typename Each>
void ForEachField(SomeRecord& record, Each each) {
  each(record.source);
  each(record.names);
  each(record.cvr);
  each(record.emails);
  each(record.phones);
  each(record.websites);
  each(record.street);
  each(record.house_number);
  each(record.postal_code);
  each(record.city);
  each(record.municipality_code);
  each(record.country);
  each(record.founded);
  each(record.contacts);
  each(record.parent);
}

}  // namespace

void PackedRecords::Add(const Record& record) {
  std::string bytes;
  Packer packer(bytes);
  ForEachField(record, [&](const auto& field) { packer(field); });
  if (pieces_.empty() || pieces_.back().capacity() - pieces_.back().size() < bytes.size()) {
    pieces_.emplace_back().reserve(std::max(kPieceBytes, bytes.size()));
  }
  starts_.push_back({static_cast<std::uint32_t>(pieces_.size() - 1),
                     static_cast<std::uint32_t>(pieces_.back().size())});
  pieces_.back() += bytes;
}

Record PackedRecords::At(std::size_t number) const {
  const Start& start = starts_[number];
  Unpacker unpacker(pieces_[start.piece].data() + start.offset);
  Record record;
  ForEachField(record, [&](auto& field) { unpacker(field); });
  return record;
}

}  // namespace brobygger::matching
