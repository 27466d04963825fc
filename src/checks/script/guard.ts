// Takes from a script's process what Node's permission model (24.21) leaves open: signals to other processes, the network, and SQLite,
// which opens and makes files wherever it likes. Through each it could reach what knows tokens: SIGUSR1 starts the debugger of any Node
// process, and a container engine listens on a socket of the runner.
//
// A belt, not a wall: it is JavaScript in the same process, and somebody who digs for Node's inner handles may get around it. Whoever can
// do that writes the repository's checks, and decides the verdict anyway; this is for what they install and what goes wrong.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import process from 'node:process';

export function refuseWhatNodeAllows(): void {
  const sqlite = process.getBuiltinModule('node:sqlite');
  const signals = 'A check may not send signals to processes';
  const network = 'A check has no network. Hand it what it needs in `params`, or use a check of the kind `run`';
  refuse(process, ['kill', '_kill', '_debugProcess', '_debugEnd'], signals);
  refuse(os, ['setPriority'], signals);
  refuse(sqlite, ['DatabaseSync', 'StatementSync', 'Session', 'backup'], 'A check has no databases');
  refuse(net.Socket.prototype, ['connect'], network);
  // The names with an underscore are old and undocumented, and do the same: a server on a path makes a file there, too.
  refuse(net.Server.prototype, ['listen', '_listen2'], network);
  refuse(net, ['_createServerHandle'], network);
  refuse(dgram.Socket.prototype, ['bind', 'connect', 'send'], network);
  refuse(dgram, ['createSocket', '_createSocketHandle'], network);
  // A name that is looked up is a message to whoever answers for it.
  for (const names of [dns, dns.promises]) {
    refuse(names, functionsOf(names), network);
    refuse(names.Resolver.prototype, functionsOf(names.Resolver.prototype), network);
  }
  // `import { kill } from 'node:process'` names the module's own copy.
  syncBuiltinESMExports();
}

const functionsOf = (holder: object): string[] =>
  Object.getOwnPropertyNames(holder).filter((name) => /^(lookup|resolve|reverse)/.test(name));

function refuse(holder: object, names: readonly string[], why: string): void {
  for (const name of names) {
    if (!(name in holder)) continue;
    Object.defineProperty(holder, name, {
      configurable: false,
      writable: false,
      // A function that can be called with `new`, too.
      value: function refused(): never {
        throw new Error(why);
      },
    });
  }
}
