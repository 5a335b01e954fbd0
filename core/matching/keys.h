#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/matching/compare.h"
#include "core/matching/lexicon.h"
#include "core/matching/prepared.h"

namespace brobygger::matching {

// A list of records under one key that is longer than this is not looked at: what
// so many share brings no two of them closer. Keys differ in how much they tell,
// and so in how long their lists may be; two bits of a key say which kind it is.
std::size_t MostUnderKey(std::uint64_t key);

// Whether the key is a whole name or a value, not a word or part of one.
bool IsStrongKey(std::uint64_t key);

// Whether it is a word anywhere, or what kind of association it is in a town.
bool IsWeakKey(std::uint64_t key);

// Beyond this many associations nobody counts how many share a value.
inline constexpr std::size_t kCountLimit = 40;

// The key under which a value that associations may share is found and counted.
std::uint64_t ValueOf(ValueKind kind, std::uint64_t value);

// The same for the address, where its area is known; 0 if there is none.
std::uint64_t AddressValue(const Prepared& prepared);

// The keys under which a record is found: two records are compared if they have
// one in common. Sorted, each once.
void KeysOf(const Words& words, const Prepared& prepared, std::vector<std::uint64_t>& keys);

}  // namespace brobygger::matching
