#!/usr/bin/env bash
# Debian packages that the tests use, installed where missing. Elsewhere than on Debian it names what is missing and goes on:
# the tests that need it then say so.
set -uo pipefail

declare -A provider=(
  [chromium]=chromium
  [firefox-esr]=firefox-esr
  [turnutils_uclient]=coturn
  [ip]=iproute2
  [nft]=nftables
  [conntrack]=conntrack
  [sysctl]=procps
  [certutil]=libnss3-tools
)

packages=()
for program in "${!provider[@]}"; do
  command -v "$program" >/dev/null || packages+=("${provider[$program]}")
done

# Modules of Debian's own Python, which is not always the first on the PATH.
declare -A modules=(
  [socketio]=python3-socketio
  [websocket]=python3-websocket
  [requests]=python3-requests
  [aioice]=python3-aioice
)
for module in "${!modules[@]}"; do
  [[ -d /usr/lib/python3/dist-packages/$module ]] || packages+=("${modules[$module]}")
done
[[ ${#packages[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "The tests use these programs, please install them: ${packages[*]}" >&2
  exit 0
fi

sudo=()
[[ $(id -u) -eq 0 ]] || sudo=(sudo)
echo "Installing for the tests: ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq && "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null || {
  echo "Could not install: ${packages[*]}" >&2
  exit 1
}
