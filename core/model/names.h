#pragma once

#include <string>
#include <string_view>

namespace brobygger::model {

// The form of a name by which lists are sorted and searched: lower case, Danish
// letters in their Danish order (æ, ø, å after z; aa as å), other accents
// dropped, runs of other signs as one space. UTF-8 in, UTF-8 out.
std::string FoldName(std::string_view name);

}  // namespace brobygger::model
