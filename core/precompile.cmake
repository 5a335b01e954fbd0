# Most of a compilation is reading the same headers: the standard library's, Abseil's and
# protobuf's (five of eight seconds for a file of core/sync). They are read once for all, which
# takes two fifths off a build. A file still includes what it uses: clang-tidy reads each alone
# (tests/arch/tidy.py), and builds with a sanitizer do without.
option(BROBYGGER_PRECOMPILE "Read the headers that most files include once" ON)
if(BROBYGGER_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(BROBYGGER_PRECOMPILE OFF)
endif()

# g++ 12 warns of its own std::string (GCC bugs 105329 and 105651) where it does not see that what it
# reads is a system's header, which it forgets in a precompiled one. Builds without still ask.
set(BB_PRECOMPILED_OPTIONS -fpch-preprocess -pthread -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
  -Wno-stringop-overread -Wno-maybe-uninitialized)

# None whose meaning depends on a definition that only some targets have (fmt, spdlog): GCC would
# not take them for those.
set(BB_COMMON_HEADERS
  <algorithm> <array> <atomic> <chrono> <cstdint> <deque> <functional> <map> <memory> <mutex> <optional> <set> <string>
  <string_view> <thread> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/synchronization/mutex.h> <absl/time/time.h>
  <google/protobuf/generated_message_reflection.h> <google/protobuf/map_field_inl.h> <google/protobuf/message.h>
  <google/protobuf/repeated_field.h> <google/protobuf/timestamp.pb.h> <google/protobuf/unknown_field_set.h>)

# ccache takes precompiled headers only if it need not compare what is defined before them, and
# finds them by the lines that -fpch-preprocess leaves. No two compilations of the same headers
# give the same bytes, so it is told by a .sum beside them (CCACHE_PCH_EXTSUM) what they hold: else
# another checkout would find nothing. What a package brings anew is seen at the next build.
function(brobygger_sum_headers name)
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \\1" OUTPUT_VARIABLE includes)
  list(JOIN includes "\n" text)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled/${name}.h "${text}\n")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -E -P -x c++ ${PROJECT_BINARY_DIR}/precompiled/${name}.h
    OUTPUT_VARIABLE read COMMAND_ERROR_IS_FATAL ANY)
  string(SHA256 sum "${read}")
  file(WRITE ${folder}/cmake_pch.hxx.gch.sum "${sum}\n")
  if(EXISTS /var/lib/dpkg/status)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS /var/lib/dpkg/status)
  endif()
endfunction()

function(brobygger_precompiled_headers name)
  if(BROBYGGER_PRECOMPILE)
    file(WRITE ${PROJECT_BINARY_DIR}/precompiled/${name}.cc "")
    add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled/${name}.cc)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
    target_compile_options(${name} PRIVATE ${BB_PRECOMPILED_OPTIONS})
    target_precompile_headers(${name} PRIVATE ${ARGN})
    brobygger_sum_headers(${name} ${ARGN})
  endif()
endfunction()

function(brobygger_precompile target headers)
  if(BROBYGGER_PRECOMPILE)
    target_compile_options(${target} PRIVATE ${BB_PRECOMPILED_OPTIONS})
    target_precompile_headers(${target} REUSE_FROM ${headers})
  endif()
endfunction()

brobygger_precompiled_headers(bb_headers ${BB_COMMON_HEADERS})
