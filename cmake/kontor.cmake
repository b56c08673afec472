# kontor_module() makes a folder of src/ a target that links exactly what src/layers.txt lets it see.
#
#   kontor_module(SOURCES a.cpp HEADERS a.hpp SPECS a_spec.cpp THIRD_PARTY fmt::fmt)
#
# The folder is the one that holds the CMakeLists.txt. Its target is kontor_<folder with _ for />; its specs become one
# test program, spec_<folder>, run by ctest under the label `fast`; specs may link more than the folder may see.

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/layers.txt)

# Sets `result` to the list of folders that `folder` may see: its own row of the layer table or its nearest parent's.
function(kontor_layer_row folder result)
    file(STRINGS ${PROJECT_SOURCE_DIR}/src/layers.txt rows REGEX "^[a-z]")
    set(name ${folder})
    while(NOT name STREQUAL "")
        foreach(row IN LISTS rows)
            if(row MATCHES "^([a-z_/]+) *:([^:]*):")
                set(key ${CMAKE_MATCH_1})
                separate_arguments(sees UNIX_COMMAND "${CMAKE_MATCH_2}")
                if(key STREQUAL name)
                    set(${result} ${sees} ${key} PARENT_SCOPE)
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
    cmake_parse_arguments(PARSE_ARGV 0 MODULE "" "" "SOURCES;HEADERS;SPECS;SPECS_LINK;THIRD_PARTY")
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
    target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} ${scope} kontor_flags ${MODULE_THIRD_PARTY})
    if(MODULE_HEADERS)
        target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src
                       FILES ${MODULE_HEADERS})
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

    if(MODULE_SPECS AND KONTOR_TESTS)
        kontor_test(spec_${suffix} LABEL fast SOURCES ${MODULE_SPECS} LINK ${target} ${MODULE_SPECS_LINK})
    endif()
endfunction()

# kontor_test(name LABEL fast|slow|sim|crash|e2e SOURCES … LINK …): a GoogleTest program and its ctest entry.
function(kontor_test name)
    cmake_parse_arguments(PARSE_ARGV 1 TEST "" "LABEL" "SOURCES;LINK")
    add_executable(${name} ${TEST_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${TEST_LINK} kontor_test_support)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 600)
endfunction()
