import { sha256 } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { endAllDeviceTrust } from '../authentication/trusted-devices.ts';
import { endOtherAccess } from '../sessions/end-other-access.ts';
import { sessionsRevoked } from '../sessions/end-session.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { findReceivedSubject } from '../signals/received-subject.ts';
import type { Transmitter } from '../signals/transmitter.ts';
import { KNOWN_FOR_SECONDS, type ReceivedSet } from '../signals/verify-received.ts';
import { refuseEarlierAccess } from '../users/refuse-earlier-access.ts';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';

/** Events after which nobody goes on with what they had; `devices`: nor does a browser count as theirs. All others change nothing. */
const ENDING: ReadonlyMap<string, 'sessions' | 'devices'> = new Map([
  [`${CAEP}/session-revoked`, 'sessions'],
  [`${RISC}/sessions-revoked`, 'sessions'],
  [`${CAEP}/credential-change`, 'devices'],
  [`${RISC}/credential-compromise`, 'devices'],
  [`${RISC}/account-credential-change-required`, 'devices'],
  [`${RISC}/account-disabled`, 'devices'],
  [`${RISC}/account-purged`, 'devices'],
]);

type Outcome = { readonly event: string; readonly outcome: 'ended' | 'ignored' | 'subject_unknown' };

export type Received = { readonly transmitter: Transmitter; readonly set: ReceivedSet; readonly issuer: string };

/**
 * Does what security events of an upstream ask for: sessions, grants and tokens of the person end here too. The account stays as it
 * is: whether somebody may sign in is said by provisioning. An event that was seen before changes nothing (RFC 8935 §2: sent again
 * until it is acknowledged).
 */
export async function followSignal(tx: Tx, { transmitter, set, issuer }: Received): Promise<void> {
  if (!(await isFirst(tx, transmitter, set))) return;
  const outcomes: Outcome[] = [];
  for (const [event, claims] of Object.entries(set.events)) {
    const ends = ENDING.get(event);
    // Before SSF 1.0 the subject stood in the event.
    const subject = set.sub_id ?? claims.subject;
    const issuers = { own: issuer, transmitter: transmitter.issuer };
    const userId = ends === undefined ? undefined : await findReceivedSubject(tx, subject, issuers);
    if (ends !== undefined && userId !== undefined) await endAccess(tx, { userId, event, ends, transmitter });
    outcomes.push({ event, outcome: ends === undefined ? 'ignored' : userId ? 'ended' : 'subject_unknown' });
  }
  tx.record({
    type: 'security-events.received',
    target: { type: 'signal_transmitter', id: transmitter.id },
    details: { jti: set.jti, events: outcomes },
  });
}

async function isFirst(tx: Tx, { id }: Transmitter, { jti }: ReceivedSet): Promise<boolean> {
  const rows = await tx.query<{ seen: boolean }>(
    `WITH added AS (
       INSERT INTO replay_detections (key_hash, expires_at) VALUES ($1, $2)
       ON CONFLICT ON CONSTRAINT replay_detections_pkey DO NOTHING RETURNING true AS seen)
     SELECT seen FROM added`,
    [sha256(JSON.stringify(['signal_transmitter', id, jti])), new Date(tx.now.getTime() + KNOWN_FOR_SECONDS * 1000)],
  );
  return rows.length === 1;
}

type Ending = {
  readonly userId: string;
  readonly event: string;
  readonly ends: 'sessions' | 'devices';
  readonly transmitter: Transmitter;
};

async function endAccess(tx: Tx, { userId, event, ends, transmitter }: Ending): Promise<void> {
  await refuseEarlierAccess(tx, userId);
  // No session has an empty name: all of them end.
  const ended = await endOtherAccess(tx, { userId, keptSessionUid: '' });
  if (ends === 'devices') await endAllDeviceTrust(tx, [userId]);
  await emitSignals(tx, sessionsRevoked(ended, 'The session was ended by an event of another provider'));
  tx.record({
    type: 'sessions.ended-by-signal',
    target: { type: 'user', id: userId },
    details: { sessions: ended.length, event, transmitterId: transmitter.id },
  });
}
