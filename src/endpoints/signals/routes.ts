import { z } from 'zod';
import { streamStatuses } from '../../domain/signals/stream.ts';
import { streamInput, streamPatch } from '../../domain/signals/stream-input.ts';
import { subjectInput } from '../../domain/signals/stream-subjects.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Shared signals';
const streamId = z.string().max(128);
const byId = z.object({ stream_id: streamId });
const done = { description: 'Done' };

/** What the transmitter says of a stream may be sent back, if it is still so (SSF §8.1.1.3). */
const transmitterSupplied = {
  stream_id: streamId,
  iss: z.exactOptional(z.unknown()),
  aud: z.exactOptional(z.unknown()),
  events_supported: z.exactOptional(z.unknown()),
  events_delivered: z.exactOptional(z.unknown()),
  min_verification_interval: z.exactOptional(z.unknown()),
};

/** CAEP Interoperability Profile §2.7.3: looking asks for less than changing and fetching. */
const route = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  operationId: string,
  summary: string,
) =>
  ({
    method,
    path,
    operationId,
    summary,
    tag,
    permission: method === 'GET' ? 'ssf.read' : 'ssf.manage',
    responses: { 200: done },
  }) as const;

export const createStreamRoute = defineRoute({
  ...route('POST', '/streams', 'createStream', 'Create a stream'),
  body: streamInput,
});
export const readStreamsRoute = defineRoute({
  ...route('GET', '/streams', 'readStreams', "Read a stream, or all of the caller's"),
  query: z.object({ stream_id: z.exactOptional(streamId) }),
});
export const updateStreamRoute = defineRoute({
  ...route('PATCH', '/streams', 'updateStream', 'Change a stream'),
  body: streamPatch.extend(transmitterSupplied),
  mediaTypes: ['application/json', 'application/merge-patch+json'],
});
export const replaceStreamRoute = defineRoute({
  ...route('PUT', '/streams', 'replaceStream', 'Replace a stream'),
  body: streamInput.extend(transmitterSupplied),
});
export const deleteStreamRoute = defineRoute({
  ...route('DELETE', '/streams', 'deleteStream', 'Delete a stream'),
  query: byId,
});
export const readStatusRoute = defineRoute({
  ...route('GET', '/status', 'readStatus', "Read a stream's status"),
  query: byId,
});
export const changeStatusRoute = defineRoute({
  ...route('POST', '/status', 'changeStatus', 'Enable, pause or disable a stream'),
  body: z.object({
    stream_id: streamId,
    status: z.enum(streamStatuses),
    reason: z.exactOptional(z.string().max(1_000)),
  }),
});
export const addSubjectRoute = defineRoute({
  ...route('POST', '/subjects/add', 'addSubject', 'A stream is about this person, named like this'),
  body: z.object({ stream_id: streamId, subject: subjectInput, verified: z.exactOptional(z.boolean()) }),
});
export const removeSubjectRoute = defineRoute({
  ...route('POST', '/subjects/remove', 'removeSubject', 'A stream is not about this person'),
  body: z.object({ stream_id: streamId, subject: subjectInput }),
});
export const verificationRoute = defineRoute({
  ...route('POST', '/verification', 'verifyStream', 'Send a verification event'),
  body: z.object({ stream_id: streamId, state: z.exactOptional(z.string().max(1_000)) }),
});
export const pollRoute = defineRoute({
  ...route('POST', '/poll/:streamId', 'pollSignals', 'Fetch and acknowledge events (RFC 8936)'),
  params: z.object({ streamId }),
  bodyIsOptional: true,
  body: z.object({
    maxEvents: z.exactOptional(z.int().min(0)),
    returnImmediately: z.boolean().default(false),
    ack: z.array(z.string().max(128)).max(10_000).default([]),
    setErrs: z
      .record(
        z.string().max(128),
        z.looseObject({ err: z.string().max(128), description: z.exactOptional(z.string().max(1_000)) }),
      )
      .default({}),
  }),
});
