#include "core/access/strict_json.h"

#include <string>
#include <utility>
#include <vector>

namespace brobygger::access {
namespace {

using nlohmann::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Makes a value of what nlohmann's parser finds, and stops it (by answering false) at
// the first thing we do not take.
class StrictBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit StrictBuilder(std::size_t most_depth) : most_depth_(most_depth) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return Add(value); }
  bool string(string_t& value) override {
    if (HasNul(value)) return Fail(JsonFault::kNotJson);
    return Add(std::move(value));
  }
  bool binary(binary_t& /*value*/) override { return Fail(JsonFault::kNotJson); }

  bool start_object(std::size_t /*size*/) override { return Open(json::object()); }
  bool start_array(std::size_t /*size*/) override { return Open(json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (HasNul(name)) return Fail(JsonFault::kNotJson);
    if (open_.back()->contains(name)) return Fail(JsonFault::kDuplicateName);
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t /*place*/,
                   const std::string& /*token*/,
                   const nlohmann::detail::exception& /*what*/) override {
    return Fail(JsonFault::kNotJson);
  }

  StrictJson Finish(bool parsed) && {
    if (!parsed && result_.fault == JsonFault::kNone) result_.fault = JsonFault::kNotJson;
    if (result_.fault != JsonFault::kNone) result_.value = nullptr;
    return std::move(result_);
  }

 private:
  static bool HasNul(const std::string& text) { return text.find('\0') != std::string::npos; }

  bool Fail(JsonFault fault) {
    result_.fault = fault;
    return false;
  }

  bool Add(json value) {
    Place(std::move(value));
    return true;
  }

  bool Open(json empty) {
    if (open_.size() >= most_depth_) return Fail(JsonFault::kTooDeep);
    open_.push_back(&Place(std::move(empty)));
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  // Puts the value where the parser is. What is open stays where it lies in memory: only
  // the innermost object or array grows.
  json& Place(json value) {
    if (open_.empty()) return result_.value = std::move(value);
    json& inside = *open_.back();
    if (inside.is_array()) return inside.emplace_back(std::move(value));
    return inside[name_] = std::move(value);
  }

  const std::size_t most_depth_;
  std::vector<json*> open_;
  std::string name_;
  StrictJson result_;
};

}  // namespace

StrictJson ParseStrictJson(std::string_view text, std::size_t most_depth) {
  // nlohmann's lexer skips a byte order mark, and takes a NUL for the end of the text, so
  // that anything might follow one.
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark ||
      text.find('\0') != std::string_view::npos) {
    return {nullptr, JsonFault::kNotJson};
  }
  StrictBuilder builder(most_depth);
  const bool parsed = json::sax_parse(text, &builder);
  return std::move(builder).Finish(parsed);
}

}  // namespace brobygger::access
