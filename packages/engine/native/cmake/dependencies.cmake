find_package(Threads REQUIRED)
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(NLOHMANN_INCLUDE nlohmann/json.hpp REQUIRED)
find_path(ZSTD_INCLUDE zstd.h REQUIRED)
# The static library, so that the engine needs no libzstd on the user's machine.
find_library(ZSTD_STATIC libzstd.a REQUIRED)
add_library(zstd_static STATIC IMPORTED)
set_target_properties(zstd_static PROPERTIES IMPORTED_LOCATION ${ZSTD_STATIC}
                      INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${ZSTD_INCLUDE}")
add_library(headers INTERFACE)
target_include_directories(headers SYSTEM INTERFACE ${EXPECTED_INCLUDE} ${NLOHMANN_INCLUDE})

if(FIRSTCHANCE_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
