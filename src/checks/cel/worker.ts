// Entry file of the thread that evaluates CEL, where there are files beside each other. The bundled action has one file and calls
// serveCel itself when it finds itself started with `workerData.role === 'cel'`.
import { parentPort, workerData } from 'node:worker_threads';
import { serveCel, type CelWorkerData } from './serve.ts';

if (parentPort !== null) serveCel(parentPort, workerData as CelWorkerData);
