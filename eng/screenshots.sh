#!/usr/bin/env bash
# Takes the pictures in docs/screens anew, on a desktop and on a phone, light and dark: the screens of a real call, and states that are
# rare in one.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Parley.Browser.Tests -v quiet -nologo
artifacts/bin/Parley.Browser.Tests/debug/Parley.Browser.Tests -noLogo -explicit only -method '*.Take_pictures_of_*'
# Few colors and no metadata: half the size, and nobody sees it.
if command -v convert > /dev/null; then
  for picture in docs/screens/*.png; do convert "$picture" -strip -dither None -colors 255 "PNG8:$picture"; done
fi
