#!/bin/sh
# pages3.sh FOLDER HEADER... -- manual pages of the library, section 3, one a header: what the header says, and the header.
# The header is the contract; so the page cannot differ from it.
set -eu
folder=$1
shift
mkdir -p "$folder"
for header in "$@"; do
    name=$(basename "$header" .h)
    awk -v name="$name" '
        function roff(line) {
            gsub(/\\/, "\\e", line)
            gsub(/-/, "\\-", line)
            if (line ~ /^[.\047]/) line = "\\&" line
            return line
        }
        NR == 1 {
            title = $0
            sub(/^\/\/ [a-z0-9_]*\.h -- /, "", title)
            print ".TH tongzhou\\-epi\\-" roff(name) " 3 \"\" Tongzhou \"Tongzhou epi library\""
            print ".SH NAME\ntongzhou\\-epi\\-" roff(name) " \\- " roff(title)
            print ".SH SYNOPSIS\n.nf\n#include <epi/" roff(name) ".h>\n\ncc ... $(pkg\\-config \\-\\-cflags \\-\\-libs tongzhou\\-epi)\n.fi"
            print ".SH DESCRIPTION\n.nf"
            next
        }
        !body && /^\/\// { sub(/^\/\/ ?/, ""); print roff($0); next }
        !body { print ".fi\n.SH DECLARATIONS\n.nf"; body = 1 }
        { print roff($0) }
        END { print ".fi\n.SH SEE ALSO\n.BR tongzhou\\-epi (1)" }' "$header" >"$folder/tongzhou-epi-$name.3"
done
