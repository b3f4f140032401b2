#!/bin/sh
# Rotates the key of every account of a fleet with OpenSSH's own programs and curl: the script that a careful
# administrator writes. One of the contestants of the benchmark, see docs/benchmarks.md.
#
#   HOST=... PORT=... DROMO=URL JOBS=8 [SSH_OPTIONS=...] rotate.sh DIRECTORY
#
# DIRECTORY holds fleet (a line "ACCOUNT DROMO-ID" each), keys/ACCOUNT (today's private keys) with keys/ACCOUNT.pub,
# known_hosts and license-header (for curl). The new keys come to DIRECTORY/new. Ends with 1 where an account failed.
set -u
umask 077

if [ $# -eq 1 ]; then
    cd "$1" && mkdir -p new work && xargs -P "$JOBS" -n 2 "$0" account <fleet
    exit
fi

account=$2
id=$3
old=keys/$account
new=new/$account
record=$DROMO/headless/sftp/credentials/$id/

fail() {
    printf '%s: %s\n' "$account" "$1" >&2
    exit 1
}

options="-F none -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none -o PreferredAuthentications=publickey
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts -o GlobalKnownHostsFile=/dev/null
    -o LogLevel=ERROR -o Port=$PORT ${SSH_OPTIONS-}"

# What sftp prints is only of interest where it fails.
sftp_with() {
    # shellcheck disable=SC2086
    said=$(sftp -q $options -i "$1" -b - "$account@$HOST" 2>&1) || fail "$2: $said"
}

dromo() {
    curl -sS --fail-with-body -H @license-header -H 'Content-Type: application/json' "$@" 2>&1
}

# 1. A new key pair.
ssh-keygen -q -t ed25519 -N '' -C "$account" -f "$new" || fail 'no new key'
read -r _ old_blob _ <"$old.pub"
read -r _ new_blob _ <"$new.pub"

# 2. Its line beside the old one, with the same options; every other line stays. One session: sftp runs awk in between.
sftp_with "$old" 'install' <<END
get .ssh/authorized_keys work/$account.before
!awk -v old='$old_blob' -v new='$new_blob' '{ print } (at = index(\$0, old)) { found = 1; print substr(\$0, 1, at - 1) new substr(\$0, at + length(old)) } END { exit !found }' work/$account.before >work/$account.both || rm work/$account.both
put work/$account.both .ssh/authorized_keys.new
chmod 600 .ssh/authorized_keys.new
rename .ssh/authorized_keys.new .ssh/authorized_keys
END

# 3. The new key logs in.
sftp_with "$new" 'prove' <<END
ls -1
END

# 4. Dromo gets it, and says that it has it.
read -r _ fingerprint _ <<END
$(ssh-keygen -lf "$new.pub")
END
answer=$({
    printf '{"hostname":"%s","port":%s,"user":"%s","auth_type":"KEY","private_key":"' "$HOST" "$PORT" "$account"
    awk '{ printf "%s\\n", $0 }' "$new"
    printf '"}'
} | dromo -X PUT --data-binary @- "$record") || fail "publish: $answer"
case $answer in
*"\"$fingerprint\""*) ;;
*) fail "publish: another fingerprint: $answer" ;;
esac
answer=$(dromo "$record") || fail "read back: $answer"
case $answer in
*"\"$fingerprint\""*) ;;
*) fail "read back: another fingerprint: $answer" ;;
esac

# 5. Dromo proves that it can log in.
answer=$(dromo -X POST -d '' "${record}test_connection/") || fail "confirm: $answer"
case $answer in
*'"success":true'* | *'"success": true'*) ;;
*) fail "confirm: $answer" ;;
esac

# 6. The old line goes.
sftp_with "$new" 'withdraw' <<END
get .ssh/authorized_keys work/$account.before
!awk -v old='$old_blob' '!index(\$0, old)' work/$account.before >work/$account.after
put work/$account.after .ssh/authorized_keys.new
chmod 600 .ssh/authorized_keys.new
rename .ssh/authorized_keys.new .ssh/authorized_keys
END

# 7. The old key is refused.
# shellcheck disable=SC2086
said=$(ssh $options -i "$old" "$account@$HOST" true 2>&1 </dev/null)
case $said in
*'Permission denied'*) ;;
*) fail "refuse: the old key was not refused: $said" ;;
esac
