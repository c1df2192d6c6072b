import { newId } from '../../kernel/ids.ts';
import type { OutboxMessage } from '../../persistence/outbox-rows.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import {
  SIGNAL_POLL,
  SIGNAL_PUSH,
  type SignalName,
  type SignalPayload,
  type SubjectId,
  signalEvents,
  streamTarget,
} from './signal-events.ts';
import { eventsDelivered, FROM_STREAMS, MAY_BE_TOLD, STREAM_COLUMNS, type Stream } from './stream.ts';
import { HELD_UNTIL } from './stream-status.ts';

export type Signal = {
  /** Undefined for what is about a group: no stream names those, all that asked are told. */
  readonly userId?: string | undefined;
  readonly name: SignalName;
  /** CAEP §2, for the administrator who reads it there. The interoperability profile §3 asks for it. */
  readonly reason?: string;
  /** Members of the event besides those every event has. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** How the event's own profile names whom it is about, whatever the receiver calls them. */
  readonly subject?: SubjectId;
  /** The one session that is meant, and by which `sid` clients know it; every session of the person when left out. */
  readonly session?: { readonly id: string; readonly sids: ReadonlyMap<string, string> };
};

export type EmittedSignal = {
  readonly userId?: string | undefined;
  readonly name: SignalName;
  readonly streamId: string;
  readonly receiver: string;
  readonly messageId: string;
};

/** Tells every stream that asked, from the outbox of this transaction. Answers what will be told to whom. */
export async function emitSignals(tx: Tx, signals: readonly Signal[]): Promise<readonly EmittedSignal[]> {
  const streams = await tx.whole.query<Stream>(
    `SELECT ${STREAM_COLUMNS} ${FROM_STREAMS} WHERE s.status <> 'disabled' AND ${MAY_BE_TOLD} ORDER BY s.id`,
  );
  if (streams.length === 0) return [];
  const subjects = await subjectsOf(tx, new Set(signals.flatMap(({ userId }) => userId ?? [])));
  return streams.flatMap((stream) => {
    const wanted = new Set(eventsDelivered(stream));
    // Those of one millisecond are told in the order in which they are given.
    const ids = signals.map(() => newId<string>(tx.now.getTime())).sort();
    return signals.flatMap((signal, index) => {
      const known = signal.userId === undefined ? undefined : subjects.get(`${stream.id} ${signal.userId}`);
      if (!wanted.has(signalEvents[signal.name]) || known?.isIncluded === false) return [];
      const { userId, name } = signal;
      const messageId = ids[index] ?? newId<string>();
      tx.enqueue({
        id: messageId,
        ...signalMessage(stream, payloadOf(tx, stream, signal, signal.subject ?? known?.subject), tx.now),
      });
      return [{ userId, name, streamId: stream.id, receiver: receiverName(stream), messageId }];
    });
  });
}

/** A stream's own name says more than its client's. */
const receiverName = ({ description, clientName, clientId }: Stream): string => description ?? clientName ?? clientId;

const A_DAY_MS = 86_400_000;

/** Events to be fetched become due, and so are given up, when nobody has fetched them for a day. */
export function signalMessage(stream: Stream, payload: SignalPayload, now: Date): OutboxMessage {
  const isPush = stream.deliveryMethod === 'push';
  const due = isPush ? now : new Date(now.getTime() + A_DAY_MS);
  return {
    type: isPush ? SIGNAL_PUSH : SIGNAL_POLL,
    target: streamTarget(stream.id),
    payload,
    availableAt: stream.status === 'paused' ? HELD_UNTIL : due,
  };
}

function payloadOf(tx: Tx, { id, clientId }: Stream, signal: Signal, subject: SubjectId | undefined): SignalPayload {
  const { userId, name, reason, claims = {}, session } = signal;
  const isCaep = name === 'session-revoked' || name === 'credential-change';
  return {
    streamId: id,
    event: signalEvents[name],
    // CAEP §2: seconds, and who set it off; RISC events have neither.
    claims: isCaep
      ? {
          event_timestamp: Math.floor(tx.now.getTime() / 1000),
          initiating_entity: initiator(tx, userId),
          ...(reason === undefined ? {} : { reason_admin: { en: reason } }),
          ...claims,
        }
      : claims,
    ...(userId === undefined ? {} : { userId }),
    ...(tx.actor.requestId === undefined ? {} : { transaction: tx.actor.requestId }),
    ...(subject === undefined ? {} : { subject }),
    ...(session === undefined ? {} : { sessionId: session.sids.get(clientId) ?? session.id }),
  };
}

function initiator({ actor }: Tx, userId: string | undefined): 'user' | 'admin' | 'policy' | 'system' {
  if (actor.type === 'system') return 'policy';
  if (actor.type === 'anonymous') return 'user';
  return actor.type === 'user' && actor.id === userId ? 'user' : 'admin';
}

type KnownSubject = { readonly isIncluded: boolean; readonly subject: SubjectId };

async function subjectsOf(tx: Tx, userIds: ReadonlySet<string>): Promise<ReadonlyMap<string, KnownSubject>> {
  const rows = await tx.whole.query<KnownSubject & { streamId: string; userId: string }>(
    `SELECT stream_id AS "streamId", user_id AS "userId", is_included AS "isIncluded", subject
     FROM signal_stream_subjects WHERE user_id = ANY($1::uuid[])`,
    [[...userIds]],
  );
  return new Map(rows.map((row) => [`${row.streamId} ${row.userId}`, row]));
}
