import { z } from 'zod';
import type { ProvisioningTarget } from '../domain/provisioning/provisioning-target.ts';
import { DeliveryRefused } from '../persistence/outbox-delivery.ts';

export type TargetAuthorizations = {
  /** Value of the Authorization header for a target. */
  of(target: ProvisioningTarget, signal: AbortSignal): Promise<string>;
  /** The target did not accept it: the next call asks for another. */
  forget(targetId: string): void;
};

type Parts = {
  readonly fetch: typeof globalThis.fetch;
  readonly openSecret: (target: Pick<ProvisioningTarget, 'id' | 'secretEnvelope'>) => string;
  readonly now: () => Date;
};

const ANSWER_WITHIN_MS = 5_000;
/** A token is not used in its last seconds, and is asked for anew after an hour whatever its answer says. */
const MARGIN_SECONDS = 30;
const LONGEST_SECONDS = 3_600;

const tokenAnswer = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().min(0).default(60),
});

type Held = { readonly version: number; readonly value: string; readonly until: number };

/** Bearer tokens as they are; tokens of RFC 6749 §4.4 are kept in memory for as long as they count. */
export function createTargetAuthorizations({ fetch, openSecret, now }: Parts): TargetAuthorizations {
  const held = new Map<string, Held>();
  return {
    async of(target, signal) {
      if (target.authentication.type === 'bearer') return `Bearer ${openSecret(target)}`;
      const known = held.get(target.id);
      if (known && known.version === target.version && known.until > now().getTime()) return known.value;
      const { token, seconds } = await askForToken({ fetch, target, secret: openSecret(target), signal });
      const lifetime = Math.max(0, Math.min(seconds, LONGEST_SECONDS) - MARGIN_SECONDS);
      const value = `Bearer ${token}`;
      held.set(target.id, { version: target.version, value, until: now().getTime() + lifetime * 1000 });
      return value;
    },
    forget: (targetId) => void held.delete(targetId),
  };
}

type Asking = {
  readonly fetch: typeof globalThis.fetch;
  readonly target: ProvisioningTarget;
  readonly secret: string;
  readonly signal: AbortSignal;
};

async function askForToken({ fetch, target, secret, signal }: Asking): Promise<{ token: string; seconds: number }> {
  const { authentication } = target;
  if (authentication.type !== 'client_credentials') throw new Error('this target has a token of its own');
  const { tokenUrl, clientId, scope, resource } = authentication;
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      // RFC 6749 §2.3.1: both are form-encoded before they are joined.
      authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
      ...(resource === undefined ? {} : { resource }),
    }).toString(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });
  const text = await answer.text();
  const result = answer.status === 200 ? tokenAnswer.safeParse(jsonOf(text)) : undefined;
  // What a token endpoint says may hold a token: the status alone is kept.
  if (!result?.success)
    throw new DeliveryRefused(`no access token: the token endpoint answered ${answer.status}`, {
      status: answer.status,
    });
  return { token: result.data.access_token, seconds: result.data.expires_in };
}

const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
