// Jest transformer: the same type stripping that Node itself applies when it runs src/ directly, so that a test sees
// the code that runs. Positions are kept (types become spaces), so no source maps are needed.
const { stripTypeScriptTypes } = require('node:module');

// Node prints one ExperimentalWarning for each worker; the function is what `node file.ts` uses and is covered here.
const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  if (String(warning).includes('stripTypeScriptTypes')) return;
  emitWarning.call(process, warning, ...rest);
};

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
