# cmake -DOUT=<file.cc> -DFILES=<a.sql,b.sql> -P embed_migrations.cmake
#
# Writes Migrations() with the text of each file; the number is the file name's.
string(REPLACE "," ";" files "${FILES}")
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(base ${file} NAME)
  if(NOT base MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
    message(FATAL_ERROR "${base}: a migration is named NNNN_what.sql")
  endif()
  math(EXPR number "1${CMAKE_MATCH_1} - 10000")
  file(READ ${file} sql)
  string(APPEND rows "      {${number}, R\"SQL(${sql})SQL\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"core/storage/sqlite/migrate.h\"

namespace brobygger::storage {

const std::vector<Migration>& Migrations() {
  static const std::vector<Migration> kMigrations = {
${rows}  };
  return kMigrations;
}

}  // namespace brobygger::storage
")
