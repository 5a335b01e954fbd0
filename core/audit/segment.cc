#include "core/audit/segment.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <absl/strings/numbers.h>
#include <openssl/evp.h>

namespace brobygger::audit {
namespace {

constexpr std::string_view kMagic = "BBAUDIT1";

template <typename Number>
void AddNumber(Number number, std::string& out) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  }
}

template <typename Number>
Number NumberAt(std::string_view bytes, std::size_t offset) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return number;
}

std::string_view View(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

bool AllZero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

ChainHasher::ChainHasher()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {}

ChainHasher::~ChainHasher() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(algorithm_);
}

Hash ChainHasher::Next(const Hash& previous, std::string_view bytes) {
  Hash hash{};
  EVP_DigestInit_ex2(context_, algorithm_, nullptr);
  EVP_DigestUpdate(context_, previous.data(), previous.size());
  EVP_DigestUpdate(context_, bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context_, hash.data(), nullptr);
  return hash;
}

std::string SegmentHeader(const ChainHead& before) {
  std::string header(kMagic);
  AddNumber(before.sequence, header);
  header += View(before.hash);
  return header;
}

std::optional<ChainHead> ReadSegmentHeader(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  ChainHead head;
  head.sequence = NumberAt<std::uint64_t>(bytes, kMagic.size());
  std::memcpy(head.hash.data(), bytes.data() + kMagic.size() + sizeof(head.sequence),
              head.hash.size());
  return head;
}

void AppendFrame(std::string_view payload, ChainHasher& hasher, ChainHead& head, std::string& out) {
  const std::size_t begin = out.size();
  const auto length = static_cast<std::uint32_t>(payload.size());
  AddNumber(length, out);
  AddNumber(static_cast<std::uint32_t>(~length), out);
  AddNumber(++head.sequence, out);
  out += payload;
  head.hash = hasher.Next(head.hash, std::string_view(out).substr(begin));
  out += View(head.hash);
}

Step SegmentWalker::Next(Frame& frame) {
  if (offset_ >= bytes_.size()) return Step::kEnd;
  const std::string_view rest = bytes_.substr(offset_);
  if (rest.size() < kPrefixBytes) return Step::kTorn;
  const auto length = NumberAt<std::uint32_t>(rest, 0);
  // The complement tells a length that was damaged from one whose record is not all there.
  if (~length != NumberAt<std::uint32_t>(rest, 4) || length == 0 || length > kMostPayloadBytes) {
    return AllZero(rest) ? Step::kTorn : Step::kMalformed;
  }
  if (rest.size() < kPrefixBytes + length + frame.hash.size()) return Step::kTorn;
  frame.offset = offset_;
  frame.sequence = NumberAt<std::uint64_t>(rest, 8);
  frame.hashed = rest.substr(0, kPrefixBytes + length);
  frame.payload = rest.substr(kPrefixBytes, length);
  std::memcpy(frame.hash.data(), rest.data() + kPrefixBytes + length, frame.hash.size());
  offset_ += kPrefixBytes + length + frame.hash.size();
  return Step::kFrame;
}

std::string SegmentPath(const std::string& folder, std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return folder + "/" + digits + ".log";
}

absl::StatusOr<std::vector<SegmentFile>> ListSegments(const std::string& folder) {
  std::error_code error;
  std::filesystem::directory_iterator place(folder, error);
  std::vector<SegmentFile> segments;
  for (; !error && place != std::filesystem::directory_iterator(); place.increment(error)) {
    const std::string stem = place->path().stem().string();
    std::uint64_t number = 0;
    if (place->path().extension() == ".log" && absl::SimpleAtoi(stem, &number) && number > 0 &&
        SegmentPath(folder, number) == folder + "/" + stem + ".log") {
      segments.push_back({number, SegmentPath(folder, number)});
    }
  }
  if (error) return absl::UnknownError(folder + ": " + error.message());
  std::sort(segments.begin(), segments.end(),
            [](const auto& left, const auto& right) { return left.number < right.number; });
  return segments;
}

}  // namespace brobygger::audit
