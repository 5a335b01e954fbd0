include_guard(GLOBAL)

# As all of a plugin is compiled.
brobygger_precompiled_headers(bb_plugin_headers ${BB_COMMON_HEADERS})
if(BROBYGGER_PRECOMPILE)
  set_target_properties(bb_plugin_headers PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
endif()

# The wire messages as every plugin compiles them in: hidden, so that two copies in
# one process never meet (core/host/README.md says what happens if they do).
set(hidden_wire ${BB_WIRE_SOURCES})
list(FILTER hidden_wire EXCLUDE REGEX "\\.grpc\\.pb\\.|\\.h$")
include(${PROJECT_SOURCE_DIR}/proto/unite.cmake)
brobygger_unite_messages(united_hidden_wire hidden_wire ${hidden_wire})
add_library(bb_wire_hidden OBJECT ${united_hidden_wire})
add_dependencies(bb_wire_hidden bb_wire)
target_include_directories(bb_wire_hidden SYSTEM PUBLIC ${PROJECT_BINARY_DIR}/gen)
target_compile_options(bb_wire_hidden PRIVATE -w)
target_link_libraries(bb_wire_hidden PUBLIC protobuf::libprotobuf)
set_target_properties(bb_wire_hidden PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON)
brobygger_precompile(bb_wire_hidden bb_plugin_headers)

# All that a hub can load; deploy/up builds these and no test plugins.
add_custom_target(brobygger_plugins)

add_library(bb_sdk INTERFACE)
target_include_directories(bb_sdk INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/sdk/include ${PROJECT_SOURCE_DIR})
target_include_directories(bb_sdk SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/gen)
target_link_libraries(bb_sdk INTERFACE protobuf::libprotobuf absl::status absl::statusor absl::strings)

# What a plugin must be tried against: no plugin that a hub can load is built without. With a
# second word it is tried against the fixture in fixture/<word>/ too, another kind of source.
function(brobygger_conformance name)
  set(fixture ${CMAKE_CURRENT_SOURCE_DIR}/fixture)
  set(test plugins.check.${name})
  if(ARGC GREATER 1)
    string(APPEND fixture /${ARGV1})
    string(APPEND test .${ARGV1})
  endif()
  if(NOT EXISTS ${fixture}/fixture.json)
    message(FATAL_ERROR "${name} has no ${fixture}/fixture.json; core/conformance/README.md says what it holds")
  endif()
  add_test(NAME ${test} COMMAND brobygger plugin check
    $<TARGET_FILE_DIR:${name}>/plugin.json --fixture ${fixture} --host $<TARGET_FILE:brobygger-plugin-host>)
  set_tests_properties(${test} PROPERTIES TIMEOUT 900
    LABELS "slow;no-address;no-thread")
endfunction()

# brobygger_plugin(<kind>/<name> SOURCES <file>... [LIBS <target>...] [VERSION v] [SUMMARY text]
#                  [OUTPUT folder])
#
# Builds <folder>/<kind>.<name>/<kind>.<name>.so (folder: build/plugins) with its
# plugin.json, a CTest plugins.check.<kind>.<name> that runs the conformance kit on it
# with its folder fixture/, and a static library plugin_<kind>_<name> of the same sources, which
# tests link: no test loads a .so into its own process.
function(brobygger_plugin path)
  cmake_parse_arguments(ARG "" "VERSION;SUMMARY;OUTPUT" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_VERSION)
    set(ARG_VERSION 1.0.0)
  endif()
  string(REPLACE "/" "." name ${path})
  if(NOT ARG_OUTPUT)
    set(ARG_OUTPUT ${PROJECT_BINARY_DIR}/plugins)
    add_dependencies(brobygger_plugins ${name})
    brobygger_conformance(${name})
  endif()
  string(REPLACE "/" "_" stem ${path})

  add_library(plugin_${stem} STATIC ${ARG_SOURCES})
  target_link_libraries(plugin_${stem} PUBLIC bb_sdk ${ARG_LIBS})
  # The sources need the generated headers, whoever generates them.
  add_dependencies(plugin_${stem} bb_wire)
  set_target_properties(plugin_${stem} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  brobygger_precompile(plugin_${stem} bb_plugin_headers)

  add_library(${name} MODULE $<TARGET_OBJECTS:plugin_${stem}> $<TARGET_OBJECTS:bb_wire_hidden>)
  target_link_libraries(${name} PRIVATE bb_sdk ${ARG_LIBS})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .so LINKER_LANGUAGE CXX
    LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT}/${name})
  set(exports ${PROJECT_SOURCE_DIR}/plugins/exports.map)
  target_link_options(${name} PRIVATE -Wl,--no-undefined -Wl,-z,now -Wl,--version-script=${exports})
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${exports})
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DFILE=$<TARGET_FILE:${name}> -DNAME=${name} -DVERSION=${ARG_VERSION}
      "-DSUMMARY=${ARG_SUMMARY}" -P ${PROJECT_SOURCE_DIR}/plugins/manifest.cmake VERBATIM)
endfunction()
