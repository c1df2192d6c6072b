import { prepareStoredPassword } from '../../domain/credentials/password-credential-input.ts';
import type { WrittenResource } from './read-resource.ts';

type Owner = { readonly userName: string; readonly emails?: readonly { readonly value: string }[] | null };

/** The hash of a password that was sent (RFC 7643 §4.1.1: taken, never shown); undefined when none was. */
export async function preparePassword(
  { password }: WrittenResource,
  { userName, emails }: Owner,
  hashPassword: (password: string) => Promise<string>,
): Promise<string | undefined> {
  if (typeof password !== 'string') return undefined;
  const owner = { userName, emails: (emails ?? []).map(({ value }) => value) };
  return prepareStoredPassword({ password }, owner, hashPassword);
}
