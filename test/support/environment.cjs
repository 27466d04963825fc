// Jest runs tests in a vm context with Error, Uint8Array and the like of its own; what Node's core throws or returns is of the main
// realm, so `error instanceof Error` is false there and true everywhere else. Here both count, and the code under test behaves as
// it does in production.
const { TestEnvironment } = require('jest-environment-node');

const ordinary = Function.prototype[Symbol.hasInstance];
const CLASSES = [
  'Error',
  'TypeError',
  'SyntaxError',
  'RangeError',
  'AggregateError',
  'Uint8Array',
  'ArrayBuffer',
  'Map',
  'Set',
  'Date',
  'RegExp',
];

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of CLASSES) {
      const [inner, outer] = [this.global[name], globalThis[name]];
      if (inner === outer) continue;
      Object.defineProperty(inner, Symbol.hasInstance, {
        // Subclasses inherit this: for them the ordinary question is asked.
        value(thing) {
          return ordinary.call(this, thing) || (this === inner && ordinary.call(outer, thing));
        },
      });
    }
  }
};
