# Flags of every target: warnings are errors, frame pointers stay (profiles of the pause), symbols hidden.
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
                    -fno-omit-frame-pointer -fstack-protector-strong)
# Lines and functions, for stacks and profiles; names of variables (-g) cost a sixth of the time to compile. To
# step through the engine: cmake --preset release -DCMAKE_BUILD_TYPE=Debug
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
add_compile_definitions(_GNU_SOURCE $<$<CONFIG:RelWithDebInfo>:_FORTIFY_SOURCE=2>)

# The user's machine may have no libstdc++ at all, so it is linked into what ships (checked by a test).
add_link_options(-static-libstdc++ -static-libgcc)

if(FIRSTCHANCE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

# What is tested is optimised, the tests are not: that halves the time they take to compile. Fortified functions want
# optimisation.
set(FIRSTCHANCE_TEST_OPTIONS -O0 -U_FORTIFY_SOURCE)

# A static library per layer: firstchance_layer(linux file.cpp … LINK base [HEADERS json_headers|none])
function(firstchance_layer name)
  cmake_parse_arguments(ARG "" "HEADERS" "LINK" ${ARGN})
  add_library(fc_${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  foreach(dependency ${ARG_LINK})
    target_link_libraries(fc_${name} PUBLIC ${dependency})
  endforeach()
  if(NOT ARG_HEADERS)
    set(ARG_HEADERS standard_headers)
  endif()
  if(NOT ARG_HEADERS STREQUAL none)
    target_precompile_headers(fc_${name} REUSE_FROM ${ARG_HEADERS})
  endif()
endfunction()

# A GoogleTest program per layer, found by CTest: firstchance_test(linux file_test.cpp … LINK fc_linux)
function(firstchance_test name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(test_${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(test_${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_options(test_${name} PRIVATE ${FIRSTCHANCE_TEST_OPTIONS})
  target_precompile_headers(test_${name} REUSE_FROM test_headers)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
