# brobygger_unite_messages(<out variable> <name> <source>...)
#
# Sets the variable to sources that compile what protoc wrote eight files at a time, as the rest of
# the build does, and to what they include. CMake's own way is closed to them: each of protoc's files
# has two names in common with every other.
function(brobygger_unite_messages out name)
  set(messages ${ARGN})
  list(FILTER messages INCLUDE REGEX "\\.pb\\.cc$")
  list(FILTER messages EXCLUDE REGEX "\\.grpc\\.pb\\.cc$")
  set(${out} ${ARGN} PARENT_SCOPE)
  if(NOT CMAKE_UNITY_BUILD)
    return()
  endif()
  set(united "")
  set(text "")
  set(count 0)
  list(LENGTH messages length)
  foreach(file IN LISTS messages)
    math(EXPR count "${count} + 1")
    string(APPEND text "#define schemas schemas_${count}\n"
      "#define file_default_instances file_default_instances_${count}\n"
      "#include \"${file}\"\n"
      "#undef schemas\n#undef file_default_instances\n")
    math(EXPR place "${count} % ${CMAKE_UNITY_BUILD_BATCH_SIZE}")
    if(place EQUAL 0 OR count EQUAL length)
      set(one ${PROJECT_BINARY_DIR}/united/${name}_${count}.cc)
      file(CONFIGURE OUTPUT ${one} CONTENT "${text}")
      list(APPEND united ${one})
      set(text "")
    endif()
  endforeach()
  set_source_files_properties(${messages} PROPERTIES HEADER_FILE_ONLY ON)
  set_source_files_properties(${united} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set(${out} ${united} ${ARGN} PARENT_SCOPE)
endfunction()
