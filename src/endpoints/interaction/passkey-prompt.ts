import type { PasskeyPrompt } from '../../../views/passkey.tsx';
import { requestOptions } from '../../domain/credentials/passkey-options.ts';
import { csrfTokenOf } from './csrf.ts';
import type { Step } from './parts.ts';

/** What a page needs to ask for a passkey: the same for everyone, whoever is meant. Undefined where there are none. */
export function passkeyPrompt(
  { parts: { authentication, csrfKey }, pending }: Step,
  unknownCredentialId?: string,
): PasskeyPrompt | undefined {
  const { passkeys, clock } = authentication;
  if (!passkeys) return undefined;
  const { rpId } = passkeys;
  return {
    form: { action: `/interaction/${pending.uid}/passkey`, csrfToken: csrfTokenOf(csrfKey, pending) },
    options: requestOptions(passkeys, { interaction: pending.uid }, clock.now()),
    signals:
      unknownCredentialId === undefined
        ? []
        : [{ method: 'signalUnknownCredential', options: { rpId, credentialId: unknownCredentialId } }],
  };
}
