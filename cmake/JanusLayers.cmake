# janus_layer(<name> <folder> [<dependency>…]) makes janus_<name> of all C files below the folder. It sees the layers made
# before it and the libraries named, so a forbidden use of llvm-c fails to compile.
set(JANUS_LAYERS "")

function(janus_layer name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.c")
  list(FILTER sources EXCLUDE REGEX "/src/backend/llvm/")
  if(NOT sources)
    return()
  endif()
  add_library(janus_${name} STATIC ${sources})
  target_include_directories(janus_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  foreach(dependency IN LISTS ARGN)
    target_link_libraries(janus_${name} PRIVATE janus_dep_${dependency})
  endforeach()
  # Nearest layer first, as the linker wants it.
  target_link_libraries(janus_${name} PUBLIC ${JANUS_LAYERS})
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
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE janus_qtjir janus_dep_LLVM)
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
  add_dependencies(janus_backend ${name})
endfunction()
