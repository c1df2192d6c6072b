import { z } from 'zod';
import { invalid, notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { SubjectId } from './signal-events.ts';
import { getOwnStream, type OwnStream } from './stream.ts';

const text = z.string().min(1).max(512);

/** RFC 9493 §3.2 and SSF §3: how a receiver may name someone. What it holds besides is kept and sent back. */
const simpleSubject = z.discriminatedUnion('format', [
  z.looseObject({ format: z.literal('iss_sub'), iss: text, sub: text }),
  z.looseObject({ format: z.literal('email'), email: text }),
  z.looseObject({ format: z.literal('opaque'), id: text }),
]);
export const subjectInput = z.union([
  simpleSubject,
  z.strictObject({ format: z.literal('complex'), user: simpleSubject }).transform(({ user }) => user),
]);

export type SubjectChange = OwnStream & { readonly subject: SubjectId; readonly issuer: string };

/** From now on the stream is about this person, and names them like this. Throws `not_found` for either. */
export async function addStreamSubject(tx: Tx, change: SubjectChange): Promise<void> {
  const userId = await putSubject(tx, change, true);
  tx.record({
    type: 'signal-stream-subjects.added',
    target: { type: 'signal_stream', id: change.id },
    details: { userId, format: change.subject.format },
  });
}

/** From now on the stream is not about this person. Throws `not_found` for either. */
export async function removeStreamSubject(tx: Tx, change: SubjectChange): Promise<void> {
  const userId = await putSubject(tx, change, false);
  tx.record({
    type: 'signal-stream-subjects.removed',
    target: { type: 'signal_stream', id: change.id },
    details: { userId, format: change.subject.format },
  });
}

async function putSubject(tx: Tx, change: SubjectChange, isIncluded: boolean): Promise<string> {
  const stream = await getOwnStream(tx, change);
  const userId = await resolveSubject(tx, change);
  await tx.query(
    `INSERT INTO signal_stream_subjects (stream_id, user_id, is_included, subject) VALUES ($1, $2, $3, $4)
     ON CONFLICT (stream_id, user_id) DO UPDATE SET is_included = EXCLUDED.is_included, subject = EXCLUDED.subject`,
    [stream.id, userId, isIncluded, JSON.stringify(change.subject)],
  );
  return userId;
}

async function resolveSubject(read: Reader, { subject, issuer }: SubjectChange): Promise<string> {
  const parsed = simpleSubject.safeParse(subject);
  if (!parsed.success) throw invalid('signal_streams.subject_invalid', { detail: 'this subject is not understood' });
  const { data } = parsed;
  switch (data.format) {
    case 'iss_sub':
      if (data.iss !== issuer) throw unknownSubject();
      return findUserId(read, 'SELECT id FROM users WHERE id = $1', isUuid(data.sub) ? data.sub : undefined);
    case 'opaque':
      return findUserId(read, 'SELECT id FROM users WHERE id = $1', isUuid(data.id) ? data.id : undefined);
    case 'email':
      // An address that is not verified, or is two people's, names nobody.
      return findUserId(
        read,
        'SELECT user_id AS id FROM user_emails WHERE value_key = $1 AND is_verified LIMIT 2',
        comparisonKey(data.email),
      );
  }
}

async function findUserId(read: Reader, sql: string, value: string | undefined): Promise<string> {
  const rows = value === undefined ? [] : await read.query<{ id: string }>(sql, [value]);
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw unknownSubject();
  return row.id;
}

const unknownSubject = () => notFound('signal_streams.subject_not_found', { detail: 'this subject is not recognized' });
