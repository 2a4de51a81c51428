# What the targets need and how they are made, shared by the build and by the installed package.
# SPDX-License-Identifier: BSD-3-Clause
#
# Nothing found on the building machine is written into the installed package: headers are compiled
# where they are used, so the same search runs again there. To leave an optional package out, say
# -DCMAKE_DISABLE_FIND_PACKAGE_<OpenMP|ZLIB|CBLAS>=ON.

# Sets <result> to the name of the first required package that is missing, or to nothing.
function(lazytensor_find_dependencies result)
    set(${result} "" PARENT_SCOPE)
    find_package(xsimd QUIET)
    if(NOT TARGET xsimd)
        find_path(LAZYTENSOR_XSIMD_INCLUDE xsimd/xsimd.hpp)
        mark_as_advanced(LAZYTENSOR_XSIMD_INCLUDE)
        if(NOT LAZYTENSOR_XSIMD_INCLUDE)
            set(${result} "xsimd (Debian: libxsimd-dev)" PARENT_SCOPE)
        endif()
    endif()
    find_package(xtensor QUIET)
    if(LAZYTENSOR_OPENMP)
        find_package(OpenMP QUIET COMPONENTS CXX)
    endif()
    find_package(ZLIB QUIET)
    find_package(CBLAS QUIET)
endfunction()

# Gives <target> what lazytensor_find_dependencies found.
function(lazytensor_attach target)
    if(TARGET xsimd)
        target_link_libraries(${target} INTERFACE xsimd)
    else()
        target_include_directories(${target} SYSTEM INTERFACE "${LAZYTENSOR_XSIMD_INCLUDE}")
    endif()
    if(TARGET xtensor)
        target_link_libraries(${target} INTERFACE xtensor)
    endif()
    if(LAZYTENSOR_OPENMP AND TARGET OpenMP::OpenMP_CXX)
        target_link_libraries(${target} INTERFACE OpenMP::OpenMP_CXX)
    endif()
    if(TARGET ZLIB::ZLIB)
        target_link_libraries(${target} INTERFACE ZLIB::ZLIB)
        target_compile_definitions(${target} INTERFACE LAZYTENSOR_ZLIB=1)
    endif()
    if(TARGET CBLAS::CBLAS)
        target_link_libraries(${target} INTERFACE CBLAS::CBLAS)
        target_compile_definitions(${target} INTERFACE LAZYTENSOR_CBLAS=1)
    endif()
    if(LAZYTENSOR_STRICT_FP)
        target_compile_options(${target} INTERFACE
            $<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:-ffp-contract=off>
            "$<$<COMPILE_LANG_AND_ID:CUDA,NVIDIA>:--fmad=false;-Xcompiler=-ffp-contract=off>")
    else()
        target_compile_definitions(${target} INTERFACE LAZYTENSOR_RELAXED_FP=1)
    endif()
endfunction()

# Offers lazytensor::compiled: the run-time table of operations compiled once, from the sources under
# <root>/lazy/compiled. It is built in the project that uses it and with that project's flags, never
# shipped as a binary: its kernels must be for the same instruction set as the caller's.
function(lazytensor_add_compiled root)
    file(GLOB sources CONFIGURE_DEPENDS "${root}/lazy/compiled/*.cpp")
    if(NOT sources OR TARGET lazytensor_compiled)
        return()
    endif()
    add_library(lazytensor_compiled STATIC EXCLUDE_FROM_ALL ${sources})
    add_library(lazytensor::compiled ALIAS lazytensor_compiled)
    target_compile_definitions(lazytensor_compiled PUBLIC LAZYTENSOR_COMPILED=1)
    target_link_libraries(lazytensor_compiled PUBLIC lazytensor::lazytensor)
    set_target_properties(lazytensor_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
