#!/bin/sh
# The library as others get it: installed into a folder, found by pkg-config, compiled against, run; and its manual pages.
# test_outside.sh BUILD-FOLDER outside.c [FLAG...]
set -u
build=$1
program=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run=0
failed=0
ok() {
    run=$((run + 1))
    if [ "$1" -eq 0 ]; then echo "ok $run - $2"; else
        failed=$((failed + 1))
        echo "not ok $run - $2"
        tail -20 "$folder/log" | sed 's/^/# /'
    fi
}

DESTDIR=$folder/root meson install -C "$build" --no-rebuild --tags devel,man >"$folder/log" 2>&1
ok $? "headers, library and pkg-config file install"
file=$(find "$folder/root" -name tongzhou-epi.pc)
[ -n "$file" ]
ok $? "there is a pkg-config file"
export PKG_CONFIG_PATH="$(dirname "$file")" PKG_CONFIG_SYSROOT_DIR="$folder/root"
flags=$(pkg-config --cflags --libs tongzhou-epi 2>>"$folder/log")
ok $? "pkg-config understands it"
# shellcheck disable=SC2086  # flags are words
cc -std=c17 -Wall -Wextra -Wpedantic -Werror "$@" "$program" -o "$folder/outside" $flags >"$folder/log" 2>&1
ok $? "a program outside compiles and links without a warning"
"$folder/outside" >"$folder/log" 2>&1 && grep -q '^R 2.917 (2.490 to 3.377), [0-9]* bytes of SVG' "$folder/log"
ok $? "and runs"
# Every header is enough by itself.
root=$(find "$folder/root" -type d -path '*include/tongzhou')
bad=
for header in "$root"/epi/*.h; do
    echo "#include \"epi/$(basename "$header")\"" >"$folder/one.c"
    cc -std=c17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$root" "$folder/one.c" >>"$folder/log" 2>&1 || bad="$bad $(basename "$header")"
done
[ -z "$bad" ]
ok $? "each header compiles alone:$bad"
pages=$(find "$folder/root" -name '*.[13]*' -path '*man*' | wc -l)
[ "$pages" -ge 30 ]
ok $? "$pages manual pages are installed"
bad=
for page in $(find "$folder/root" -path '*/man/man3/*.3' | head -60); do
    grep -q '^.SH NAME' "$page" && grep -q '^.SH DECLARATIONS' "$page" || bad="$bad $(basename "$page")"
done
[ -z "$bad" ]
ok $? "every page of the library has a name and its declarations:$bad"
echo "1..$run"
[ "$failed" -eq 0 ]
