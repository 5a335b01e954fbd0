#pragma once

#include <string>
#include <string_view>

namespace brobygger::model {

// The key by which lists of names are sorted, byte by byte, and searched: lower
// case, the Danish letters in their Danish order (after z; double a is a with a
// ring), other accents dropped, runs of other signs as one space. UTF-8 in,
// UTF-8 out. The key is not for showing: the three Danish letters stand in it as
// "{", "|" and "}".
std::string FoldName(std::string_view name);

}  // namespace brobygger::model
