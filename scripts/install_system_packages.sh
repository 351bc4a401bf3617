#!/usr/bin/env bash
# Installs what the kiosk and its tests need of Debian: sound in and out; for the tests, a PostgreSQL server, a sound
# server without a sound card, an X server without a screen, a hand to touch it, and an eye that reads codes.
set -euo pipefail

packages=(
    libportaudio2 libasound2-plugins postgresql pulseaudio pulseaudio-utils xvfb xdotool imagemagick zbar-tools
)

command -v apt-get >/dev/null || {
    echo "No apt-get here: install PortAudio and a PostgreSQL server by hand, or do without them." >&2
    exit 0
}

missing=()
for package in "${packages[@]}"; do
    dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    echo "All there: ${packages[*]}"
    exit 0
fi

as_root=()
((EUID == 0)) || as_root=(sudo)

# The tests start a private server; one that Debian sets up beside it would only take memory and a port.
case " ${missing[*]} " in
*" postgresql "*)
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    settings=/etc/postgresql-common/createcluster.conf
    test -e "$settings" || echo "create_main_cluster = false" | "${as_root[@]}" tee "$settings" >/dev/null
    ;;
esac

"${as_root[@]}" apt-get update -qq
# The settings just written are a file of the package, too, and nobody is asked which of the two to keep.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}"
