# Makes store/statements.h and store/statements.c of schema/queries/*.sql: the names as enum statement, and a table of name, text, roles
# and parameter count; and SCHEMA_VERSION of the newest file in schema/migrations.
# Run as: cmake -DSCHEMA=<folder> -DOUTPUT=<folder> -P embed_sql.cmake
#
# A statement is `-- name: resource_verb`, `-- role: reader, writer, …`, then SQL up to a semicolon at a line's end. The name begins
# with the file's; other comment lines are left out.
cmake_minimum_required(VERSION 3.25)

set(enum "")
set(table "")
set(names "")
set(name "")
set(sql "")

function(fail)
  message(FATAL_ERROR "${file}: ${name}: ${ARGN}")
endfunction()

macro(finish)
  string(TOUPPER "${name}" upper)
  string(REGEX MATCHALL "[$][0-9]+" parameters "${sql}")
  set(count 0)
  foreach(parameter IN LISTS parameters)
    string(SUBSTRING "${parameter}" 1 -1 number)
    if(number GREATER count)
      set(count ${number})
    endif()
  endforeach()
  if(roles STREQUAL "")
    fail("no `-- role:`")
  endif()
  if(name IN_LIST names)
    fail("this name stands twice")
  endif()
  list(APPEND names ${name})
  string(APPEND enum "    STATEMENT_${upper},\n")
  string(APPEND table "    [STATEMENT_${upper}] = {\"${name}\",\n${text}        ${roles}, ${count}},\n")
  set(name "")
endmacro()

file(GLOB migrations "${SCHEMA}/migrations/[0-9][0-9][0-9][0-9]_*.sql")
list(SORT migrations)
list(POP_BACK migrations newest)
string(REGEX REPLACE "^.*/0*([0-9]+)_[^/]*$" "\\1" schema_version "${newest}")

file(GLOB files "${SCHEMA}/queries/*.sql")
list(SORT files)
foreach(path IN LISTS files)
  get_filename_component(file "${path}" NAME_WE)
  file(READ "${path}" content)
  # Semicolons and brackets mean something to CMake's lists.
  string(REGEX REPLACE ";[ \t]*\n" "@END@\n" content "${content}")
  string(REPLACE ";" "@SEMICOLON@" content "${content}")
  string(REPLACE "[" "@OPEN@" content "${content}")
  string(REPLACE "]" "@CLOSE@" content "${content}")
  string(REPLACE "\\" "@BACKSLASH@" content "${content}")
  string(REPLACE "\n" ";" lines "${content}")
  foreach(line IN LISTS lines)
    if(line MATCHES "^-- name: *([a-z0-9_]+) *$")
      set(next "${CMAKE_MATCH_1}")
      if(NOT name STREQUAL "")
        fail("not ended by a semicolon")
      endif()
      set(name "${next}")
      string(FIND "${name}" "${file}_" at)
      if(NOT at EQUAL 0)
        fail("does not begin with the file's name")
      endif()
      set(sql "")
      set(text "")
      set(roles "")
    elseif(line MATCHES "^-- role: *(.+)$")
      string(REGEX MATCHALL "[a-z]+" words "${CMAKE_MATCH_1}")
      set(roles "")
      foreach(word IN LISTS words)
        if(NOT word MATCHES "^(reader|writer|exporter|official|owner)$")
          fail("unknown role ${word}")
        endif()
        string(TOUPPER "1u << DB_${word}" bit)
        string(REPLACE "1U" "1u" bit "${bit}")
        if(roles STREQUAL "")
          set(roles "${bit}")
        else()
          string(APPEND roles " | ${bit}")
        endif()
      endforeach()
    elseif(line MATCHES "^[ \t]*--" OR line MATCHES "^[ \t]*$")
      continue()
    elseif(name STREQUAL "")
      fail("SQL outside a statement: ${line}")
    else()
      string(FIND "${line}" "@END@" end)
      string(REPLACE "@END@" "" line "${line}")
      string(APPEND sql "${line}\n")
      string(REPLACE "@BACKSLASH@" "\\\\" line "${line}")
      string(REPLACE "\"" "\\\"" line "${line}")
      string(APPEND text "        \"${line}\\n\"\n")
      if(NOT end EQUAL -1)
        string(REGEX REPLACE "\\\\n\"\n$" "\",\n" text "${text}")
        finish()
      endif()
    endif()
  endforeach()
  if(NOT name STREQUAL "")
    fail("not ended by a semicolon")
  endif()
endforeach()

string(REPLACE "@SEMICOLON@" ";" table "${table}")
string(REPLACE "@OPEN@" "[" table "${table}")
string(REPLACE "@CLOSE@" "]" table "${table}")

function(write_changed path content)
  if(EXISTS "${path}")
    file(READ "${path}" before)
    if(before STREQUAL content)
      return()
    endif()
  endif()
  file(WRITE "${path}" "${content}")
endfunction()

write_changed("${OUTPUT}/statements.h"
"/* Made by embed_sql.cmake from schema/queries. */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

enum { SCHEMA_VERSION = ${schema_version} };

enum statement {
${enum}    STATEMENTS
};

struct statement_text {
    const char *name;
    const char *sql;
    unsigned roles; /* bits 1u << enum db_role */
    int parameters;
};

extern const struct statement_text statement_texts[STATEMENTS];

#endif
")
write_changed("${OUTPUT}/statements.c"
"/* Made by embed_sql.cmake from schema/queries. */
#include \"store/db.h\"

const struct statement_text statement_texts[STATEMENTS] = {
${table}};
")
