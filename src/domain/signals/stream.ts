import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { clientHolds } from '../clients/client-holds.ts';
import { eventsUnasked, supportedEvents } from './signal-events.ts';

export const streamStatuses = ['enabled', 'paused', 'disabled'] as const;
export type StreamStatus = (typeof streamStatuses)[number];

export type Stream = {
  readonly id: string;
  readonly clientId: string;
  /** Whether its client is enabled and may still be told: a stream outlives the permission that it was made with. */
  readonly mayBeTold: boolean;
  readonly clientName: string | null;
  readonly description: string | null;
  readonly deliveryMethod: 'push' | 'poll';
  readonly endpointUrl: string | null;
  readonly authorizationEnvelope: Buffer | null;
  /** Null: every event but those that are sent on request alone. */
  readonly eventsRequested: readonly string[] | null;
  readonly status: StreamStatus;
  readonly statusReason: string | null;
  readonly verificationAskedAt: Date | null;
};

/** Identifier (RFC 8707) of the resource server that the Shared Signals transmitter is. */
export const SSF_RESOURCE = 'urn:doorward:ssf';

/** The permissions with which streams are made: who has lost them is told nothing by those it made. */
export const MAY_BE_TOLD = `(c.enabled AND ${clientHolds({
  client: 'c.client_id',
  resource: SSF_RESOURCE,
  values: ['streams:manage', 'ssf.manage'],
})})`;
export const STREAM_COLUMNS = `s.id, s.client_id AS "clientId", ${MAY_BE_TOLD} AS "mayBeTold", c.client_name AS "clientName",
  s.description, s.delivery_method AS "deliveryMethod", s.endpoint_url AS "endpointUrl",
  s.authorization_envelope AS "authorizationEnvelope", s.events_requested AS "eventsRequested", s.status,
  s.status_reason AS "statusReason", s.verification_asked_at AS "verificationAskedAt"`;
export const FROM_STREAMS = 'FROM signal_streams s JOIN clients c ON c.client_id = s.client_id';

/** SSF §8.1.1: the intersection of what is asked for and what there is. */
export const eventsDelivered = ({ eventsRequested }: Pick<Stream, 'eventsRequested'>): readonly string[] =>
  eventsRequested === null ? eventsUnasked : supportedEvents.filter((event) => eventsRequested.includes(event));

/** Whatever its state; undefined for a malformed id as well. */
export async function findStream(read: Reader, id: string): Promise<Stream | undefined> {
  if (!isUuid(id)) return undefined;
  const [stream] = await read.query<Stream>(`SELECT ${STREAM_COLUMNS} ${FROM_STREAMS} WHERE s.id = $1`, [id]);
  return stream;
}

export type OwnStream = { readonly clientId: string; readonly id: string };

/** A receiver sees its own streams alone. Throws `not_found`. */
export async function getOwnStream(read: Reader, { clientId, id }: OwnStream): Promise<Stream> {
  const stream = await findStream(read, id);
  if (stream?.clientId !== clientId) throw notFound('signal_streams.not_found', { detail: 'there is no such stream' });
  return stream;
}

export function listOwnStreams(read: Reader, clientId: string): Promise<readonly Stream[]> {
  return read.query<Stream>(`SELECT ${STREAM_COLUMNS} ${FROM_STREAMS} WHERE s.client_id = $1 ORDER BY s.id`, [
    clientId,
  ]);
}
