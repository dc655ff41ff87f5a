#!/bin/sh
# The commands `tongzhou protocol ...` as a user meets them: exit codes, both languages, what happens with bad files.
# Prints TAP. Usage: test_protocol.sh PROGRAM; TONGZHOU_SOURCE is the checkout.
set -u
program=$1
source=${TONGZHOU_SOURCE:-.}
TONGZHOU_PROTOCOLS=$source/protocols
export TONGZHOU_PROTOCOLS
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
failed=0

result() { # 0 or not, name
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        sed 's/^/# out: /' "$work/out" | head -n 20
        sed 's/^/# err: /' "$work/err" | head -n 20
    fi
}

# run EXIT NAME ARGUMENTS...: runs the program and expects an exit code; the output is left in $work/out and $work/err.
run() {
    wanted=$1
    name=$2
    shift 2
    "$program" "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ "$got" -eq "$wanted" ]
    result $? "$name: exit code $got, wanted $wanted"
}

says() { # in the output
    grep -F -q -e "$1" "$work/out"
    result $? "says: $1"
}

complains() { # on the error stream
    grep -F -q -e "$1" "$work/err"
    result $? "complains: $1"
}

silent() { # nothing on the error stream
    [ ! -s "$work/err" ]
    result $? "$1: no complaint"
}

# The example of the documentation, to be broken on purpose.
awk '/^```yaml$/ { on = 1; next } /^```$/ { if (on) exit } on' "$source/docs/protocol-language.md" >"$work/good.yaml"

# ---- the command itself ----
run 2 "no command" protocol
says "tongzhou protocol check|explain|test|diff|words"
run 0 "help" --lang zh protocol --help
says "检查方案文件是否正确"
run 2 "a slip" --lang en protocol explian
complains 'did you mean "explain"?'
run 2 "a slip in Chinese" --lang zh protocol explian
complains '是否想输入“explain”？'
run 2 "no file" --lang en protocol check
run 0 "help on one" protocol check --help --lang en
says "editions of one family and place must not overlap"
run 2 "an option that is none" --lang en protocol explain --pictures x "$work/good.yaml"
complains "did you mean --picture?"

# ---- check ----
run 0 "a right file" --lang en protocol check "$work/good.yaml"
says "good.yaml: right"
says "1 protocol checked: 0 errors"
run 0 "a right file in Chinese" --lang zh protocol check "$work/good.yaml"
says "good.yaml：没有错误"
run 0 "a shipped one by name" --lang en protocol check covid19-cn-9
run 0 "and with its ending" --lang en protocol check covid19-cn-9.yaml
run 1 "no such file" --lang en protocol check "$work/none.yaml"
complains "there is no file \"$work/none.yaml\""
run 1 "no such file in Chinese" --lang zh protocol check "$work/none.yaml"
complains '找不到文件“'
complains 'none.yaml”'
run 1 "no such name" --lang en protocol check covid19-cn-0
complains 'there is no protocol "covid19-cn-0"; did you mean'
run 1 "a folder" --lang en protocol check "$work"
complains "is a folder"
sed 's/day_zero: onset_or_sample/day_zero: onset_or_sampel/' "$work/good.yaml" >"$work/slip.yaml"
run 1 "a wrong word" --lang en protocol check "$work/slip.yaml"
line=$(grep -n onset_or_sampel "$work/slip.yaml" | cut -d: -f1)
column=$(awk '/onset_or_sampel/ { print index($0, "onset_or_sampel") }' "$work/slip.yaml")
says "slip.yaml:$line:$column: error: "
says 'onset_or_sample`'
run 1 "a wrong word in Chinese" --lang zh protocol check "$work/slip.yaml"
says "slip.yaml:$line:$column: 错误"
sed 's/until day/til day/; s/ (H)//' "$work/good.yaml" >"$work/unsourced.yaml"
run 1 "figures without a source" --lang en protocol check "$work/unsourced.yaml"
head -c 300 "$work/good.yaml" >"$work/cut.yaml"
run 1 "a file cut short" --lang en protocol check "$work/cut.yaml"
printf '\377\376p\000r\000' >"$work/utf16.yaml"
run 1 "another encoding" --lang en protocol check "$work/utf16.yaml"
: >"$work/empty.yaml"
run 1 "an empty file" --lang en protocol check "$work/empty.yaml"
head -c 2000000 /dev/zero | tr '\0' 'x' >"$work/large.yaml"
run 1 "a file that is too large" --lang en protocol check "$work/large.yaml"
complains "is larger than this kind of file may be"
printf '\357\273\277' | cat - "$work/good.yaml" | sed 's/$/\r/' >"$work/bom.yaml"
run 0 "a byte order mark and CRLF" --lang en protocol check "$work/bom.yaml"
cp "$work/good.yaml" "$work/twin.yaml"
run 1 "two editions at once" --lang en protocol check "$work/good.yaml" "$work/twin.yaml"
says "2 protocols checked: "
run 1 "one wrong of two" --lang en protocol check "$work/good.yaml" "$work/slip.yaml"
says "good.yaml: right"
printf 'extends: base.yaml\nprotocol: examplitis\nedition: "2"\nname: {en: Second, zh: 二}\neffective: {from: 2027-01-01}\nreview: 2027-12-31\n' >"$work/second.yaml"
run 1 "what it extends is missing" --lang en protocol check "$work/second.yaml"
says "base.yaml"
cp "$work/good.yaml" "$work/base.yaml"
run 0 "what it extends is there" --lang en protocol check "$work/second.yaml"

# ---- explain ----
run 0 "explain" --lang en protocol explain "$work/good.yaml"
says "# Examplitis, first edition"
says "days 1 to 14, counted from the last exposure"
silent "explain"
run 0 "explain in Chinese" protocol explain --lang zh "$work/good.yaml"
says "末次暴露后第1天至第14天"
run 0 "one pathway" --lang en protocol explain "$work/good.yaml" --pathway contact
says '## Pathway “contact”'
! grep -q 'Pathway “case”$' "$work/out"
result $? "and no other"
run 2 "no such pathway" --lang en protocol explain "$work/good.yaml" --pathway contacts
complains "the pathways of good are: case, contact"
run 1 "explain a wrong file" --lang en protocol explain "$work/slip.yaml"
complains "slip.yaml:$line:$column: error: "
run 0 "a picture" --lang en protocol explain "$work/good.yaml" --pathway contact --svg "$work/one.svg"
grep -q "^<svg " "$work/one.svg" && grep -q "^</svg>" "$work/one.svg"
result $? "is an SVG file"
run 0 "a picture to the output" --lang zh protocol explain "$work/good.yaml" --pathway contact --svg -
says "</svg>"
run 2 "a picture of which?" --lang en protocol explain "$work/good.yaml" --svg "$work/two.svg"
complains "choose a pathway with --pathway"
run 0 "all pictures" --lang en protocol explain "$work/good.yaml" --picture "$work/pictures"
[ -s "$work/pictures/good-case.svg" ] && [ -s "$work/pictures/good-contact.svg" ]
result $? "one file a pathway"
run 1 "a place that cannot be written" --lang en protocol explain "$work/good.yaml" --picture "$work/good.yaml/x"
complains "cannot be made"
run 1 "a file that cannot be written" --lang en protocol explain "$work/good.yaml" --pathway contact --svg "$work/none/x.svg"
complains "cannot be written"

# ---- test ----
awk '/^```yaml$/ { n++; on = (n == 2); next } /^```$/ { on = 0 } on' "$source/docs/protocol-language.md" >"$work/good.tests.yaml"
run 0 "its examples" --lang en protocol test "$work/good.yaml"
run 1 "no examples beside it" --lang en protocol test "$work/base.yaml"
sed 's/released: 2026-03-15/released: 2026-03-14/' "$work/good.tests.yaml" >"$work/twin.tests.yaml"
run 1 "an example that fails" --lang en protocol test "$work/twin.yaml"

# ---- diff ----
run 0 "nothing changed" --lang en protocol diff "$work/good.yaml" "$work/twin.yaml"
says "Nothing changed."
run 0 "nothing changed in Chinese" --lang zh protocol diff "$work/good.yaml" "$work/twin.yaml"
says "没有变化。"
sed 's/for: 14 d/for: 10 d/' "$work/good.yaml" >"$work/shorter.yaml"
run 0 "something changed" --lang en protocol diff "$work/good.yaml" "$work/shorter.yaml"
says "10 days instead of 14 days (4 days less)"
run 0 "shipped editions" --lang zh protocol diff covid19-cn-9 covid19-cn-20
says "由7天改为5天（减少2天）"
run 2 "only one edition" --lang en protocol diff "$work/good.yaml"
run 1 "one that is wrong" --lang en protocol diff "$work/good.yaml" "$work/slip.yaml"
complains "slip.yaml:$line:$column: error: "

# ---- diff, and who would be affected in a running outbreak: three contacts met the case on 1 March ----
cat >"$work/cases.csv" <<'CSV'
id,class,onset,reported_at
C1,confirmed,2026-03-02,2026-03-02
C2,confirmed,2026-04-20,2026-04-20
CSV
cat >"$work/contacts.csv" <<'CSV'
case_id,contact_id,kind,first_contact,last_contact,named_at
C1,K1,household,2026-03-01,2026-03-01,2026-03-02
C1,K2,household,2026-03-01,2026-03-01,2026-03-02
C1,K3,household,2026-03-01,2026-03-01,2026-03-02
CSV
later() { # running: POLICY, and whatever else is to be changed
    sed "s/for: 14 d/for: $2/; s/running: finish/running: $1/; s/edition: \"1\"/edition: \"2\"/; s/from: 2026-01-01/from: 2026-03-06/" "$work/good.yaml"
}
later finish "10 d" >"$work/finish.yaml"
later move "10 d" >"$work/move.yaml"
later move_if_milder "20 d" >"$work/longer.yaml"
later "move, stages: {contact.watched: ends}" "14 d" >"$work/ends.yaml"
later move "10 d" | sed 's/      watched: {/      seen: {/' >"$work/renamed.yaml"
affected() { # edition, language, options
    edition=$1
    shift
    run 0 "affected by $edition" "$@" protocol diff "$work/good.yaml" "$work/$edition.yaml" --outbreak "$work/cases.csv" "$work/contacts.csv"
}
affected finish --lang en
says '## Who would be affected on 6 March 2026'
says 'stage “watched at home”: 3 go on under the edition of before.'
affected move --lang en
says 'stage “watched at home”: 3 stay in it under the new edition; 4 days earlier.'
says 'All together that is 12 days less.'
affected move --lang zh
says '阶段“居家观察”：3人留在该阶段、按新版本执行，提前4天。'
says '## 2026年3月6日将受影响的人员'
affected longer --lang en
says '3 go on under the edition of before, for the new one would not be milder for them.'
affected ends --lang en
says 'stage “watched at home”: 3 are released at once; 10 days earlier.'
affected renamed --lang en
says '3 go on under the edition of before, for the new one has no such stage.'
run 0 "on another day" --lang en protocol diff "$work/good.yaml" "$work/move.yaml" --outbreak "$work/cases.csv" "$work/contacts.csv" --on 2026-04-01
says 'Who would be affected on 1 April 2026'
! grep -q 'watched at home”: ' "$work/out"
result $? "nobody is watched any more"
run 2 "a day outside the outbreak" --lang en protocol diff "$work/good.yaml" "$work/move.yaml" --outbreak "$work/cases.csv" --on 2027-01-01
complains "the outbreak runs from 2026-03-02 to 2026-04-20, and 2027-01-01 lies outside"
run 1 "no such line list" --lang en protocol diff "$work/good.yaml" "$work/move.yaml" --outbreak "$work/none.csv"
run 2 "contacts without an outbreak" --lang en protocol diff "$work/good.yaml" "$work/move.yaml" "$work/contacts.csv"
complains "goes with --outbreak"

# ---- words ----
run 0 "words" --lang en protocol words
says "quarantine_site"
says "集中隔离点"
run 0 "one list" --lang zh protocol words role
says "role (角色)"
run 2 "no such list" --lang en protocol words rolls
complains "the lists are: event, exposure"

echo "1..$count"
[ "$failed" -eq 0 ]
