# kontor_module() makes a folder of src/ a target that links exactly what src/layers.txt lets it see.
#
#   kontor_module(SOURCES a.cpp HEADERS a.hpp SPECS a_spec.cpp THIRD_PARTY fmt::fmt)
#
# Presets that build everything compile several sources of a target as one (CMAKE_UNITY_BUILD). So a name that stands in an
# unnamed namespace is the module's only one; a source that must have one of its own again is listed under APART as well.
#
# The folder is the one that holds the CMakeLists.txt. Its target is kontor_<folder with _ for />; its specs become one
# test program, spec_<folder>, run by ctest under the label `fast`; with THREADS also under ThreadSanitizer.

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/layers.txt)

# Sets `result` to the list of folders that `folder` may see: itself, and what its row of the layer table or its nearest
# parent's says.
function(kontor_layer_row folder result)
    file(STRINGS ${PROJECT_SOURCE_DIR}/src/layers.txt rows REGEX "^[a-z]")
    set(name ${folder})
    while(NOT name STREQUAL "")
        foreach(row IN LISTS rows)
            if(row MATCHES "^([a-z_/]+) *:([^:]*):")
                set(key ${CMAKE_MATCH_1})
                separate_arguments(sees UNIX_COMMAND "${CMAKE_MATCH_2}")
                if(key STREQUAL name)
                    set(${result} ${sees} ${folder} PARENT_SCOPE)
                    return()
                endif()
            endif()
        endforeach()
        if(name MATCHES "/")
            string(REGEX REPLACE "/[^/]*$" "" name "${name}")
        else()
            set(name "")
        endif()
    endwhile()
    message(FATAL_ERROR "src/${folder} has no row in src/layers.txt: add one that says what it may see")
endfunction()

function(kontor_module)
    cmake_parse_arguments(PARSE_ARGV 0 MODULE "THREADS" "" "SOURCES;APART;HEADERS;SPECS;SPECS_LINK;BENCHES;THIRD_PARTY")
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
    string(REPLACE "/" "_" suffix ${folder})
    set(target kontor_${suffix})
    kontor_layer_row(${folder} sees)

    if(MODULE_SOURCES)
        add_library(${target} STATIC ${MODULE_SOURCES})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    set_source_files_properties(${MODULE_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} ${scope} kontor_flags ${MODULE_THIRD_PARTY})
    # Where bytes of a file or a socket become values, UndefinedBehaviorSanitizer looks at every access.
    if(MODULE_SOURCES AND folder MATCHES "^(base|codec|platform/routing|adapters/embedded|adapters/http)(/|$)")
        set_target_properties(${target} PROPERTIES KONTOR_EVERY_ACCESS ON)
    endif()
    # Each header compiles alone. x.cpp shows it of x.hpp, which it includes first (the style check sees to that); the
    # others are compiled for it: all_verify_interface_header_sets.
    set(unproven)
    foreach(header IN LISTS MODULE_HEADERS)
        string(REGEX REPLACE "\\.hpp$" ".cpp" source ${header})
        if(NOT source IN_LIST MODULE_SOURCES)
            list(APPEND unproven ${header})
        endif()
    endforeach()
    if(unproven)
        target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${unproven})
        set_property(TARGET ${target} PROPERTY VERIFY_INTERFACE_HEADER_SETS ON)
    endif()

    # Every module made so far that lies in a folder this one may see. Modules are added bottom up, so nothing below is
    # missing, and a link upwards cannot be written.
    get_property(known GLOBAL PROPERTY KONTOR_MODULE_FOLDERS)
    foreach(other IN LISTS known)
        foreach(allowed IN LISTS sees)
            if(other STREQUAL allowed OR other MATCHES "^${allowed}/")
                string(REPLACE "/" "_" other_suffix ${other})
                target_link_libraries(${target} ${scope} kontor_${other_suffix})
                break()
            endif()
        endforeach()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY KONTOR_MODULE_FOLDERS ${folder})

    # Micro-benchmarks of all modules become one program, kontor_micro (bench/CMakeLists.txt).
    foreach(bench IN LISTS MODULE_BENCHES)
        set_property(GLOBAL APPEND PROPERTY KONTOR_MICRO_SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/${bench})
        set_property(GLOBAL APPEND PROPERTY KONTOR_MICRO_TARGETS ${target})
    endforeach()

    if(MODULE_SPECS AND KONTOR_TESTS)
        if(MODULE_THREADS)
            set(threads THREADS)
        endif()
        kontor_test(spec_${suffix} LABEL fast ${threads} SOURCES ${MODULE_SPECS} LINK ${target} ${MODULE_SPECS_LINK})
    endif()
endfunction()

# Each label has a target that builds its programs: tests_fast, tests_thread, … An empty one does nothing.
set(KONTOR_TEST_LABELS fast slow thread sim crash e2e gate)
if(KONTOR_TESTS)
    foreach(label IN LISTS KONTOR_TEST_LABELS)
        add_custom_target(tests_${label})
    endforeach()
endif()

# kontor_check(name LABEL … [THREADS] [SERIAL] COMMAND … [NEEDS target…] [TIMEOUT seconds]): one ctest entry for any
# command; what it needs is built with its label. THREADS: it starts threads, so it also runs under ThreadSanitizer.
# SERIAL: nothing may run beside it. A command that cannot run here exits with 77 and counts as skipped.
function(kontor_check name)
    cmake_parse_arguments(PARSE_ARGV 1 CHECK "THREADS;SERIAL" "LABEL;TIMEOUT" "COMMAND;NEEDS")
    if(NOT CHECK_LABEL IN_LIST KONTOR_TEST_LABELS)
        message(FATAL_ERROR "${name}: the label '${CHECK_LABEL}' is none of ${KONTOR_TEST_LABELS}")
    endif()
    set(labels ${CHECK_LABEL})
    if(CHECK_THREADS)
        list(APPEND labels thread)
    endif()
    if(NOT CHECK_TIMEOUT)
        set(CHECK_TIMEOUT 600)
    endif()
    add_test(NAME ${name} COMMAND ${CHECK_COMMAND})
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${CHECK_TIMEOUT} SKIP_RETURN_CODE 77
                         RUN_SERIAL ${CHECK_SERIAL})
    if(CHECK_NEEDS)
        foreach(label IN LISTS labels)
            add_dependencies(tests_${label} ${CHECK_NEEDS})
        endforeach()
    endif()
endfunction()

# kontor_test(name LABEL … [THREADS] [SERIAL] SOURCES … [APART …] LINK … [TIMEOUT seconds]): a GoogleTest program and its ctest
# entry. It leaves its cases in results/<name>.xml, from which ./dev counts.
function(kontor_test name)
    cmake_parse_arguments(PARSE_ARGV 1 TEST "THREADS;SERIAL" "LABEL;TIMEOUT" "SOURCES;APART;LINK")
    add_executable(${name} ${TEST_SOURCES})
    set_source_files_properties(${TEST_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    if(NOT KONTOR_SPECS_IN_ALL)
        set_property(TARGET ${name} PROPERTY EXCLUDE_FROM_ALL ON)
    endif()
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${TEST_LINK} kontor_test_support)
    set(flags)
    foreach(flag IN ITEMS THREADS SERIAL)
        if(TEST_${flag})
            list(APPEND flags ${flag})
        endif()
    endforeach()
    kontor_check(${name} LABEL ${TEST_LABEL} ${flags} TIMEOUT ${TEST_TIMEOUT} COMMAND ${name} --gtest_brief=1
                 NEEDS ${name})
    set_tests_properties(${name} PROPERTIES
                         ENVIRONMENT "GTEST_OUTPUT=xml:${PROJECT_BINARY_DIR}/results/${name}.xml")
endfunction()
