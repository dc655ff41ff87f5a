#!/bin/sh
# sql.sh OUTPUT.h OUTPUT.c FILE.sql... -- makes the table of statements from the files: queries/NAME.sql becomes sql_NAME,
# schema/NNNN-name.sql a migration. Comments are left out. The first line of a statement is a comment that says what goes in
# and comes out; when it begins with "-- scan", the answer may be long and is read piece by piece (see db.h).
set -eu
header=$1 source=$2
shift 2
awk -v header="$header" -v source="$source" '
    function fail(why) { print "sql.sh: " FILENAME ": " why > "/dev/stderr"; failed = 1; exit 1 }
    function quoted(line) {
        gsub(/\\/, "\\\\", line)
        gsub(/"/, "\\\"", line)
        return "\n        \"" line "\\n\""
    }
    FNR == 1 {
        name = FILENAME
        sub(/.*\//, "", name)
        sub(/\.sql$/, "", name)
        migration = FILENAME ~ /\/schema\/[^\/]*$/
        if (!migration) {
            if ($0 !~ /^-- /) fail("the first line must be a comment: in, out")
            if (name !~ /^[a-z][a-z0-9_]*$/) fail("a statement is named in small letters")
            names[++statements] = name
            scan[statements] = $0 ~ /^-- scan/ ? "true" : "false"
        } else {
            if (name !~ /^[0-9][0-9][0-9][0-9]-/) fail("a migration is named NNNN-name.sql")
            migrations++
            version[migrations] = substr(name, 1, 4) + 0
            title[migrations] = name
            if (version[migrations] != migrations) fail("migrations are numbered without a gap, in order")
        }
    }
    {
        if ($0 ~ /^[ \t]*--/) next
        line = $0
        sub(/[ \t]+-- .*$/, "", line)
        if (line ~ /^[ \t]*$/) next
        if (migration) script[migrations] = script[migrations] quoted(line)
        else text[statements] = text[statements] quoted(line)
    }
    END {
        if (failed) exit 1
        print "// Made by sql.sh from queries/ and schema/." > header
        print "#ifndef TONG_STORE_SQL_H\n#define TONG_STORE_SQL_H\n#include <stdbool.h>\n#include <stdint.h>" > header
        print "typedef enum sql_id {" > header
        for (i = 1; i <= statements; i++) print "    sql_" names[i] "," > header
        print "    SQL_COUNT\n} sql_id;" > header
        print "struct sql_statement { const char *name, *text; bool scan; };" > header
        print "struct sql_migration { int32_t version; const char *name, *text; };" > header
        print "extern const struct sql_statement sql_statements[SQL_COUNT + 1];" > header
        print "extern const struct sql_migration sql_migrations[]; // ended by version 0\n#endif" > header
        print "#include \"store/sql.h\"\nconst struct sql_statement sql_statements[SQL_COUNT + 1] = {" > source
        for (i = 1; i <= statements; i++) print "    {\"" names[i] "\"," text[i] ", " scan[i] "}," > source
        print "    {0, 0, false},\n};\nconst struct sql_migration sql_migrations[] = {" > source
        for (i = 1; i <= migrations; i++) print "    {" version[i] ", \"" title[i] "\"," script[i] "}," > source
        print "    {0, 0, 0},\n};" > source
    }' "$@"
