#!/usr/bin/env bash
# Takes the pictures in docs/screens anew: every screen of a real call, on a desktop and on a phone, light and dark.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Parley.Browser.Tests -v quiet -nologo
artifacts/bin/Parley.Browser.Tests/debug/Parley.Browser.Tests -noLogo -explicit only -class '*ScreenTests'
