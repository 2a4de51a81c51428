# Installs the headers under a private folder, forwarding headers for a bare -I, and the CMake package.
# SPDX-License-Identifier: BSD-3-Clause
#
#   <prefix>/include/lazytensor-<version>/{include,lazy,backends}   the tree as it is here
#   <prefix>/include/lazytensor.hpp, <prefix>/include/lazytensor/   one-line headers that forward to it
#   <prefix>/lib/cmake/lazytensor/                                  find_package(lazytensor)
#
# The private folder keeps <lazy/...> and <backends/...> out of reach of user code.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(private_dir "lazytensor-${PROJECT_VERSION}")
set(header_dest "${CMAKE_INSTALL_INCLUDEDIR}/${private_dir}")
set(package_dest "${CMAKE_INSTALL_LIBDIR}/cmake/lazytensor")

foreach(tree IN ITEMS include lazy backends)
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${tree}" DESTINATION "${header_dest}"
            FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cuh" PATTERN "*.cpp")
endforeach()

set(forward_dir "${PROJECT_BINARY_DIR}/forward")
file(REMOVE_RECURSE "${forward_dir}")
file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
     "${PROJECT_SOURCE_DIR}/include/*.hpp")
foreach(header IN LISTS public_headers)
    string(REGEX REPLACE "[^/]+" ".." up "${header}")
    string(REGEX REPLACE "\\.\\.$" "" up "${up}")
    file(WRITE "${forward_dir}/${header}"
         "#include \"${up}${private_dir}/include/${header}\"  // IWYU pragma: export\n")
endforeach()
install(DIRECTORY "${forward_dir}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" OPTIONAL)

target_include_directories(lazytensor INTERFACE $<INSTALL_INTERFACE:${header_dest}/include>)

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/lazytensorConfig.cmake.in" lazytensorConfig.cmake
    INSTALL_DESTINATION "${package_dest}"
    PATH_VARS header_dest
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(lazytensorConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/lazytensorConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/lazytensorConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/lazytensorTargets.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FindCBLAS.cmake"
        DESTINATION "${package_dest}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/lazytensor")
