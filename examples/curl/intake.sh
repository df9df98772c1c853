#!/usr/bin/env bash
# A disbursement at the fake bank starts a task of process `intake`; a request without credentials does not.
# Needs bash and curl. MPOSIM is the program, SCENARIO the scenario; see ../README.md.
set -euo pipefail

mposim=${MPOSIM:-mposim}
scenario=${SCENARIO:-$(dirname "$0")/../../scenarios/basic-right}

scratch=$(mktemp -d)
pid=
stop() {
    if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; fi
    rm -rf "$scratch"
}
trap stop EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# Does a request and sets `status` and `body`: request METHOD URL [BODY]
request() {
    status=$(curl --silent --show-error --noproxy '*' --max-time 30 --output "$scratch/body" --write-out '%{http_code}' \
        --request "$1" --header 'Content-Type: application/json' ${3+--data "$3"} "$2")
    body=$(cat "$scratch/body")
}

# expect STATUS TEXT...: of the last answer
expect() {
    [ "$status" = "$1" ] || fail "status $status instead of $1: $body"
    shift
    for text in "$@"; do
        case $body in *"$text"*) ;; *) fail "no $text in $body" ;; esac
    done
}

# Port 0 takes a free port; stdout says which, and `ready` when both fakes listen.
mkfifo "$scratch/stdout"
"$mposim" serve "$scenario" --mambu 127.0.0.1:0 --mpo 127.0.0.1:0 >"$scratch/stdout" &
pid=$!
exec 3<"$scratch/stdout"
mambu='' mpo='' intake='' ready=''
while read -r word first second <&3; do
    case $word in
        mambu) mambu=$first ;;
        mpo) mpo=$first ;;
        url) if [ "$first" = intake ]; then intake=$second; fi ;;
        ready) ready=yes && break ;;
    esac
done
[ -n "$ready" ] || fail "$mposim serve $scenario did not start"
[ -n "$intake" ] || fail "$scenario has no process intake"

request POST "$mambu/sim/events" '{"type":"LOAN_DISBURSEMENT","amount":5000}'
expect 202
# Answers when the task is there: nothing polls, nothing sleeps.
request GET "$mpo/sim/tasks?process=intake&count=1&await=5s"
expect 200 '"process":"intake"' '"amount":"5000.00"' '"loan":"LN-1001"'

# A service that forgets the credentials of the Start node.
request POST "$intake" '{"amount":"5000.00"}'
expect 403 'Access denied'
request GET "$mpo/sim/rejections"
expect 200 '"class":"missing"'

kill "$pid"
wait "$pid" || fail "mposim serve ended with $?"
pid=
echo "ok: the task came, the request without credentials was denied"
