#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::exchange {

// Associations as a table with Danish headings, one line each, as an office program opens it with
// a double click: UTF-8 with its mark, ";" between, CRLF, values in quotation marks where RFC 4180
// asks for them. A column is there only if one of the associations says something in it. A value
// that an office program would take for a formula begins with an apostrophe.
std::string AssociationsAsCsv(const std::vector<registry::v1::Association>& associations);

// The same of `count` associations that are made when they are asked for, each twice at least and
// always alike, for lists that are too long to stand beside each other.
std::string AssociationsAsCsv(
    std::size_t count, const std::function<registry::v1::Association(std::size_t index)>& make);

}  // namespace brobygger::exchange
