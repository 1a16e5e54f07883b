# janus_explain_pages(<target> <folder>) compiles the pages of `janus explain` into a target: every <folder>/CODE.md becomes a
# string, so the executable needs no files of its own to explain itself. Run as a script (-P), this file writes that source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB pages "${PAGES}/*.md")
  list(SORT pages)
  set(source "// Made from the pages of docs/explain; not to be edited.\n#include \"tool/explain.h\"\n\n")
  string(APPEND source "const ExplainPage explain_pages[] = {\n")
  foreach(page IN LISTS pages)
    cmake_path(GET page STEM code)
    file(READ "${page}" text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    # Two question marks could begin a trigraph.
    string(REPLACE "?" "\\?" text "${text}")
    string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
    string(APPEND source "    {\"${code}\",\n     \"${text}\"},\n")
  endforeach()
  string(APPEND source "    {0, 0},\n};\n")
  file(WRITE "${OUTPUT}" "${source}")
  return()
endif()

set(JANUS_PAGES_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
function(janus_explain_pages target folder)
  if(NOT TARGET ${target})
    return()
  endif()
  file(GLOB pages CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.md")
  set(output "${CMAKE_BINARY_DIR}/explain_pages.c")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DPAGES=${CMAKE_SOURCE_DIR}/${folder}" "-DOUTPUT=${output}" -P "${JANUS_PAGES_SCRIPT}"
    DEPENDS ${pages} "${JANUS_PAGES_SCRIPT}"
    COMMENT "Embedding the pages of janus explain"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
