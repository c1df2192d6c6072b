/**
 * The receipts room owns the proof that a leaver is out: what ended here, who was told, and what each of them answered.
 * It does not own ending access (sessions), nor when it happens (lifecycle), nor how messages travel (the outbox).
 */
import type { Actor } from '../../kernel/actor.ts';

/** Why someone's access ended. */
export const receiptCauses = ['deactivated', 'suspended', 'staged', 'deleted', 'end_date', 'inactivity'] as const;
export type ReceiptCause = (typeof receiptCauses)[number];

export const targetKinds = ['local', 'relying_party', 'signal_stream', 'scim_target'] as const;
export type TargetKind = (typeof targetKinds)[number];

/**
 * `pending` is not delivered yet, `failed` was given up; both leave a receipt open. `not_notified` is a target that cannot be
 * told, and why; nothing more can be done about it here.
 */
export const targetStates = ['done', 'pending', 'failed', 'not_notified'] as const;
export type TargetState = (typeof targetStates)[number];

export type TargetDetails = {
  /** `local`: how much of each kind ended. */
  readonly ended?: Readonly<Record<string, number>>;
  /** `relying_party`: the session it was told of. */
  readonly sid?: string;
  /** Why it was not told. */
  readonly note?: string;
  /** JWT access tokens that were out there are refused by introspection now, and expire by then. */
  readonly tokensEndBy?: string;
};

export type NewTarget = {
  readonly kind: TargetKind;
  readonly id?: string;
  readonly name?: string;
  readonly sent?: string;
  readonly state: TargetState;
  readonly details: TargetDetails;
  /** The outbox message that tells it. */
  readonly messageId?: string;
};

export type NewReceipt = {
  readonly id: string;
  readonly userId: string;
  readonly cause: ReceiptCause;
  readonly targets: readonly NewTarget[];
};

export type ReceiptTarget = {
  readonly kind: TargetKind;
  readonly id: string | null;
  readonly name: string | null;
  readonly sent: string | null;
  readonly state: TargetState;
  readonly details: TargetDetails;
  readonly messageId: string | null;
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly settledAt: Date | null;
  readonly answerStatus: number | null;
  readonly answerExcerpt: string | null;
  readonly error: string | null;
};

export type Receipt = {
  readonly id: string;
  readonly userId: string;
  readonly cause: ReceiptCause;
  readonly actorType: Actor['type'];
  readonly actorId: string;
  readonly requestId: string | null;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  /** What was signed when it was complete, as RFC 8785 has it. */
  readonly statement: string | null;
  readonly kid: string | null;
  /** RFC 7515 appendix F: `header..signature`; null until it is complete. */
  readonly signature: string | null;
  readonly targets: readonly ReceiptTarget[];
};

export const isOpenTarget = ({ state }: Pick<ReceiptTarget, 'state'>): boolean =>
  state === 'pending' || state === 'failed';
