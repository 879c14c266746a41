# Headers that most files read, parsed once: a third of the time of a build. Every file still includes what it uses;
# a build with -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON, and clang-tidy, see to that.
# ccache keeps nothing that was compiled with one.
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

set(FIRSTCHANCE_STANDARD_HEADERS
  <algorithm> <array> <atomic> <chrono> <cstdint> <cstring> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <unordered_map> <vector> <tl/expected.hpp>)

# firstchance_precompiled(name headers …): a library for target_precompile_headers(… REUSE_FROM name).
function(firstchance_precompiled name)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE headers)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

firstchance_precompiled(standard_headers ${FIRSTCHANCE_STANDARD_HEADERS})
firstchance_precompiled(json_headers ${FIRSTCHANCE_STANDARD_HEADERS} <nlohmann/json.hpp>)
if(FIRSTCHANCE_TESTS)
  firstchance_precompiled(test_headers ${FIRSTCHANCE_STANDARD_HEADERS} <nlohmann/json.hpp> <gtest/gtest.h> <gmock/gmock.h>)
  target_link_libraries(test_headers PRIVATE GTest::gmock)
  # They are for programs, which are compiled with -fPIE; a library would be with -fPIC, and GCC wants the same of both.
  set_target_properties(test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(test_headers PRIVATE ${FIRSTCHANCE_TEST_OPTIONS} -fPIE)
endif()
