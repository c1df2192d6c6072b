import { createRecordStore } from '../domain/sessions/record-store.ts';
import { operatorActor } from '../kernel/actor.ts';
import { randomToken } from '../kernel/crypto/derive.ts';
import { parseKeyEncryptionKey } from '../kernel/crypto/key-encryption-key.ts';
import { auditRow } from '../persistence/audit-rows.ts';
import { type Command, textOf, UsageError } from './command.ts';
import { workOn } from './work-on.ts';

const LONGEST_HOURS = 24 * 90;
const DEFAULT_HOURS = 24;
const MODEL = 'InitialAccessToken';

export const initialAccessTokenCommand: Command = {
  name: 'clients initial-access-token',
  usage: '[--hours HOURS]',
  summary: 'Print a token with which a client may register itself (RFC 7591 §3)',
  details: [`  --hours  how long it works: ${DEFAULT_HOURS} unless told, ${LONGEST_HOURS} at most`],
  options: { hours: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'clients initial-access-token', async ({ pool, keys }) => {
      const seconds = Math.round(hoursOf(textOf(invocation.values.hours)) * 3600);
      const { ring } = await keys();
      const store = createRecordStore({
        pool,
        envelopeKey: parseKeyEncryptionKey(ring.derive('record-envelope').toString('base64url')),
        userCodeKey: ring.derive('user-code'),
      });
      const now = new Date();
      const expiresAt = new Date(now.getTime() + seconds * 1000);
      const token = randomToken();
      const iat = Math.floor(now.getTime() / 1000);
      const payload = { iat, exp: iat + seconds, kind: MODEL, jti: token };
      const details = { expiresAt: expiresAt.toISOString() };
      const event = auditRow(
        { type: 'initial-access-tokens.issued', details },
        operatorActor('clients initial-access-token'),
        now,
      );
      await store.withAudit({ upserts: [{ model: MODEL, id: token, payload, expiresAt }], audit: [event] });
      await invocation.say(token);
      invocation.report(`Valid until ${expiresAt.toISOString()}.`);
      return 0;
    }),
};

function hoursOf(text: string | undefined): number {
  const hours = Number(text ?? DEFAULT_HOURS);
  if (!(hours > 0 && hours <= LONGEST_HOURS))
    throw new UsageError(`--hours takes a number of hours, up to ${LONGEST_HOURS}.`);
  return hours;
}
