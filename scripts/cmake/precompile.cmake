# Precompiled headers: what nearly every source includes, parsed once a target. Build time only: a source still includes what it uses.
# citytwin_precompile(TARGET [HEADER…]) adds HEADERs to the standard ones; targets of a few sources are left alone, as a header costs as much.
function(citytwin_precompile target)
  get_target_property(sources ${target} SOURCES)
  list(LENGTH sources count)
  if(count LESS 6)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <filesystem> <functional> <map> <memory>
    <numeric> <optional> <span> <string> <string_view> <unordered_map> <vector> <fmt/format.h> ${ARGN})
endfunction()
