#!/bin/sh
# layers.sh -- the rules of the house that no compiler checks. Prints TAP; run from anywhere.
#
#   layers   a folder of src/ includes only itself and those above it; epi/ only base/
#   pure     protocol/, response/, epi/ and twin/ know no clock, no thread, no database, no stream, no environment
#   banned   functions that have no place here
#   length   650 lines a file
set -u
cd "$(dirname "$0")/.." || exit 1

run=0
failed=0
# say NAME OFFENCES: passes when there are none
say() {
    run=$((run + 1))
    if [ -z "$2" ]; then
        echo "ok $run - $1"
    else
        failed=$((failed + 1))
        echo "not ok $run - $1"
        echo "$2" | sed 's/^/# /'
    fi
}

sources() {
    find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# shellcheck disable=SC2016  # the program is awk's
upward=$(sources src | xargs awk '
    BEGIN {
        n = split("base protocol response epi twin plan store intake exchange service cli", order, " ")
        for (i = 1; i <= n; i++) rank[order[i]] = i
    }
    FNR == 1 { split(FILENAME, part, "/"); own = part[2] }
    FNR == 1 && !(own in rank) { print FILENAME ": folder " own " has no place in the order of the layers" }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, quoted, "\"")
        if (split(quoted[2], path, "/") != 2) { print FILENAME ":" FNR ": include by folder/module.h: " quoted[2]; next }
        other = path[1]
        if (!(other in rank)) print FILENAME ":" FNR ": no such folder: " quoted[2]
        else if (rank[other] > rank[own]) print FILENAME ":" FNR ": " own " must not know " other
        else if (own == "epi" && other != "epi" && other != "base") print FILENAME ":" FNR ": epi must not know " other
        else if (own == "plan" && other == "twin") print FILENAME ":" FNR ": plan must not know twin"
    }')
say "layers: includes point only downwards" "$upward"

# Comments and texts are taken out first, so that a sentence may speak of a file or of the time.
code() {
    awk '
        FNR == 1 { block = 0 }
        {
            line = $0; out = ""
            while (line != "") {
                if (block) {
                    end = index(line, "*/")
                    if (end == 0) { line = ""; continue }
                    line = substr(line, end + 2); block = 0; continue
                }
                c = substr(line, 1, 1); d = substr(line, 1, 2)
                if (d == "//") { line = "" }
                else if (d == "/*") { block = 1; line = substr(line, 3) }
                else if (c == "\"" && line !~ /^"[^"]*\.h"$/) {
                    line = substr(line, 2)
                    while (line != "" && substr(line, 1, 1) != "\"")
                        line = substr(line, substr(line, 1, 1) == "\\" ? 3 : 2)
                    line = substr(line, 2); out = out "\"\""
                }
                else if (c == "\047") {
                    match(line, /^\047(\\.[^\047]*|[^\047\\])\047/)
                    line = substr(line, RLENGTH > 0 ? RLENGTH + 1 : 2); out = out "0"
                }
                else { out = out c; line = substr(line, 2) }
            }
            print FILENAME ":" FNR ": " out
        }' "$@"
}

pure=$(sources src/protocol src/response src/epi src/twin)
impure=
if [ -n "$pure" ]; then
    words='FILE|fopen|fprintf|vfprintf|printf|puts|fputs|fputc|putchar|fwrite|fread|stdin|stdout|stderr'
    calls='time|clock|clock_gettime|getenv|rand|srand|random|pthread_[a-z_]+'
    # shellcheck disable=SC2086  # a list of file names without spaces
    impure=$(code $pure | sed 's/format(printf,//' |
        grep -E "#[ ]*include[ ]*<(time|pthread|sqlite3|unistd|dirent|fcntl|threads|sys/[a-z]+)\.h>|(^|[^A-Za-z0-9_])($words)([^A-Za-z0-9_]|\$)|(^|[^A-Za-z0-9_>.])($calls)[ ]*\(")
fi
say "pure: no clock, no stream, no thread in the core" "$impure"

# shellcheck disable=SC2046
banned=$(code $(sources src tests bench fuzz) |
    grep -E '(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|gets|rand|srand|localtime|gmtime|mktime|alloca|setlocale)[ ]*\(')
say "banned: strcpy, strcat, sprintf, strtok, atoi, gets, rand, localtime, mktime, alloca, setlocale" "$banned"

long=$(sources src tests bench fuzz | xargs wc -l | awk '$2 != "total" && $1 > 650 { print $2 ": " $1 " lines" }')
say "length: no file is longer than 650 lines" "$long"

paths=$(grep -rnE '(^|[^A-Za-z0-9_.])[/](home|root|work)[/]' src tests bench fuzz dev 2>/dev/null)
say "paths: no path of somebody's machine" "$paths"

echo "1..$run"
[ "$failed" -eq 0 ]
