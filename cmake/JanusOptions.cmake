# Language level, warnings and the special builds.
option(JANUS_WERROR "Warnings are errors" OFF)
option(JANUS_HOSTILE "Allocations fail on request, hash tables change their order: see src/base/hostile.c" OFF)
option(JANUS_FAULTS "The compiler can be told to be wrong: see src/base/fault.h" OFF)
set(JANUS_SANITIZE "" CACHE STRING "Sanitizers for the compiler itself, e.g. address;undefined")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
endif()
# Without -DNDEBUG: the compiler keeps its assertions in every build.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# What a later standard of C refuses anyway is an error in every build.
# A kind that a list gained and a switch lacks is an error like a function that nobody declared, never a warning alone.
add_compile_options(-Wall -Wextra -fno-strict-aliasing -Werror=switch -Werror=implicit-function-declaration -Werror=int-conversion)
if(JANUS_WERROR)
  add_compile_options(-Werror)
endif()
if(JANUS_HOSTILE)
  add_compile_definitions(JANUS_HOSTILE)
endif()
if(JANUS_FAULTS)
  add_compile_definitions(JANUS_FAULTS)
endif()
if(JANUS_SANITIZE)
  list(JOIN JANUS_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizers})
endif()
