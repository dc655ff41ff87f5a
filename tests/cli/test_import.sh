#!/bin/sh
# import and export as a user runs them: a folder of Go.Data into a new store, again, out, and into another store.
set -u
program=$1
shared=${TONGZHOU_SHARED:-$TONGZHOU_SOURCE/../shared}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
n=0 failed=0

# ok NAME COMMAND...
ok() {
    n=$((n + 1))
    name=$1
    shift
    if "$@"; then echo "ok $n - $name"; else
        echo "not ok $n - $name"
        failed=1
    fi
}
says() { grep -q -- "$2" "$1"; }

printf 'id,name,onset,reported,class\n007,Ann,2022-03-01,2022-03-02,confirmed\n8,Bob,2022-02-30,2022-03-02,confirmed\n' > "$folder/list.csv"
"$program" import list "$folder/list.csv" --dry-run --lang en > "$folder/out" 2> "$folder/err"
ok "a dry run with a fault ends with 1" [ $? -eq 1 ]
ok "and counts" says "$folder/out" "2 rows read: 1 taken, 0 there already, 1 faulty"
ok "and says where" says "$folder/err" "list.csv:3:"
"$program" import list "$folder/list.csv" --store "$folder/a.db" --protocol covid19-cn-9 --faults "$folder/faults.csv" --lang en > "$folder/out" 2> "$folder/err"
ok "for real" says "$folder/out" "1 taken, 0 there already, 1 faulty"
ok "the faulty row is handed back" says "$folder/faults.csv" "^8,Bob,2022-02-30"
sed -i 's/2022-02-30/2022-02-28/' "$folder/faults.csv"
"$program" import list "$folder/faults.csv" --store "$folder/a.db" --lang en > "$folder/out" 2>&1
ok "repaired, it is imported alone" says "$folder/out" "1 rows read: 1 taken, 0 there already, 0 faulty"
"$program" import list "$folder/list.csv" --suggest > "$folder/out" 2> /dev/null
ok "a mapping is suggested" says "$folder/out" '"onset": onset'
"$program" export all "$folder/one" --store "$folder/a.db" > /dev/null 2>&1
ok "all is written out" [ $? -eq 0 ]
ok "leading zeros stay" says "$folder/one/people.csv" ",list,007"
"$program" import tongzhou "$folder/one/people.csv" "$folder/one/facts.csv" --store "$folder/b.db" --protocol covid19-cn-9 --lang en > "$folder/out" 2>&1
ok "what was exported is imported" says "$folder/out" ", 0 faulty"
"$program" export all "$folder/two" --store "$folder/b.db" > /dev/null 2>&1
ok "people are the same" cmp -s "$folder/one/people.csv" "$folder/two/people.csv"
ok "facts are the same" cmp -s "$folder/one/facts.csv" "$folder/two/facts.csv"
"$program" import nothing "$folder/list.csv" > /dev/null 2>&1
ok "an unknown format is refused" [ $? -eq 2 ]
if [ -d "$shared/formats/godata-trainingland" ]; then
    "$program" import godata "$shared/formats/godata-trainingland" --store "$folder/g.db" --protocol covid19-cn-9 --lang en > "$folder/out" 2> /dev/null
    ok "the training folder" says "$folder/out" "4671 rows read: 4170 taken, 495 there already, 6 faulty"
    "$program" import godata "$shared/formats/godata-trainingland" --store "$folder/g.db" --lang en > "$folder/out" 2> /dev/null
    ok "again: nothing new" says "$folder/out" "4671 rows read: 0 taken, 4665 there already, 6 faulty"
    "$program" verify --store "$folder/g.db" > /dev/null 2>&1
    ok "the chain holds" [ $? -eq 0 ]
else
    n=$((n + 1))
    echo "ok $n # SKIP the training folder is not there"
fi
echo "1..$n"
exit $failed
