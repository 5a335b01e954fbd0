# Writes plugin.json beside a plugin: run with -DFILE= -DNAME= -DVERSION= -DSUMMARY=, and for a
# program -DKIND=exec and -DARGS= (items of a JSON array).
# The hash is of the file as linked, so the manifest is made after it, and put in
# place by rename: a reader never sees half of it.
file(SHA256 ${FILE} sha256)
get_filename_component(folder ${FILE} DIRECTORY)
get_filename_component(file ${FILE} NAME)
if(NOT KIND)
  set(KIND dll)
endif()
set(json "{}")
foreach(pair "name;${NAME}" "version;${VERSION}" "kind;${KIND}" "file;${file}" "sha256;${sha256}" "summary;${SUMMARY}")
  list(POP_FRONT pair key)
  string(JSON json SET "${json}" ${key} "\"${pair}\"")
endforeach()
string(JSON json SET "${json}" wire_major 1)
string(JSON json SET "${json}" hosts "[]")
if(ARGS)
  string(JSON json SET "${json}" args "[${ARGS}]")
endif()
file(WRITE ${folder}/plugin.json.new "${json}\n")
file(RENAME ${folder}/plugin.json.new ${folder}/plugin.json)
