#!/bin/sh
# Every shipped protocol: `tongzhou protocol check` finds it right, and all the examples beside it pass, eight at least.
# Prints TAP. Usage: test_shipped.sh PROGRAM; TONGZHOU_SOURCE is the checkout.
set -u
program=$1
TONGZHOU_PROTOCOLS=${TONGZHOU_SOURCE:-.}/protocols
export TONGZHOU_PROTOCOLS
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
count=0
failed=0

result() { # 0 or not, name
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        tail -n 40 "$out" | sed 's/^/# /'
    fi
}

for file in "$TONGZHOU_PROTOCOLS"/*.yaml; do
    case $file in *.tests.yaml) continue ;; esac
    name=$(basename "$file" .yaml)
    "$program" --lang en protocol check "$file" >"$out" 2>&1
    result $? "$name is right"
    "$program" --lang en protocol test "$file" >"$out" 2>&1
    result $? "the examples of $name pass"
    passed=$(sed -n 's/^\([0-9][0-9]*\) passed, 0 failed$/\1/p' "$out")
    [ "${passed:-0}" -ge 8 ]
    result $? "$name has eight examples at least: ${passed:-0}"
done
[ "$count" -ge 9 ] # the COVID-19 editions and the provincial one, Ebola, measles, mpox, MERS
result $? "there are protocols"
echo "1..$count"
[ "$failed" -eq 0 ]
