#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

namespace brobygger::files {

// Cuts some elements whole out of an XML text that is read bit by bit, so that no more than one
// of them is in memory: pugixml, which reads the piece, wants a whole text. Prefixes of names do
// not count. Refuses a DOCTYPE, nesting over 32 within a piece, and a piece over 4 MiB. Outside of
// the pieces it looks at tags only. Belongs to one thread.
class XmlPieces {
 public:
  // Appends more text; false at its end.
  using Source = std::function<absl::StatusOr<bool>(std::string& to)>;

  // `file` is for the words.
  XmlPieces(Source source, std::set<std::string> names, std::string file)
      : source_(std::move(source)), names_(std::move(names)), file_(std::move(file)) {}

  // The next of the elements, from "<" to ">"; good until the next call. Nothing at the end.
  struct Piece {
    std::string name;
    std::string_view text;  // empty: there are no more
  };
  absl::StatusOr<Piece> Next();

 private:
  struct Tag {
    std::string name;
    std::size_t size = 0;
    bool opens = false;
    bool closes = false;
  };

  // Makes sure that `count` bytes from `at_` are there; false at the end of the text.
  absl::StatusOr<bool> Ensure(std::size_t count);
  // Moves `at_` behind the next `end`.
  absl::Status SkipPast(std::string_view end);
  // Moves to the next tag and behind it; no name at the end of the text.
  absl::StatusOr<Tag> NextTag();
  // Moves behind a comment and the like; a DOCTYPE is an error. False if it is none of these.
  absl::StatusOr<bool> SkipOther();
  absl::StatusOr<std::size_t> EndOfTag();
  absl::Status Bad() const;

  Source source_;
  const std::set<std::string> names_;
  const std::string file_;
  std::string text_;
  std::size_t at_ = 0;     // in it: what comes next
  std::size_t begin_ = 0;  // in it: of the piece
  bool in_piece_ = false;  // from `begin_` on, all is kept
  bool ended_ = false;
};

}  // namespace brobygger::files
