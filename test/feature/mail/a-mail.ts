import { enqueueMail, type Mail } from '../../../src/domain/notifications/mail.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type UserInput, userInput } from '../../../src/domain/users/user-input.ts';
import type { RunningServer } from '../../support/running-server.ts';

const operator = { type: 'operator', id: 'test' } as const;
let count = 0;

/** Someone with a verified address of their own. */
export async function anAddressee(
  { foundation }: RunningServer,
  facts: Partial<UserInput> = {},
): Promise<User & { readonly address: string }> {
  count += 1;
  const address = `addressee-${process.pid}-${count}@example.com`;
  const input = userInput.parse({
    userName: `addressee-${process.pid}-${count}`,
    displayName: 'Ada Archer',
    emails: [{ value: address, primary: true, verified: true }],
    ...facts,
  });
  const user = await foundation.transact(operator, (tx) => createUser(tx, input));
  return { ...user, address };
}

export const enqueue = ({ foundation }: RunningServer, ...mails: readonly Mail[]) =>
  foundation.transact(operator, async (tx) => {
    for (const mail of mails) enqueueMail(tx, mail);
  });

export const aNotice = ({ id }: User): Mail => ({ kind: 'password_changed', userId: id, by: 'administrator' });

export const outboxOf = ({ foundation }: RunningServer) =>
  foundation.read.query<{
    delivered: boolean;
    failed: boolean;
    attempts: number;
    error: string | null;
    payload: object;
  }>(
    `SELECT delivered_at IS NOT NULL AS delivered, failed_at IS NOT NULL AS failed, attempts, last_error AS error, payload
     FROM outbox_messages WHERE type = 'mail.due' ORDER BY id`,
  );

export const eventsOf = ({ foundation }: RunningServer, type: string, { id }: User) =>
  foundation.read.query<{ reason: string | null; details: Record<string, unknown> }>(
    'SELECT reason, details FROM audit_events WHERE type = $1 AND target_id = $2 ORDER BY occurred_at',
    [type, id],
  );
