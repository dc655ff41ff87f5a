#!/bin/sh
# tongzhou epi: every command on real data with figures known from elsewhere, its help in both languages, and what is said of
# a bad input. test_epi.sh PROGRAM
set -u
program=$1
source=${TONGZHOU_SOURCE:-.}
shared=${TONGZHOU_SHARED:-$source/../shared}
data=$shared/data
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run=0
failed=0

ok() {
    run=$((run + 1))
    if [ "$1" -eq 0 ]; then echo "ok $run - $2"; else
        failed=$((failed + 1))
        echo "not ok $run - $2"
        sed 's/^/# /' "$folder/out" "$folder/err" | head -40
    fi
}

# says WHAT TEXT ARGUMENT...: it succeeds and prints the text
says() {
    what=$1
    text=$2
    shift 2
    "$program" epi "$@" >"$folder/out" 2>"$folder/err"
    code=$?
    [ "$code" -eq 0 ] && grep -qF -- "$text" "$folder/out"
    ok $? "$what"
}

# refuses WHAT TEXT ARGUMENT...: it fails with 1 or 2, and the message has the text
refuses() {
    what=$1
    text=$2
    shift 2
    "$program" epi "$@" >"$folder/out" 2>"$folder/err"
    code=$?
    [ "$code" -ge 1 ] && [ "$code" -le 2 ] && grep -qF -- "$text" "$folder/err"
    ok $? "$what"
}

# ---- help ----
commands=$("$program" epi --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
for command in $commands; do
    says "help: $command" "Usage: tongzhou epi $command" "$command" --help
    says "help in Chinese: $command" "用法: tongzhou epi $command" "$command" --lang zh --help
    grep -qP '[\x{4e00}-\x{9fff}]' "$folder/out"
    ok $? "and it is Chinese: $command"
done
[ "$(echo "$commands" | wc -w)" -ge 22 ]
ok $? "all commands are there"
refuses "an unknown command is answered with the nearest" 'did you mean "epi curve"' curv
refuses "without a file it is said what is wanted" "wants a CSV file" curve
refuses "a file that is not there" "cannot be opened" curve "$folder/none.csv"

# ---- faults name line, column and remedy ----
printf 'onset,n\n2022-07-01,3\n2022-07-99,x\n' >"$folder/bad.csv"
refuses "a bad date: line and column" "bad.csv:3:1" curve "$folder/bad.csv"
refuses "a bad number: line and column" "bad.csv:3:12: error: n: \"x\" is not a number. Remedy:" curve "$folder/bad.csv" --count n
refuses "in Chinese" "不是数字" curve "$folder/bad.csv" --count n --lang zh
refuses "an unknown column is answered with those there are" "the columns are: onset, n" curve "$folder/bad.csv" --date day
printf 'a,b\n"x,1\n' >"$folder/broken.csv"
refuses "a quote that is never closed" "broken.csv:2" curve "$folder/broken.csv" --date a
printf 'onset\n' >"$folder/empty.csv"
refuses "a header alone" "no row under its header" curve "$folder/empty.csv"
printf 'date,n\n2022-07-01,5\n2022-07-02,-3\n2022-07-03,4\n' >"$folder/negative.csv"
says "a negative count is spread, and that is said" "-3 together, the first on 2022-07-02" curve "$folder/negative.csv" --count n
says "the total stays true" "6 cases in 3 days" curve "$folder/negative.csv" --count n
refuses "or refused" "negative.csv:3" curve "$folder/negative.csv" --count n --negative refuse
refuses "an unknown way to deal with it" "choose spread, zero, missing or refuse" curve "$folder/negative.csv" --count n --negative ignore
printf 't,n\n1,5\n2,3\n' >"$folder/numbered.csv"
refuses "numbered days want a start" "--start" curve "$folder/numbered.csv" --date t --count n
says "and take one" "2022-06-29" curve "$folder/numbered.csv" --date t --count n --start 2022-06-28
refuses "a serial interval must be said" "--si-mean" rt "$folder/negative.csv" --count n --window 1
refuses "a method that is none" "choose wilson" attack "$folder/bad.csv" --ill n --method best
printf 'onset,reported\n2022-07-01,2022-07-03\n' >"$folder/few.csv"
refuses "too few delays" "only 1 rows have both dates" delay "$folder/few.csv"

# ---- without a file ----
says "Oswego's ice cream: the risk ratio" "5.574" table --cells 43,11,3,18
says "its exact odds ratio" "22.15   5.215   138.4" table --cells 43,11,3,18
refuses "cells that are none" "write four whole numbers" table --cells 43,11,3
says "accuracy" "0.97   0.9574  0.9797" accuracy --cells 90,30,10,970
says "Dorfman's pools of eleven" "0.1956" pooled --prevalence 0.01
says "prevalence behind an imperfect test" "-0.001916" prevalence --positive 17 --tested 600 --sensitivity 0.9 --specificity 0.97
refuses "more positive than tested" "--positive and --tested" prevalence --positive 17 --tested 6
printf 'positive,pools,people\n3,40,10\n1,20,5\n' >"$folder/pools.csv"
says "prevalence from pools" "minimum infection rate" pooled "$folder/pools.csv" --positive positive --pools pools --people people
cat >"$folder/events.csv" <<'CSV'
emergence,detection,notification,response
2022-07-01,2022-07-05,2022-07-05,2022-07-10
2022-07-01,2022-07-15,2022-07-16,2022-07-20
2022-07-01,2022-07-03,2022-07-09,2022-07-12
CSV
says "7-1-7 of events" "33.3 %" response "$folder/events.csv" --now 2022-08-01
refuses "an event's date that is none" "events2.csv:2" response "$(sed 's/2022-07-01,2022-07-05/soon,2022-07-05/' "$folder/events.csv" >"$folder/events2.csv" && echo "$folder/events2.csv")"

# ---- places over time: an alarm where one is, none elsewhere ----
awk 'BEGIN { print "date,place,n"; for (p = 1; p <= 60; p++) for (d = 1; d <= 40; d++)
    printf "2022-%02d-%02d,place %d,%d\n", d <= 30 ? 6 : 7, d <= 30 ? d : d - 30, p, p == 7 && d == 40 ? 40 : (d * p * 7919) % 5 + 2 }' >"$folder/places.csv"
says "an alarm among sixty places" "1 alarms of 60 tests" detect "$folder/places.csv" --count n --by place
grep -q '^place 7 ' "$folder/out"
ok $? "is the planted one"
says "ears, with a word about false alarms" "not controlled" detect "$folder/places.csv" --count n --by place --method ears
says "cusum" "method cusum" detect "$folder/places.csv" --count n --by place --method cusum
says "a number of false alarms" "false alarms would be expected" detect "$folder/places.csv" --count n --by place --control expected
refuses "a control that is none" "choose discovery" detect "$folder/places.csv" --count n --by place --control some

# ---- figures ----
says "JSON" '{"date":"2022-07-01","cases":2}' curve "$folder/negative.csv" --count n --json
"$program" epi curve "$folder/places.csv" --count n --by place --week --svg "$folder/a.svg" --png "$folder/a.png" --html "$folder/a.html" --pdf "$folder/a.pdf" >"$folder/out" 2>"$folder/err"
ok $? "four kinds of figures and pages"
grep -q '</svg>' "$folder/a.svg" && ! grep -qi 'nan' "$folder/a.svg"
ok $? "SVG is whole and has no number that is none"
[ "$(head -c 8 "$folder/a.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
ok $? "PNG is PNG"
[ "$(head -c 5 "$folder/a.pdf")" = "%PDF-" ]
ok $? "PDF is PDF"
refuses "what has no figure says so" "no figure" accuracy --cells 90,30,10,970 --svg "$folder/b.svg"
refuses "a folder that is not there" "none/a.svg" curve "$folder/negative.csv" --count n --svg "$folder/none/a.svg"

# ---- real outbreaks ----
if [ -f "$data/mers_korea_2015_linelist.csv" ]; then
    says "MERS: cases by onset" "135 cases in 36 days; most, 16, on 2015-06-01" curve "$data/mers_korea_2015_linelist.csv"
    says "MERS: k" "0.0204" offspring "$data/mers_korea_2015_contacts.csv" --cases "$data/mers_korea_2015_linelist.csv"
    says "MERS: chains" "the largest chain has 94 cases" chains "$data/mers_korea_2015_contacts.csv" --cases "$data/mers_korea_2015_linelist.csv"
    says "MERS: incubation" "7.1" incubation "$data/mers_korea_2015_linelist.csv" --onset dt_onset
    says "MERS: the end" "falls below 0.05 on 2015-07-04" end "$data/mers_korea_2015_linelist.csv" --date dt_onset --si-mean 12.6 --si-sd 2.8
    says "MERS: nowcast" "2015-06" nowcast "$data/mers_korea_2015_linelist.csv" --event dt_onset --report dt_report --now 2015-06-07 --draws 400
    says "MERS: delay" "135 pairs" delay "$data/mers_korea_2015_linelist.csv" --from dt_onset --to dt_report
    says "flu 2009: R" "2009-05-22  2009-05-28   1.004" rt "$data/epiestim_Flu2009_incidence.csv" --count I --si "$data/epiestim_Flu2009_si.csv"
    says "flu 2009: an uncertain serial interval" "yes" rt "$data/epiestim_Flu2009_incidence.csv" --count I --si-mean 2.6 --si-sd 1.5 --si-mean-sd 1 --si-sd-sd 0.5 --draws 50
    says "flu 2009: Wallinga and Teunis" "For looking back only" wt "$data/epiestim_Flu2009_incidence.csv" --count I --si "$data/epiestim_Flu2009_si.csv"
    says "Hubei: growth" "0.2668  0.2235  0.3102" growth "$data/covid19_china_provinces_2020.csv" --count cum_confirmed --cumulative --where code=420000 --first 2020-01-20 --last 2020-02-04
    says "Hubei: 12 February 2020 is flagged" "2020-02-12                                     -   13797" quality "$data/covid19_china_provinces_2020.csv" --count cum_confirmed --cumulative --where code=420000
    says "Ebola: 59 impossible intervals" "59" quality "$data/ebola_sim_linelist.csv" --order "date_of_infection<date_of_onset" --date date_of_onset
    says "Ebola: fatality of the resolved" "57.6 %" fatality "$data/ebola_sim_clean_linelist.csv" --now 2014-10-01
    says "Tianjin: serial interval" "mean 5.056, sd 3.333" serial "$data/covid19_tianjin_2020_contacts.csv"
    says "the hub's scores" "17944" scores "$data/eurohub_example_quantile_forecasts.csv" --where target_type=Cases --baseline EuroCOVIDhub-baseline
    says "Oswego: attack rates" "61.3 %" attack "$data/oswego_1940.csv" --ill ill
else
    run=$((run + 1))
    echo "ok $run # SKIP no material beside the checkout"
fi
echo "1..$run"
[ "$failed" -eq 0 ]
