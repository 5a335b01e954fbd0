#include "plugins/files/common/shared_texts.h"

#include <charconv>

#include "plugins/files/common/book_fault.h"
#include "plugins/files/common/xml_pieces.h"

namespace brobygger::files {
namespace {

constexpr std::size_t kMostTextBytes = std::size_t{64} << 20;
constexpr std::size_t kMostTexts = 4'000'000;
constexpr std::size_t kMostUnpackedTexts = std::size_t{512} << 20;

// The sign that "_x000D_" at `at` stands for; -1 if it is no such thing.
int EscapedSign(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "_x" || at + 7 > text.size() || text[at + 6] != '_') return -1;
  int sign = -1;
  const char* const end = text.data() + at + 6;
  const auto read = std::from_chars(text.data() + at + 2, end, sign, 16);
  return read.ec == std::errc() && read.ptr == end ? sign : -1;
}

// Control characters, which XML has no way to write, and the "_" of a text that looks like one.
void AppendUnescaped(std::string_view text, std::string& to) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int sign = text[at] == '_' ? EscapedSign(text, at) : -1;
    if (sign == '_' || sign == '\t' || sign == '\n' || sign == '\r') {
      to += static_cast<char>(sign);
      at += 6;
    } else {
      to += text[at];
    }
  }
}

}  // namespace

std::string_view LocalName(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node ChildOf(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) == name) return child;
  }
  return {};
}

bool ParseXml(std::string_view text, pugi::xml_document& document) {
  // White space counts: a text may be a blank.
  constexpr unsigned kOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata;
  return bool(document.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8));
}

std::string TextIn(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = LocalName(child);
    if (name == "t") AppendUnescaped(child.text().get(), text);
    if (name == "r") AppendUnescaped(ChildOf(child, "t").text().get(), text);
  }
  return text;
}

absl::Status SharedTexts::Read(const ZipArchive& archive, const std::string& part) {
  auto opened = archive.Part(part, kMostUnpackedTexts);
  if (!opened.ok()) return opened.status();
  XmlPieces pieces([&](std::string& to) { return (*opened)->Read(to); }, {"si"}, archive.name());
  while (true) {
    const auto piece = pieces.Next();
    if (!piece.ok()) return piece.status();
    if (piece->text.empty()) return absl::OkStatus();
    pugi::xml_document document;
    if (!ParseXml(piece->text, document)) return BookError(BookFault::kBadXml, archive.name());
    all_ += TextIn(document.first_child());
    if (all_.size() > kMostTextBytes || ends_.size() == kMostTexts) {
      return BookError(BookFault::kTooLarge, archive.name(), "shared texts");
    }
    ends_.push_back(static_cast<std::uint32_t>(all_.size()));
  }
}

std::string_view SharedTexts::At(std::size_t number) const {
  if (number >= ends_.size()) return {};
  const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view(all_).substr(begin, ends_[number] - begin);
}

}  // namespace brobygger::files
