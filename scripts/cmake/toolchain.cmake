# Flags that keep the digits: no contraction of a*b+c, never -ffast-math, one baseline instruction set.
# The settings are an interface target so that plug-ins built against the installed package get them too.
add_library(citytwin_flags INTERFACE)
target_compile_options(citytwin_flags INTERFACE -ffp-contract=off -march=x86-64-v3)
target_compile_features(citytwin_flags INTERFACE cxx_std_20)
add_library(citytwin_warnings INTERFACE)
target_compile_options(citytwin_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers)

if(CITYTWIN_SANITIZE)
  add_compile_options(-fsanitize=${CITYTWIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CITYTWIN_SANITIZE})
endif()

find_program(CITYTWIN_CCACHE ccache)
if(CITYTWIN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CITYTWIN_CCACHE})   # else it passes by whatever has a precompiled header
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
  set(CMAKE_C_COMPILER_LAUNCHER ${CITYTWIN_CCACHE})
endif()
