// The combined comments of the embedded store: one row for each pull request, one for each of its workspaces.
import type {
  CombinedComment,
  CommentPlace,
  Reviewed,
  SectionEntry,
  SectionHead,
  SectionLength,
  WorkspaceName,
} from '../comment/comment.ts';
import { byWorkspace } from '../comment/order.ts';
import type { CommentStore, KeptSection } from './comment-port.ts';
import type { Cipher } from './encrypt.ts';
import { bytesOf, numberOf, readable, textOf, type SqliteFile, type SqlRow } from './sqlite-file.ts';

type Column = SectionLength | 'head' | 'reviewed';

export function createSqliteComments({ prepare, transaction }: SqliteFile, cipher: Cipher): CommentStore {
  const commentById = prepare('SELECT body FROM comments WHERE id = ?');
  const putComment = prepare(
    'INSERT INTO comments (id, touched_at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at, body = excluded.body',
  );
  const workspacesOf = prepare('SELECT count(*) AS n FROM sections WHERE comment = ?');
  const putTexts = prepare(
    `INSERT INTO sections (comment, workspace, head, small, medium, large) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (comment, workspace)
     DO UPDATE SET head = excluded.head, small = excluded.small, medium = excluded.medium, large = excluded.large`,
  );
  const putReviewed = prepare('UPDATE sections SET reviewed = ? WHERE comment = ? AND workspace = ?');
  const headsOf = prepare('SELECT workspace, head FROM sections WHERE comment = ?');
  const cellOf = (column: Column) => prepare(`SELECT ${column} FROM sections WHERE comment = ? AND workspace = ?`);
  const cells = {
    head: cellOf('head'),
    reviewed: cellOf('reviewed'),
    small: cellOf('small'),
    medium: cellOf('medium'),
    large: cellOf('large'),
  };
  const counts = prepare('SELECT (SELECT count(*) FROM comments) AS comments, (SELECT count(*) FROM sections) AS sections');
  const idle = prepare('SELECT id FROM comments WHERE touched_at < ?');
  const longestIdle = prepare('SELECT id FROM comments ORDER BY touched_at LIMIT ?');
  const dropSections = prepare('DELETE FROM sections WHERE comment = ?');
  const dropComment = prepare('DELETE FROM comments WHERE id = ?');

  const idOf = ({ task, host, repository, number }: CommentPlace): string => cipher.hide(JSON.stringify([task, host, repository, number]));
  // With the comment's id in it: the same workspace on two pull requests cannot be told to be the same.
  const idIn = (comment: string, { organization, workspace }: WorkspaceName): string =>
    cipher.hide(JSON.stringify([comment, organization, workspace]));
  const placeIn = (comment: string, workspace: string, column: Column): string => `comment/${comment}/${workspace}/${column}`;
  const seal = (value: unknown, comment: string, workspace: string, column: Column): Uint8Array =>
    cipher.encrypt(value, placeIn(comment, workspace, column));
  const open = <T>(row: SqlRow | undefined, comment: string, workspace: string, column: Column): T | null =>
    row === undefined || row[column] === null
      ? null
      : readable(() => cipher.decrypt(bytesOf(row, column), placeIn(comment, workspace, column)) as T);
  const cell = <T>(comment: string, workspace: string, column: Column): T | null =>
    open<T>(cells[column].get(comment, workspace), comment, workspace, column);
  const readComment = (id: string): CombinedComment | null => {
    const row = commentById.get(id);
    return row === undefined ? null : readable(() => cipher.decrypt(bytesOf(row, 'body'), `comment/${id}`) as CombinedComment);
  };

  function write(comment: string, workspace: string, { head, texts, reviewed }: KeptSection): void {
    const sealed = (value: unknown, column: Column) => seal(value, comment, workspace, column);
    putTexts.run(
      ...[comment, workspace, sealed(head, 'head')],
      ...[sealed(texts.small, 'small'), sealed(texts.medium, 'medium'), sealed(texts.large, 'large')],
    );
    if (reviewed !== undefined) putReviewed.run(reviewed === null ? null : sealed(reviewed, 'reviewed'), comment, workspace);
  }

  const drop = (id: string): number => {
    dropComment.run(id);
    return Number(dropSections.run(id).changes);
  };

  return {
    change: (place, name, decide) =>
      transaction(() => {
        const id = idOf(place);
        const workspace = idIn(id, name);
        const { comment, section, answer } = decide({
          comment: readComment(id),
          head: cell<SectionHead>(id, workspace, 'head'),
          workspaces: numberOf(workspacesOf.get(id), 'n'),
        });
        if (comment !== undefined) {
          putComment.run(id, comment.touchedAt, cipher.encrypt(comment, `comment/${id}`));
          if (section !== undefined) write(id, workspace, section);
        }
        return answer;
      }),

    sections: (place, lengthFor) =>
      transaction(() => {
        const id = idOf(place);
        const rows = headsOf.all(id);
        const found = rows.flatMap((row) => {
          const workspace = textOf(row, 'workspace');
          const head = open<SectionHead>(row, id, workspace, 'head');
          return head === null ? [] : [{ workspace, head }];
        });
        found.sort((a, b) => byWorkspace(a.head, b.head));
        const length = lengthFor(new Set(found.map(({ head }) => head.digest)).size);
        const told = new Set<string>();
        const entries: SectionEntry[] = [];
        for (const { workspace, head } of found) {
          const text = told.has(head.digest) ? null : cell<string>(id, workspace, length);
          if (text === null && !told.has(head.digest)) continue;
          told.add(head.digest);
          entries.push({ head, text });
        }
        return { entries, unreadable: rows.length - entries.length };
      }),

    reviewed: (place, name) =>
      transaction(() => {
        const id = idOf(place);
        return cell<Reviewed>(id, idIn(id, name), 'reviewed');
      }),

    count: () =>
      transaction(() => {
        const row = counts.get();
        return { pullRequests: numberOf(row, 'comments'), sections: numberOf(row, 'sections') };
      }),

    prune: (idleBefore, mostSections) =>
      transaction(() => {
        const old = idle.all(idleBefore);
        for (const row of old) drop(textOf(row, 'id'));
        let tooMany = numberOf(counts.get(), 'sections') - mostSections;
        // Each has at least one section, so no more rows than that are looked at.
        const most = tooMany > 0 ? longestIdle.all(tooMany) : [];
        let crowded = 0;
        for (const row of most) {
          if (tooMany <= 0) break;
          tooMany -= drop(textOf(row, 'id'));
          crowded++;
        }
        return { idle: old.length, crowded };
      }),
  };
}
