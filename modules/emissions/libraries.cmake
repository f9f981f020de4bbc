# The shipped tables are compiled in: data/NAME.csv becomes the text NAME_csv, so that the program needs no files beside it.
file(GLOB emission_tables CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${domain}/data/*.csv)
foreach(table ${emission_tables})
  get_filename_component(name ${table} NAME_WE)
  file(READ ${table} text)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/emissions_${name}_csv.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"namespace citytwin::emissions { extern const char* const ${name}_csv; const char* const ${name}_csv = R\"csv(@text@)csv\"; }\n")
  list(APPEND sources ${generated})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
endforeach()
# The kernels' loops vectorise only without errno from sqrt and without traps for speculated operations. Neither changes a digit.
target_compile_options(citytwin_emissions_model PRIVATE -fno-math-errno -fno-trapping-math)
