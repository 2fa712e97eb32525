# Makes a header of a script: cmake -DINPUT=<file> -DOUTPUT=<file> -DNAME=<array> -P embed.cmake
cmake_minimum_required(VERSION 3.25)
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE "${OUTPUT}" "static const char ${NAME}[] = {${bytes}};\n")
