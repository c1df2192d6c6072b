/** Who does something, for authorization and for the audit log. */
export type Actor = {
  readonly type: 'user' | 'client' | 'system' | 'operator' | 'anonymous';
  /** User id or client_id; for `system` and `operator` the name of the duty or command (`seal-audit`, `apply`). */
  readonly id: string;
  readonly requestId?: string;
  readonly ipAddress?: string;
  readonly userAgent?: string;
  /** The client through which a person acts (admin API with a code-flow token). */
  readonly clientId?: string;
  /** They act for this organization alone: what they do reaches it and those below it, and nothing else. */
  readonly organizationId?: string;
};

export const systemActor = (duty: string): Actor => ({ type: 'system', id: duty });
export const operatorActor = (command: string): Actor => ({ type: 'operator', id: command });
