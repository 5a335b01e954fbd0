#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brobygger::search {

// What of an association can be searched. The first seven hold text.
enum class Field : std::uint8_t {
  kName,
  kOtherName,
  kPurpose,
  kActivity,
  kArea,
  kNumber,
  kAddress,
  kTheme,
  kAudience,
  kLanguage,
  kMunicipality,
  kStatus,
  kWeekday,
  kCapacity,
  kUpdated,
  kKnownBy,
};
inline constexpr int kTextFields = 7;
inline constexpr int kFields = 16;

// A set of fields, by value.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr FieldSet(std::initializer_list<Field> fields) {
    for (const Field field : fields) Add(field);
  }
  static constexpr FieldSet All() { return FieldSet((1U << kFields) - 1); }
  static constexpr FieldSet Texts() { return FieldSet((1U << kTextFields) - 1); }

  constexpr void Add(Field field) { bits_ |= 1U << static_cast<unsigned>(field); }
  constexpr void Remove(Field field) { bits_ &= ~(1U << static_cast<unsigned>(field)); }
  constexpr void Remove(FieldSet other) { bits_ &= ~other.bits_; }
  constexpr bool Has(Field field) const {
    return (bits_ >> static_cast<unsigned>(field) & 1U) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr FieldSet operator&(FieldSet other) const { return FieldSet(bits_ & other.bits_); }
  // The fields that hold text, one bit each.
  constexpr std::uint8_t text_bits() const {
    return static_cast<std::uint8_t>(bits_ & ((1U << kTextFields) - 1));
  }
  constexpr std::uint32_t bits() const { return bits_; }
  constexpr bool operator==(const FieldSet&) const = default;

 private:
  explicit constexpr FieldSet(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_ = 0;
};

// The word by which a query names the field: "language".
const char* WordOf(Field field);
std::optional<Field> FieldOf(std::string_view word);

// The words of a set's fields, in the order above.
std::vector<std::string> WordsOf(FieldSet fields);

// The fields whose values the index counts.
inline constexpr FieldSet kFacetFields = {Field::kTheme,   Field::kAudience,     Field::kLanguage,
                                          Field::kArea,    Field::kMunicipality, Field::kStatus,
                                          Field::kWeekday, Field::kCapacity,     Field::kActivity};

// Capacities are counted from so many places on, as people ask: a conversation, a table, a small
// group, a class, a full room, a hall, a feast.
inline constexpr std::array<std::uint16_t, 7> kCapacitySteps = {5, 10, 20, 30, 50, 100, 200};

}  // namespace brobygger::search
