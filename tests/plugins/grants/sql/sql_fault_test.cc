#include <catch2/catch.hpp>

#include "tests/plugins/grants/sql/sql_write_support.h"
