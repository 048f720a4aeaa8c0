#!/usr/bin/env bash
# The time of `imbot-caps scan` beside `rg -e` for the same names, over a tree of 200 MB.
#
#     crates/cli/benches/scan.sh target/release/imbot-caps
#
# The tree has 10,000 files of 20 KB. Each tenth file uses the API: it is a file of the corpus, with the
# rest of the 20 KB before it. Each command runs fifteen times; the best time counts.
set -euo pipefail

scanner=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

awk 'BEGIN { for (i = 0; i < 320; i++) printf "export function f%d(a, b) { return a.x + b[%d] * 2; } // line\n", i, i }' \
    > "$tree/filler"
mkdir "$tree/all" "$tree/all/0"
for i in $(seq 0 89); do
    cp "$tree/filler" "$tree/all/0/f$i.js"
done
for i in $(seq 0 9); do
    { cat "$tree/filler"; sed 's# *//~.*##' "$here/../tests/scan/corpus/javascript/bot.js"; } > "$tree/all/0/b$i.js"
done
for i in $(seq 1 99); do
    cp -r "$tree/all/0" "$tree/all/$i"
    # Calls of each folder differ, since the scanner keeps what equal calls need.
    sed -i "s/botId: 7/botId: 7$i/" "$tree/all/$i"/b*.js
done
rm "$tree/filler"
du -sm "$tree/all" | awk '{ print "tree: " $1 " MB" }'

# Milliseconds of a command.
took() {
    local start end
    start=$(date +%s%N)
    "$@" > /dev/null || true
    end=$(date +%s%N)
    echo $(((end - start) / 1000000))
}

# One after the other in each round, so that a slow moment of the machine does not count for one of them alone.
for _ in $(seq 15); do
    took rg -e 'imbot\.[a-zA-Z0-9.]+' -e 'ONIM[A-Z0-9]+' -e "[\"'\`/]im\.[a-zA-Z0-9.]+" "$tree/all" >> "$tree/rg"
    for form in uses json; do
        took "$scanner" scan "--$form" "$tree/all" >> "$tree/$form"
    done
done
best() { sort -n "$tree/$1" | head -n 1; }
echo "rg: $(best rg) ms"
for form in uses json; do
    awk -v form="--$form" -v a="$(best $form)" -v b="$(best rg)" \
        'BEGIN { printf "scan %s: %d ms, %.1f times as long as rg\n", form, a, a / b }'
done
