# janus_layer(<name> <folder> [<dependency>…]) makes janus_<name> of all C files below the folder. It sees the layers made
# before it and the libraries named, so a forbidden use of llvm-c fails to compile.
set(JANUS_LAYERS "")

function(janus_layer name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.c")
  if(NOT sources)
    return()
  endif()
  add_library(janus_${name} STATIC ${sources})
  target_include_directories(janus_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  foreach(dependency IN LISTS ARGN)
    if(dependency STREQUAL LLVM)
      janus_find_llvm()
    endif()
    target_link_libraries(janus_${name} PRIVATE janus_dep_${dependency})
  endforeach()
  # Nearest layer first, as the linker wants it.
  target_link_libraries(janus_${name} PUBLIC ${JANUS_LAYERS})
  set(JANUS_LAYERS janus_${name} ${JANUS_LAYERS} PARENT_SCOPE)
endfunction()
