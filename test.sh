#!/usr/bin/env bash
# Installs what the tests need where it is missing, builds, runs every test, and ends with one line: N passed, N failed.
# Usage: ./test.sh            everything
#        ./test.sh Signaling  only the test projects whose name contains the word (the web tests: "web")
set -uo pipefail
cd "$(dirname "$0")"
only=${1:-}

eng/install-test-tools.sh || exit 1

passed=0 failed=0 skipped=0
results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"

if ! dotnet build Parley.slnx --configuration Release -v minimal -nologo; then
  echo "The build failed, so no test ran."
  echo "0 passed, 1 failed"
  exit 1
fi

if [[ -z $only || $only == web ]]; then
  echo "== web"
  for step in check test; do
    if (cd web && npm run --silent "$step" -- $([[ $step == test ]] && echo "--reporter=default --reporter=json --outputFile.json=../$results/web.json")); then
      :
    elif [[ $step == check ]]; then
      failed=$((failed + 1))
    fi
  done
  if [[ -f $results/web.json ]]; then
    read -r p f s < <(node -e "const r = require('./$results/web.json'); console.log(r.numPassedTests, r.numFailedTests + r.testResults.filter(t => t.status === 'failed' && t.assertionResults.length === 0).length, r.numPendingTests)")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  else
    echo "The web tests left no report."
    failed=$((failed + 1))
  fi
fi

for project in tests/*.Tests/; do
  name=$(basename "$project")
  [[ -z $only || $name == *"$only"* ]] || continue
  echo "== $name"
  log=$results/$name.log
  "artifacts/bin/$name/release/$name" -noColor -noLogo 2>&1 | tee "$log"
  exit=${PIPESTATUS[0]}
  if read -r total errors f s n < <(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1); then
    passed=$((passed + total - f - s - n)) failed=$((failed + f + errors)) skipped=$((skipped + s))
    [[ $exit -eq 0 || $((f + errors)) -gt 0 ]] || { echo "$name ended with exit code $exit"; failed=$((failed + 1)); }
  else
    echo "$name ended with exit code $exit and no report"
    failed=$((failed + 1))
  fi
done

echo
[[ $skipped -eq 0 ]] || echo "$skipped skipped, each with its reason above"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
