// Writes what follows from the schemas of the checks file and of the config file, so that no text of them is written twice: the JSON
// Schemas that editors read (schema/) and the reference pages (docs/). Each is made in reference/.
//
//   node tools/generate-reference.mjs             writes them
//   node tools/generate-reference.mjs --check     fails, naming the files, when one is not what the schema says
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as prettier from 'prettier';
import { toChecksPage, toChecksSchema } from './reference/checks.mjs';
import { toConfigPage, toConfigSchema } from './reference/config.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');

async function main() {
  const checks = toChecksSchema();
  const config = toConfigSchema();
  const files = {
    'schema/checks.schema.json': JSON.stringify(checks, null, 2),
    'docs/checks-reference.md': toChecksPage(checks),
    'schema/config.schema.json': JSON.stringify(config, null, 2),
    'docs/config-reference.md': toConfigPage(),
  };
  const stale = [];
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(ROOT, name);
    // Markdown is left as it is written, here as everywhere: padded tables change in every line when one word does.
    const formatted = name.endsWith('.md')
      ? text
      : await prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
    if (formatted === read(file)) continue;
    stale.push(name);
    if (process.argv.includes('--check')) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, formatted);
  }
  if (!process.argv.includes('--check')) return;
  if (stale.length === 0) return console.log(`${Object.keys(files).join(', ')}: what the schemas say`);
  console.error(`Not what the schema says. Run \`node tools/generate-reference.mjs\` and commit: ${stale.join(', ')}`);
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

await main();
