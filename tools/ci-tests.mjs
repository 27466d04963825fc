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

for (const name of skippedTests) console.log(`skipped: ${name}`);
const onPath = (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, 'terraform')));
const complete = existsSync(path.resolve('../shared')) && onPath;
if (skippedTests.length > 0 && complete) {
  console.error('Tests were skipped although ../shared and terraform are here. A skip is for a machine that lacks what the test needs.');
  process.exitCode = 1;
}
if (report.numTotalTests === 0) {
  console.error('No test ran.');
  process.exitCode = 1;
}
