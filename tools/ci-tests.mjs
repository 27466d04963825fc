// Reads jest's report for .ci/run: counts, and whether a test was skipped although everything that it could need is here.
//
//   node tools/ci-tests.mjs REPORT.json COUNTS    writes "passed failed skipped"; exit 1 for a forbidden skip or for no test
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const [reportFile, countsFile] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, 'utf8'));

const broken = report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length;
const failed = report.numFailedTests + broken;
const skippedTests = report.testResults.flatMap((suite) =>
  suite.assertionResults
    .filter((test) => test.status === 'pending' || test.status === 'todo' || test.status === 'skipped')
    .map((test) => `${path.relative(process.cwd(), suite.name)}: ${test.fullName}`),
);
writeFileSync(countsFile, `${report.numPassedTests} ${failed} ${skippedTests.length}\n`);

// Everybody's machine for this project has ../shared and terraform; policy engines are tried where there are some.
const has = (program) => (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
const missing = ['opa', 'conftest'].filter((engine) => !has(engine));
const engineOf = (name) => missing.find((engine) => name.includes(`the ${engine} of this machine`));
for (const engine of missing) {
  const count = skippedTests.filter((name) => engineOf(name) === engine).length;
  if (count > 0) console.log(`skipped: ${count} tests that need ${engine} on the PATH`);
}
const others = skippedTests.filter((name) => engineOf(name) === undefined);
for (const name of others) console.log(`skipped: ${name}`);
if (others.length > 0 && existsSync(path.resolve('../shared')) && has('terraform')) {
  console.error('Tests were skipped although ../shared and terraform are here. A skip is for a machine that lacks what the test needs.');
  process.exitCode = 1;
}
if (report.numTotalTests === 0) {
  console.error('No test ran.');
  process.exitCode = 1;
}
