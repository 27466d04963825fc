import { script } from '../index.js';
await script();
