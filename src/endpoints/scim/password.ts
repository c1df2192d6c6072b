import { prepareStoredPassword, type StoredPasswordParts } from '../../domain/credentials/password-credential-input.ts';
import type { WrittenResource } from './read-resource.ts';

type Owner = {
  readonly userName: string;
  readonly emails?: readonly { readonly value: string }[] | null;
  readonly userId?: string;
  readonly organizationId?: string | undefined;
};

/** The hash of a password that was sent (RFC 7643 §4.1.1: taken, never shown); undefined when none was. */
export async function preparePassword(
  { password }: WrittenResource,
  { emails, ...owner }: Owner,
  parts: StoredPasswordParts,
): Promise<string | undefined> {
  if (typeof password !== 'string') return undefined;
  return prepareStoredPassword({ password }, { ...owner, emails: (emails ?? []).map(({ value }) => value) }, parts);
}
