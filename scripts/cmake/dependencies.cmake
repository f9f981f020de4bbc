# Every dependency, once. The reason for each stands in docs/dependencies.md.
find_package(Threads REQUIRED)
find_package(TBB REQUIRED)
find_package(Boost 1.74 REQUIRED)          # Graph, Geometry: headers only
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(simdjson REQUIRED)            # CityJSON
find_package(PROJ REQUIRED)
find_package(GDAL REQUIRED)
find_package(date REQUIRED)                # Howard Hinnant's calendar and time zones
set(HDF5_PREFER_PARALLEL OFF)
find_package(HDF5 REQUIRED COMPONENTS C HL)   # HL: dimension scales
find_path(LIBDEFLATE_INCLUDE_DIR libdeflate.h REQUIRED)   # results are unpacked, reports are packed
find_library(LIBDEFLATE_LIBRARY deflate REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_library(KLU_LIBRARY klu REQUIRED)    # SuiteSparse: sparse LU of power flows
find_path(UDUNITS2_INCLUDE_DIR udunits2.h PATH_SUFFIXES udunits2 REQUIRED)
find_library(UDUNITS2_LIBRARY udunits2 REQUIRED)
if(CITYTWIN_TESTS)
  find_package(Catch2 2.13 REQUIRED)
endif()
