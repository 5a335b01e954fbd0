#include "plugins/files/common/xml_pieces.h"

#include <utility>

#include "plugins/files/common/book_fault.h"

namespace brobygger::files {
namespace {

constexpr std::size_t kMostPieceBytes = std::size_t{4} << 20;
constexpr int kMostDepth = 32;

bool IsSpace(char sign) { return sign == ' ' || sign == '\t' || sign == '\r' || sign == '\n'; }

// "x:row" as "row".
std::string LocalName(std::string_view tag) {
  std::size_t end = 0;
  while (end < tag.size() && !IsSpace(tag[end]) && tag[end] != '/' && tag[end] != '>') ++end;
  const std::string_view name = tag.substr(0, end);
  const std::size_t colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

}  // namespace

absl::Status XmlPieces::Bad() const { return BookError(BookFault::kBadXml, file_); }

absl::StatusOr<bool> XmlPieces::Ensure(std::size_t count) {
  while (!ended_ && text_.size() - at_ < count) {
    // What was read is let go only here, and not piece by piece: moving the rest costs time.
    const std::size_t done = in_piece_ ? begin_ : at_;
    text_.erase(0, done);
    at_ -= done;
    begin_ = 0;
    const auto more = source_(text_);
    if (!more.ok()) return more.status();
    ended_ = !*more;
    if (text_.size() > kMostPieceBytes + (std::size_t{128} << 10)) {
      return BookError(BookFault::kTooLarge, file_, "one row or text");
    }
  }
  return text_.size() - at_ >= count;
}

absl::Status XmlPieces::SkipPast(std::string_view end) {
  while (true) {
    const std::size_t found = text_.find(end, at_);
    if (found != std::string::npos) {
      at_ = found + end.size();
      return absl::OkStatus();
    }
    // Its beginning may stand at the very end.
    if (text_.size() - at_ >= end.size()) at_ = text_.size() - end.size() + 1;
    const auto more = Ensure(text_.size() - at_ + 1);
    if (!more.ok()) return more.status();
    if (!*more) return Bad();
  }
}

absl::StatusOr<bool> XmlPieces::SkipOther() {
  // The longest beginning to tell apart is "<![CDATA[".
  if (auto enough = Ensure(9); !enough.ok()) return enough.status();
  const std::string_view here = std::string_view(text_).substr(at_, 9);
  std::string_view end;
  if (here.substr(0, 4) == "<!--") end = "-->";
  if (here == "<![CDATA[") end = "]]>";
  if (here.substr(0, 2) == "<?") end = "?>";
  if (end.empty() && here.substr(0, 2) == "<!") return BookError(BookFault::kDoctype, file_);
  if (end.empty()) return false;
  const std::size_t beginning = end == "-->" ? 4 : end == "]]>" ? 9 : 2;
  at_ += beginning;
  if (absl::Status wrong = SkipPast(end); !wrong.ok()) return wrong;
  return true;
}

absl::StatusOr<std::size_t> XmlPieces::EndOfTag() {
  char quote = '\0';
  for (std::size_t from = 1;; ++from) {
    if (at_ + from >= text_.size()) {
      const auto more = Ensure(from + 1);
      if (!more.ok()) return more.status();
      if (!*more) return Bad();
    }
    const char sign = text_[at_ + from];
    if (quote != '\0') {
      if (sign == quote) quote = '\0';
    } else if (sign == '"' || sign == '\'') {
      quote = sign;
    } else if (sign == '>') {
      return from;
    }
  }
}

absl::StatusOr<XmlPieces::Tag> XmlPieces::NextTag() {
  while (true) {
    const std::size_t found = text_.find('<', at_);
    if (found == std::string::npos) {
      at_ = text_.size();
      const auto more = Ensure(1);
      if (!more.ok()) return more.status();
      if (!*more) return Tag{};
      continue;
    }
    at_ = found;
    const auto other = SkipOther();
    if (!other.ok()) return other.status();
    if (*other) continue;
    const auto end = EndOfTag();
    if (!end.ok()) return end.status();
    const std::string_view tag = std::string_view(text_).substr(at_, *end + 1);
    const bool closing = tag.size() > 1 && tag[1] == '/';
    Tag read = {LocalName(tag.substr(closing ? 2 : 1)), tag.size(), !closing,
                closing || tag[tag.size() - 2] == '/'};
    if (read.name.empty()) return Bad();
    at_ += *end + 1;
    return read;
  }
}

absl::StatusOr<XmlPieces::Piece> XmlPieces::Next() {
  in_piece_ = false;
  while (true) {
    auto tag = NextTag();
    if (!tag.ok()) return tag.status();
    if (tag->name.empty()) return Piece{};
    if (!tag->opens || names_.count(tag->name) == 0) continue;
    begin_ = at_ - tag->size;
    in_piece_ = true;
    for (int depth = tag->closes ? 0 : 1; depth > 0;) {
      auto inner = NextTag();
      if (!inner.ok()) return inner.status();
      if (inner->name.empty()) return Bad();
      depth += (inner->opens ? 1 : 0) - (inner->closes ? 1 : 0);
      if (depth > kMostDepth) return Bad();
    }
    return Piece{std::move(tag->name), std::string_view(text_).substr(begin_, at_ - begin_)};
  }
}

}  // namespace brobygger::files
