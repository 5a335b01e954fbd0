find_program(fuzz_compiler clang++-14 REQUIRED)

# tests/nightly gives each more.
set(BROBYGGER_FUZZ_SECONDS 30 CACHE STRING "Seconds that a fuzzer runs")

# brobygger_fuzzer(<test> DICTIONARY <file in seeds/> SOURCES <file>... [LIBS <target>...] [OPTIONS <libFuzzer option>...])
#
# Compiles the sources with clang, AddressSanitizer and UBSan, against the hub's own libraries, and adds a test
# that lets libFuzzer run on it from the inputs in seeds/. To go on for longer: build/fuzz/<test>/fuzzer build/fuzz/<test>/corpus.
function(brobygger_fuzzer test)
  if(BROBYGGER_SANITIZE)
    return()
  endif()
  cmake_parse_arguments(ARG "" "DICTIONARY" "SOURCES;LIBS;OPTIONS" ${ARGN})
  set(folder ${PROJECT_BINARY_DIR}/fuzz/${test})
  file(MAKE_DIRECTORY ${folder}/corpus)
  set(flags -std=c++20 -O1 -g1 -w -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
    -I${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR}/plugins/sdk/include -isystem ${PROJECT_BINARY_DIR}/gen)
  set(objects "")
  foreach(source IN LISTS ARG_SOURCES)
    get_filename_component(name ${source} NAME)
    set(object ${folder}/${name}.o)
    add_custom_command(OUTPUT ${object} COMMAND ${ccache} ${fuzz_compiler} ${flags} -MD -MF ${object}.d -c ${source} -o ${object}
      DEPENDS ${source} bb_proto bb_wire DEPFILE ${object}.d COMMENT "Compiling ${name} for ${test}" VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(libraries "")
  foreach(library IN LISTS ARG_LIBS)
    list(APPEND libraries $<TARGET_FILE:${library}>)
  endforeach()
  add_custom_command(OUTPUT ${folder}/fuzzer
    COMMAND ${fuzz_compiler} -fsanitize=fuzzer,address,undefined ${objects} -o ${folder}/fuzzer
      -Wl,--start-group ${libraries} $<TARGET_FILE:bb_proto> $<TARGET_FILE:bb_wire> -Wl,--end-group ${fuzz_libraries}
    DEPENDS ${objects} ${ARG_LIBS} bb_proto bb_wire COMMENT "Linking the fuzzer ${test}" VERBATIM)
  add_custom_target(${test}.program ALL DEPENDS ${folder}/fuzzer)

  set(here ${CMAKE_CURRENT_SOURCE_DIR})
  add_test(NAME ${test}
    COMMAND ${folder}/fuzzer -max_total_time=${BROBYGGER_FUZZ_SECONDS} ${ARG_OPTIONS} -dict=${here}/seeds/${ARG_DICTIONARY}
      -artifact_prefix=${folder}/ -print_final_stats=1 ${folder}/corpus ${here}/seeds)
  math(EXPR timeout "${BROBYGGER_FUZZ_SECONDS} * 2 + 300")
  set_tests_properties(${test} PROPERTIES TIMEOUT ${timeout} LABELS "slow;no-address;no-thread")
endfunction()

# What any of them may need of Debian's; the linker takes what is asked for.
set(fuzz_libraries -Wl,--as-needed -lgrpc++ -lgpr -lprotobuf -lical -licui18n -licuuc -lstemmer -llinear -lssl -lcrypto -lspdlog -lfmt -lzip -lpugixml -lz)
foreach(part statusor status cord strings raw_hash_set hash city low_level_hash time time_zone civil_time synchronization bad_optional_access
    bad_variant_access raw_logging_internal throw_delegate int128 base cord_internal cordz_info cordz_handle cordz_functions strings_internal)
  list(APPEND fuzz_libraries -labsl_${part})
endforeach()
