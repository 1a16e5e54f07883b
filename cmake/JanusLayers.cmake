# janus_layer(<name> <folder> [BESIDE <layer>…] [NEEDS <dependency>…]) makes janus_<name> of all C files below the folder. It
# sees the layers made before it, without those it stands beside, and the libraries named: what else it includes is not found.
#
# Of a layer others see its face: the headers at its root, without the private ones. Its own files see the whole folder. So
# the compiler is given folders of links instead of src: <build>/faces/<layer> to the layers above, <build>/whole/<layer> to the
# layer itself, each with a single folder named like the layer, and `#include "sema/types.h"` reads the same everywhere.
set(JANUS_LAYERS "")
set(JANUS_PRIVATE_HEADERS internal.h sema_internal.h model.h)

function(janus_layer_folders name folder)
  set(face "${CMAKE_BINARY_DIR}/faces/${name}/${name}")
  set(whole "${CMAKE_BINARY_DIR}/whole/${name}")
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.h" "${CMAKE_SOURCE_DIR}/${folder}/*.def")
  file(REMOVE_RECURSE "${face}" "${whole}")
  file(MAKE_DIRECTORY "${face}" "${whole}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${folder}" "${whole}/${name}" SYMBOLIC)
  foreach(header IN LISTS headers)
    cmake_path(GET header FILENAME file)
    if(NOT file IN_LIST JANUS_PRIVATE_HEADERS)
      file(CREATE_LINK "${header}" "${face}/${file}" SYMBOLIC)
    endif()
  endforeach()
endfunction()

function(janus_layer name folder)
  cmake_parse_arguments(PARSE_ARGV 2 layer "" "" "BESIDE;NEEDS")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.c")
  list(FILTER sources EXCLUDE REGEX "/src/backend/llvm/")
  if(NOT sources)
    return()
  endif()
  janus_layer_folders(${name} ${folder})
  add_library(janus_${name} STATIC ${sources})
  target_include_directories(janus_${name} PRIVATE "${CMAKE_BINARY_DIR}/whole/${name}" INTERFACE "${CMAKE_BINARY_DIR}/faces/${name}")
  foreach(dependency IN LISTS layer_NEEDS)
    target_link_libraries(janus_${name} PRIVATE janus_dep_${dependency})
  endforeach()
  # Nearest layer first, as the linker wants it.
  set(below ${JANUS_LAYERS})
  list(TRANSFORM layer_BESIDE PREPEND janus_)
  list(REMOVE_ITEM below ${layer_BESIDE})
  target_link_libraries(janus_${name} PUBLIC ${below})
  set(JANUS_LAYERS janus_${name} ${JANUS_LAYERS} PARENT_SCOPE)
endfunction()

# janus_llvm_module(<name> <folder>) makes <build>/<name>.so, which src/backend/load.c opens when code is to be emitted: LLVM is
# linked to it alone, so commands that emit nothing start without it.
function(janus_llvm_module name folder)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.c")
  if(NOT sources)
    return()
  endif()
  janus_find_llvm()
  add_library(${name} MODULE ${sources})
  target_include_directories(${name} PRIVATE "${CMAKE_BINARY_DIR}/whole/backend")
  target_link_libraries(${name} PRIVATE janus_qtjir janus_dep_LLVM)
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
  add_dependencies(janus_backend ${name})
endfunction()
