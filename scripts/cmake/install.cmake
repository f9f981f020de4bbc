# Installs the program, its libraries and the headers of the SDK, so that find_package(citytwin) works for outside modules.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/citytwin)

install(TARGETS citytwin_core citytwin_geodata citytwin_flags EXPORT citytwin-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS citytwin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET citytwin_gdal)
  install(TARGETS citytwin_gdal LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
# <citytwin/module.hpp> is what authors include; the rooms that it re-exports lie beside it.
install(DIRECTORY core/module/citytwin/ DESTINATION include/citytwin FILES_MATCHING PATTERN "*.hpp")
foreach(room base time random parallel routing city agents exchange event module)
  install(DIRECTORY core/${room}/ DESTINATION include/citytwin-sdk/core/${room} FILES_MATCHING PATTERN "*.hpp"
    PATTERN "citytwin" EXCLUDE PATTERN "*_parts.hpp" EXCLUDE PATTERN "*_detail.hpp" EXCLUDE)
endforeach()

install(EXPORT citytwin-targets NAMESPACE citytwin:: DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/citytwin-config.cmake.in
  ${PROJECT_BINARY_DIR}/citytwin-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/citytwin-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/citytwin-config.cmake ${PROJECT_BINARY_DIR}/citytwin-config-version.cmake
  DESTINATION ${package_folder})
