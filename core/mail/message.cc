#include "core/mail/message.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "core/model/contact.h"

namespace brobygger::mail {
namespace {

// RFC 2045 and 2047: of a quoted-printable line, and of a line with an encoded word.
constexpr std::size_t kLongestLine = 76;
// 60 signs of base64, so that an encoded word has at most 75.
constexpr std::size_t kWordBytes = 45;

bool IsControl(char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }

bool IsTail(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string ShowDate(base::Instant time) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
      kDays.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
      kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
      clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

// A subject as a head may hold it: as it is, or in encoded words (RFC 2047) that
// cut no character in two.
std::string HeadText(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), absl::ascii_isprint);
  if (plain && text.size() <= kLongestLine - sizeof("Subject:")) return text;
  std::string words;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t size = std::min(rest.size(), kWordBytes);
    while (size > 1 && size < rest.size() && IsTail(rest[size])) --size;
    absl::StrAppend(&words, words.empty() ? "" : "\r\n ", "=?UTF-8?B?",
                    absl::Base64Escape(absl::string_view(rest.data(), size)), "?=");
    rest.remove_prefix(size);
  }
  return words;
}

// One sign of a quoted-printable line; a space at the end of a line would be lost.
std::string Quoted(char c, bool at_end) {
  const bool blank = c == ' ' || c == '\t';
  const bool plain = blank ? !at_end : absl::ascii_isgraph(static_cast<unsigned char>(c));
  if (plain && c != '=') return std::string(1, c);
  return fmt::format("={:02X}", static_cast<unsigned char>(c));
}

std::string QuotedLine(std::string_view line) {
  std::string text;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string sign = Quoted(line[i], i + 1 == line.size());
    // Room is left for the sign that says the line goes on.
    if (width + sign.size() > kLongestLine - 1) {
      text += "=\r\n";
      width = 0;
    }
    text += sign;
    width += sign.size();
  }
  return text + "\r\n";
}

std::string QuotedPrintable(const std::string& body) {
  std::string text;
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text += QuotedLine(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

absl::Status CheckHead(const Message& message) {
  const bool reply = message.reply_to.empty() || model::IsMailbox(message.reply_to);
  if (!model::IsMailbox(message.from) || !model::IsMailbox(message.to) || !reply) {
    return absl::InvalidArgumentError("a mail's address is not one plain address");
  }
  const auto& subject = message.subject;
  if (std::any_of(subject.begin(), subject.end(), IsControl)) {
    return absl::InvalidArgumentError("a mail's subject is not one line of text");
  }
  const auto& id = message.id;
  if (id.empty() || !std::all_of(id.begin(), id.end(), absl::ascii_isalnum)) {
    return absl::InvalidArgumentError("a mail's id is not of letters and digits");
  }
  if (message.language != "da" && message.language != "en") {
    return absl::InvalidArgumentError("a mail's language is neither da nor en");
  }
  return absl::OkStatus();
}

std::string ReplyTo(const Message& message) {
  return message.reply_to.empty() ? "" : absl::StrCat("Reply-To: <", message.reply_to, ">\r\n");
}

}  // namespace

absl::StatusOr<std::string> WriteMessage(const Message& message) {
  if (absl::Status wrong = CheckHead(message); !wrong.ok()) return wrong;
  const std::string host = message.from.substr(message.from.rfind('@'));
  return absl::StrCat("Date: ", ShowDate(message.time), "\r\nFrom: Brobygger <", message.from,
                      ">\r\nTo: <", message.to, ">\r\n", ReplyTo(message),
                      "Subject: ", HeadText(message.subject), "\r\nMessage-ID: <", message.id, host,
                      ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
                      "\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Language: ",
                      message.language,
                      "\r\nAuto-Submitted: auto-generated"
                      // What Exchange heeds instead of RFC 3834.
                      "\r\nX-Auto-Response-Suppress: All\r\n\r\n",
                      QuotedPrintable(message.body));
}

}  // namespace brobygger::mail
