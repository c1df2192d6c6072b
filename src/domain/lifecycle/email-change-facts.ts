import type { Tx } from '../../persistence/unit-of-work.ts';
import { mailedLinkToken } from '../credentials/mailed-links.ts';
import type { Mail } from '../notifications/mail.ts';
import {
  EMAIL_CHANGE_SECONDS,
  type EmailSide,
  findOpenEmailChange,
  findUndoableEmailChange,
  giveEmailChangeLink,
} from '../users/email-changes.ts';

/** What the mails about a change of address say. */
export type EmailChangeFacts = {
  readonly side: EmailSide;
  readonly formerAddress: string | null;
  readonly newAddress: string;
  readonly token: string;
  readonly lifetimeSeconds: number;
};

export type UndoFacts = { readonly token: string; readonly until: Date };

type ChangeMail = Extract<Mail, { kind: 'email_change' }>;
type ChangedMail = Extract<Mail, { kind: 'email_changed' }>;

/** Nobody is written to about a wish that was taken back or that another one replaced. */
export async function emailChangeAddress(tx: Tx, { changeId, side }: ChangeMail): Promise<string | undefined> {
  const change = await findOpenEmailChange(tx, { id: changeId, now: tx.now });
  return (side === 'former' ? change?.formerAddress : change?.newAddress) ?? undefined;
}

export async function emailChangeFacts(
  tx: Tx,
  key: Uint8Array,
  messageId: string,
  { changeId, side }: ChangeMail,
): Promise<EmailChangeFacts> {
  const change = await findOpenEmailChange(tx, { id: changeId, now: tx.now });
  const { formerAddress = null, newAddress = '', expiresAt } = change ?? {};
  const token = mailedLinkToken(key, 'email_change', messageId);
  await giveEmailChangeLink(tx, { id: changeId, kind: side, token });
  const left = expiresAt ? Math.ceil((expiresAt.getTime() - tx.now.getTime()) / 1000) : 0;
  return { side, formerAddress, newAddress, token, lifetimeSeconds: Math.min(left, EMAIL_CHANGE_SECONDS) };
}

/** For the old mailbox, while there is something to undo. */
export async function undoFacts(
  tx: Tx,
  key: Uint8Array,
  messageId: string,
  { changeId }: ChangedMail,
): Promise<{ readonly undo?: UndoFacts }> {
  const change = changeId && (await findUndoableEmailChange(tx, { id: changeId, now: tx.now }));
  if (!change) return {};
  const token = mailedLinkToken(key, 'email_change_undo', messageId);
  await giveEmailChangeLink(tx, { id: change.id, kind: 'undo', token });
  return { undo: { token, until: change.expiresAt } };
}
