import { z } from 'zod';
import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey, isStorableText } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

const text = z.string().min(1).max(512).refine(isStorableText);
const simple = z.discriminatedUnion('format', [
  z.looseObject({ format: z.literal('iss_sub'), iss: text, sub: text }),
  z.looseObject({ format: z.literal('email'), email: text }),
]);
const subjectId = z.union([
  simple,
  z.looseObject({ format: z.literal('complex'), user: simple }).transform(({ user }) => user),
]);

export type Issuers = { readonly own: string; readonly transmitter: string };

/**
 * RFC 9493: whom a transmitter means. By its own subject it means whom it has provisioned here under that `externalId`; an address
 * that is not verified, or anything that two people have, means nobody.
 */
export async function findReceivedSubject(
  read: Reader,
  subject: unknown,
  issuers: Issuers,
): Promise<string | undefined> {
  const parsed = subjectId.safeParse(subject);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if (data.format === 'email')
    return onlyOne(
      read,
      'SELECT user_id AS id FROM user_emails WHERE value_key = $1 AND is_verified LIMIT 2',
      comparisonKey(data.email),
    );
  if (data.iss === issuers.own)
    return isUuid(data.sub) ? onlyOne(read, 'SELECT id FROM users WHERE id = $1', data.sub) : undefined;
  if (data.iss !== issuers.transmitter) return undefined;
  return onlyOne(read, 'SELECT id FROM users WHERE external_id = $1 LIMIT 2', data.sub);
}

async function onlyOne(read: Reader, sql: string, value: string): Promise<string | undefined> {
  const rows = await read.query<{ id: string }>(sql, [value]);
  return rows.length === 1 ? rows[0]?.id : undefined;
}
