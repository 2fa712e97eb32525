// Holds schema/consultations/consultation.schema.json and the importer to the same verdict on every case of
// tests/data/consultations/cases.json, each of which changes one thing in a document known to be good.
//   node consultations.mjs BINARY
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;
const require = createRequire(join(root, "static/package.json"));
const Ajv = require("ajv/dist/2020");
const binary = process.argv[2];
if (!binary) throw new Error("usage: consultations.mjs BINARY");

const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

// Every item a copy of the first, its codes those of its place; as tests/unit/test_draft.c does.
function filled(value, count) {
  if (!Array.isArray(value)) {
    const first = Object.values(value)[0];
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i + 1}`, first]));
  }
  return Array.from({ length: count }, (_, i) => {
    const item = structuredClone(value[0]);
    const [outer, inner] = item.code.split("-");
    item.code = inner ? `${outer}-${i + 1}` : `${i + 1}`;
    item.measures?.forEach((measure, place) => (measure.code = `${i + 1}-${place + 1}`));
    return item;
  });
}

function changed(document, change) {
  if (change.at === "") return change.value;
  const tokens = change.at.slice(1).split("/").map((t) => t.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = tokens.pop();
  const parent = tokens.reduce((value, token) => value[token], document);
  if (change.remove) delete parent[last];
  else if (change.fill) parent[last] = filled(parent[last], change.fill);
  else if (change.repeat) parent[last] = change.repeat[0].repeat(change.repeat[1]);
  else parent[last] = change.value;
  return document;
}

const folder = mkdtempSync(join(tmpdir(), "consultation-schema-"));
const path = join(folder, "document.json");
function importerAccepts(document) {
  writeFileSync(path, JSON.stringify(document));
  try {
    execFileSync(binary, ["import", "--check", path], { stdio: "pipe" });
    return { accepts: true, said: "" };
  } catch (error) {
    if (error.status !== 1) throw error;
    return { accepts: false, said: error.stderr.toString() };
  }
}

const ajv = new Ajv({ allErrors: true, strict: true, strictTuples: false, strictRequired: false, strictTypes: false });
const validate = ajv.compile(read("schema/consultations/consultation.schema.json"));
let failed = 0;
function expect(holds, sentence) {
  if (holds) return;
  failed++;
  console.error(sentence);
}

const cases = read("tests/data/consultations/cases.json");
for (const each of [{ name: "ours" }, ...cases]) {
  const document = each.at === undefined ? read("schema/consultations/five-year-plan-iti.json")
    : changed(read("tests/data/consultations/sample.json"), each);
  const schemaAccepts = validate(document);
  const importer = importerAccepts(document);
  expect(schemaAccepts === !each.fault, `${each.name}: the schema says ${schemaAccepts} ${ajv.errorsText(validate.errors)}`);
  expect(importer.accepts === !each.fault, `${each.name}: the importer says ${importer.accepts} ${importer.said}`);
  if (each.fault) {
    const line = `${each.fault.pointer || "(the whole)"}: ${each.fault.code}`;
    expect(importer.said.includes(line), `${each.name}: the importer does not say "${line}" but ${importer.said}`);
  }
}
rmSync(folder, { recursive: true });
console.log(`${cases.length + 1} documents, ${failed} differences`);
process.exitCode = failed ? 1 : 0;
