#!/bin/sh
# sql.sh OUTPUT.h OUTPUT.c FILE.sql... -- makes the table of statements from the files: queries/NAME.sql becomes sql_NAME,
# schema/NNNN-name.sql a migration. Comment lines at the start of a line are left out.
set -eu
header=$1 source=$2
shift 2
{
    echo '// Made by sql.sh from queries/ and schema/.'
    echo '#ifndef TONG_STORE_SQL_H'
    echo '#define TONG_STORE_SQL_H'
    echo '#include <stdint.h>'
    echo 'typedef enum sql_id {'
    for file in "$@"; do
        case $file in */queries/*) echo "    sql_$(basename "$file" .sql)," ;; esac
    done
    echo '    SQL_COUNT'
    echo '} sql_id;'
    echo 'struct sql_statement { const char *name, *text; };'
    echo 'struct sql_migration { int32_t version; const char *name, *text; };'
    echo 'extern const struct sql_statement sql_statements[SQL_COUNT + 1];'
    echo 'extern const struct sql_migration sql_migrations[]; // ended by version 0'
    echo '#endif'
} >"$header"
quoted() {
    sed -e '/^--/d' -e 's/ *-- .*$//' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^\(.*\)$/        "\1\\n"/' "$1"
}
{
    echo '#include "store/sql.h"'
    echo 'const struct sql_statement sql_statements[SQL_COUNT + 1] = {'
    for file in "$@"; do
        case $file in */queries/*)
            echo "    {\"$(basename "$file" .sql)\","
            quoted "$file"
            echo '    },' ;;
        esac
    done
    echo '    {0, 0},'
    echo '};'
    echo 'const struct sql_migration sql_migrations[] = {'
    for file in "$@"; do
        case $file in */schema/*)
            name=$(basename "$file" .sql)
            echo "    {$(echo "${name%%-*}" | sed 's/^0*//'), \"$name\","
            quoted "$file"
            echo '    },' ;;
        esac
    done
    echo '    {0, 0, 0},'
    echo '};'
} >"$source"
