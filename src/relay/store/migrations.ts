// The schema of the embedded store, step by step: a file of version n has had the first n. A step that was released never changes;
// the next one is added below. Text only; sqlite-file.ts runs them.

export const MIGRATIONS: readonly string[] = [
  // Only what is needed to find a row is in the clear. `body` and `secrets` are encrypted; `secrets` becomes NULL when the task ends.
  `
  CREATE TABLE run_tasks (
    id TEXT PRIMARY KEY, task TEXT NOT NULL, host TEXT NOT NULL, task_result_id TEXT NOT NULL,
    state TEXT NOT NULL, due_at INTEGER, held_until INTEGER NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
    accepted_at INTEGER NOT NULL, done_at INTEGER, body BLOB NOT NULL, secrets BLOB,
    UNIQUE (task, host, task_result_id)
  ) STRICT;
  CREATE INDEX run_tasks_due ON run_tasks (held_until, due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX run_tasks_done ON run_tasks (done_at) WHERE done_at IS NOT NULL;
  CREATE TABLE once (key TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
`,
  // The combined comment. Its keys are hidden names (encrypt.ts), all else is encrypted. The large text is last: SQLite reads a long row
  // no further than it must.
  `
  CREATE TABLE comments (id TEXT PRIMARY KEY, touched_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE INDEX comments_touched ON comments (touched_at);
  CREATE TABLE sections (
    comment TEXT NOT NULL, workspace TEXT NOT NULL, head BLOB NOT NULL, reviewed BLOB, small BLOB NOT NULL, medium BLOB NOT NULL,
    large BLOB NOT NULL, PRIMARY KEY (comment, workspace)
  ) STRICT;
`,
];
