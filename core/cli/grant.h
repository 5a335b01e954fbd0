// What the grant commands show alike.
#pragma once

#include <string>
#include <vector>

#include "brobygger/grant/v1/grant_application.pb.h"

#include "core/cli/output.h"

namespace brobygger::cli {

// Øre as people read kroner: "12.500" in Danish, "12,500" in English, with two decimals
// only where they are not 00.
std::string ShowKroner(std::int64_t ore, const std::string& language);

// Where an application stands, in words; the typed word for it and back.
std::string GrantStateText(grant::v1::GrantState state, const std::string& language);
std::vector<std::string> GrantStateWords();
grant::v1::GrantState ToGrantState(const std::string& word);

// As commands take it: "tilskud/5001".
std::string ApplicationWord(const grant::v1::GrantApplication& application);

std::vector<Column> ApplicationColumns();
std::vector<Cell> ApplicationCells(const grant::v1::GrantApplication& application,
                                   const std::string& language);

}  // namespace brobygger::cli
