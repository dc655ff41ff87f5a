#!/bin/sh
# pages1.sh PROGRAM LANG OUT.1 [COMMAND] -- a manual page of section 1 from what the program itself says of its commands:
# all of them (tongzhou.1), or those of one (epi: tongzhou-epi.1).
set -eu
program=$1 language=$2 out=$3 command=${4:-}
exec 3>"$out"

# Lines of help: two blanks, an option or a command, two blanks or more, and what it does.
roff() {
    awk '
        function safe(line) {
            gsub(/\\/, "\\e", line)
            gsub(/-/, "\\-", line)
            if (line ~ /^[.\047]/) line = "\\&" line
            return line
        }
        /^  [^ ]/ {
            line = substr($0, 3)
            at = match(line, /   */)
            if (at == 0) { print ".TP\n.B " safe(line); next }
            print ".TP\n.B " safe(substr(line, 1, at - 1)) "\n" safe(substr(line, at + RLENGTH))
            next
        }
        /^$/ { print ".PP"; next }
        { print safe($0) "\n.br" }' >&3
}

if [ "$language" = zh ]; then
    name=名称 about=说明 see=参见
    what=按给定防控方案运行的疫情处置系统
    [ -z "$command" ] || what=数据分析：描述、估计、预警、报告
else
    name=NAME about=DESCRIPTION see="SEE ALSO"
    what="an outbreak response that follows the protocol you give it"
    [ -z "$command" ] || what="what the numbers say: describe, estimate, detect, report"
fi
page=tongzhou${command:+-$command}
echo ".TH $page 1 \"\" Tongzhou" | sed 's/-/\\-/g' >&3
printf '.SH %s\n%s \\- %s\n.SH %s\n' "$name" "$(echo "$page" | sed 's/-/\\-/g')" "$what" "$about" >&3
# shellcheck disable=SC2086  # no command is no word
"$program" --lang "$language" $command --help </dev/null | roff
# shellcheck disable=SC2086
for each in $("$program" --lang en $command --help </dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'); do
    printf '.SS %s\n' "${command:+$command }$each" >&3
    # shellcheck disable=SC2086
    "$program" --lang "$language" $command "$each" --help </dev/null | roff
done
if [ -n "$command" ]; then printf '.SH %s\n.BR tongzhou (1), tongzhou\\-epi\\-rt (3)\n' "$see" >&3; else printf '.SH %s\n.BR tongzhou\\-epi (1)\n' "$see" >&3; fi
