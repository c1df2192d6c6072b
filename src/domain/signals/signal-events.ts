/**
 * The signals room owns what security events are told to receivers that asked (OpenID Shared Signals Framework 1.0): their
 * streams, and who they are about. It does not own what happens to people, nor how messages travel (the outbox).
 */
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type';

const SCIM = 'urn:ietf:params:scim:event:prov';

/** RFC 9967 §2.4. */
export const scimEvents = {
  'scim-created': `${SCIM}:create:notice`,
  'scim-changed': `${SCIM}:patch:notice`,
  'scim-activated': `${SCIM}:activate`,
  'scim-deactivated': `${SCIM}:deactivate`,
  'scim-deleted': `${SCIM}:delete`,
} as const;
export type ScimEventName = keyof typeof scimEvents;

/** Events that a receiver can ask for, by the short names that receipts show. */
export const signalEvents = {
  'session-revoked': `${CAEP}/session-revoked`,
  'credential-change': `${CAEP}/credential-change`,
  'account-disabled': `${RISC}/account-disabled`,
  'account-enabled': `${RISC}/account-enabled`,
  'account-purged': `${RISC}/account-purged`,
  ...scimEvents,
} as const;

export type SignalName = keyof typeof signalEvents;

/** SSF §8.1.4, §8.1.5: about the stream itself, sent whatever was asked for. */
export const streamEvents = { verification: `${SSF}/verification`, updated: `${SSF}/stream-updated` } as const;

export const supportedEvents: readonly string[] = Object.values(signalEvents);

const onRequest = new Set<string>(Object.values(scimEvents));
/** What a stream gets that asks for nothing by name: who watches for danger is not told of each new telephone number. */
export const eventsUnasked: readonly string[] = supportedEvents.filter((event) => !onRequest.has(event));

/** RFC 9493: how someone is named. */
export type SubjectId = { readonly format: string; readonly [member: string]: unknown };

/** What an outbox message holds: the event without issuer, audience and signature, which it gets when it leaves. */
export type SignalPayload = {
  readonly streamId: string;
  /** The URI of the event. */
  readonly event: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whom it is about; undefined for events about a group or the stream. */
  readonly userId?: string;
  /** RFC 8417 §2.2 `txn`: what several events, and the audit log, have in common. */
  readonly transaction?: string;
  /** As the receiver named them; `iss_sub` when it did not. */
  readonly subject?: SubjectId;
  /** The one session it is about. */
  readonly sessionId?: string;
};

/** Types of the outbox messages: one that is sent, one that waits to be fetched. */
export const SIGNAL_PUSH = 'signals.push';
export const SIGNAL_POLL = 'signals.poll';

export const streamTarget = (streamId: string): string => `stream:${streamId}`;
