import { constantTimeEqual, keyedHash } from '../../kernel/crypto/derive.ts';
import type { PendingInteraction } from './parts.ts';

/**
 * A form is accepted for the interaction it was shown for, and while the person it was shown to is still the one signed in:
 * a consent page left open does not speak for whoever signs in after. Whose browser it is, the interaction's cookie says.
 */
export function csrfTokenOf(key: Uint8Array, { uid, prompt, accountId }: PendingInteraction): string {
  return keyedHash(key, ['interaction', uid, prompt, accountId ?? ''].join('\n')).toString('base64url');
}

export function hasCsrfToken(key: Uint8Array, pending: PendingInteraction, form: Readonly<Record<string, string>>) {
  return constantTimeEqual(form.csrf ?? '', csrfTokenOf(key, pending));
}
