// Answers `supports` from features.json alone, and compares the answers with the vectors.
//
// Usage: node supports.mjs features.json vectors.json

import { readFileSync } from "node:fs";

// Each has all that the one before it has.
const IMBOT_V2 = ["absent", "without-revision-get", "with-revision-get"];

/** Whether a build has a feature: true, false, or null if the build does not say. */
function supports(feature, build) {
  const { counter, since, until, imbot_v2: needed } = feature.requires;
  if (IMBOT_V2.indexOf(build.imbot_v2) < IMBOT_V2.indexOf(needed)) {
    return false;
  }
  if (since === null && until === null) {
    return true;
  }
  const revision = build[counter];
  if (revision === undefined) {
    return null;
  }
  return (since === null || revision >= since) && (until === null || revision < until);
}

const [table, vectors] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
for (const [file, form] of [[table, "export-features"], [vectors, "export-vectors"]]) {
  if (file.form !== form || file.version !== 1) {
    throw new Error(`this is not ${form}, version 1`);
  }
}
const builds = new Map(table.builds.map((build) => [build.build, build]));
let agree = 0;
const differ = [];
for (const vector of vectors.support) {
  for (const feature of table.features) {
    const expected = vector.unknown.includes(feature.id) ? null : vector.supported.includes(feature.id);
    if (supports(feature, builds.get(vector.build)) === expected) {
      agree += 1;
    } else {
      differ.push(`${feature.id} on ${vector.build}`);
    }
  }
}
if (differ.length > 0) {
  throw new Error(`differ: ${differ.join(", ")}`);
}
console.log(`${agree} answers agree`);
