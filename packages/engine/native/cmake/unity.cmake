# Sources compiled a dozen at a time: half the time of a build from nothing, since most of it goes into reading the same
# headers. Names of anonymous namespaces are therefore one to a layer. ccache does better with one file each, clang-tidy needs it.
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  set(FIRSTCHANCE_UNITY_DEFAULT OFF)
else()
  set(FIRSTCHANCE_UNITY_DEFAULT ON)
endif()
option(CMAKE_UNITY_BUILD "Compile sources a dozen at a time" ${FIRSTCHANCE_UNITY_DEFAULT})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
