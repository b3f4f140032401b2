# Runs a server as the only daemon of a private mount and process namespace.
#
#   bash -c "$(cat enclosure.bash)" enclosure DIRECTORY COMMAND [ARGUMENT...]
#
# DIRECTORY holds etc, home, log and tmp, which take the places of /etc, /home, /var/log and /tmp. Whole directories, not
# single files: passwd(1) and chpasswd(8) rename a new /etc/shadow over the old one, and a bind-mounted file can't be
# renamed over.
#
# This shell is process 1 of the namespace, so its end is the end of everything in it. It ends when the server ends, or
# when its standard input does: the pipe to the test's JVM breaks even if that JVM is killed.
set -eu

cd "$1"
shift

mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
# -c keeps the sources relative to the working directory, which may itself lie below one of the places covered here.
mount -c --bind etc /etc
mount -c --bind home /home
mount -c --bind log /var/log
mount -c --bind tmp /tmp

exec 3<&0 </dev/null
cat <&3 >/dev/null &
"$@" 3<&- &
wait -n
